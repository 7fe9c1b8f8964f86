"""Load balancers."""

from collections.abc import Iterator
from decimal import Decimal

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.inputs import Inputs
from trackstack_infra.costs.rules.reasons import BEHAVIOUR, CHANGES, LOGS, PLACE
from trackstack_infra.costs.rules.rule import BillingContext, CannotPrice, Rule
from trackstack_infra.graph import Resource


def load_balancer(balancer: Resource, context: BillingContext) -> Iterator[Meter]:
    """Each hour begun, capacity units, and an address a zone where it faces the internet over IPv4."""
    inputs = balancer.inputs
    yield Meter(price="alb.hour", billing=Billing.HOURS_STARTED)
    yield Meter(price="alb.lcu_hour", billing=Billing.HOURS_STARTED, usage="alb.lcu", note="capacity units per hour")
    if not inputs.get("internal") and inputs.get("ipAddressType") != "dualstack-without-public-ipv4":
        zones = len(inputs.get("subnets") or inputs.get("subnetMappings") or ())
        if not zones:
            raise CannotPrice("it has a public IPv4 address in each of its zones, and names no subnet")
        yield Meter(
            price="ipv4.hour",
            count=Decimal(zones),
            billing=Billing.BY_SECOND,
            implied="an internet-facing load balancer has a public IPv4 address in each of its zones",
        )


_BALANCER = Inputs(
    reads="internal ipAddressType subnets subnetMappings",
    neutral={
        PLACE: "securityGroups subnetMappings.ipv6Address subnetMappings.privateIpv4Address subnetMappings.subnetId",
        BEHAVIOUR: "clientKeepAlive desyncMitigationMode dnsRecordClientRoutingPolicy dropInvalidHeaderFields"
        " enableCrossZoneLoadBalancing enableHttp2 enableTlsVersionAndCipherSuiteHeaders enableWafFailOpen"
        " enableXffClientPort enableZonalShift idleTimeout preserveHostHeader xffHeaderProcessingMode",
        CHANGES: "enableDeletionProtection",
    },
    unpriced={
        "is billed as a network or gateway load balancer, whose prices the snapshot lacks": (
            "loadBalancerType=application enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
            " enablePrefixForIpv6SourceNat secondaryIpsAutoAssignedPerSubnet subnetMappings.allocationId"
        ),
        "puts it outside of the region's zones": "customerOwnedIpv4Pool subnetMappings.outpostId",
        "takes addresses from IPAM, which bills each": "ipamPools",
        "reserves capacity units": "minimumLoadBalancerCapacity",
        LOGS: "accessLogs connectionLogs healthCheckLogs",
    },
)

RULES: dict[str, Rule] = {"aws:lb/loadBalancer:LoadBalancer": Rule(load_balancer, _BALANCER)}
