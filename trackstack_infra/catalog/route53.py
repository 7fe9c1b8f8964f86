"""Route 53: DNS."""

from typing import Final

from trackstack_infra.catalog.fidelity import DNS
from trackstack_infra.catalog.resource_type import Drawn, Family, ResourceType

TYPES: Final = (
    ResourceType(
        "aws:route53/record:Record",
        tags=False,
        fidelity=DNS,
        outputs={"id": "Z_{name}", "fqdn": "{name}"},
        free="a record costs nothing, nor do queries for an alias of AWS's; its zone was there",
        costs_with={
            "makes its queries dearer": "cidrRoutingPolicy geolocationRoutingPolicies geoproximityRoutingPolicy"
            " latencyRoutingPolicies",
            "needs a health check, which is billed": "healthCheckId",
        },
    ),
    # No program registers one; rules watch for it.
    ResourceType("aws:route53/zone:Zone", drawn=Drawn("DNS zone", Family.NETWORK, rank=280)),
)
