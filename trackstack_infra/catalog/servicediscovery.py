"""Cloud Map: namespaces and services."""

from typing import Final

from trackstack_infra.catalog.fidelity import CONTAINERS
from trackstack_infra.catalog.resource_type import ChosenBy, Drawn, Family, Name, ResourceType

_ARN: Final = "arn:aws:servicediscovery:{region}:{account}:"

TYPES: Final = (
    ResourceType(
        "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
        name=Name("name", r"[!-~]{1,253}"),
        fidelity=CONTAINERS,
        outputs={"id": "ns-{hex}", "arn": _ARN + "namespace/{id}", "hostedZone": "Z{hex}"},
    ),
    ResourceType(
        "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace",
        name=Name("name", r"[!-~]{1,253}", ChosenBy.OUTSIDE),
        fidelity=CONTAINERS,
        outputs={"id": "ns-{hex}", "arn": _ARN + "namespace/{id}", "hostedZone": "Z{hex}"},
    ),
    ResourceType(
        "aws:servicediscovery/service:Service",
        drawn=Drawn("Cloud Map", Family.EDGE, rank=70),
        name=Name("name", r"[\w-]{1,63}", ChosenBy.OUTSIDE),
        fidelity=CONTAINERS,
        outputs={"id": "srv-{hex}", "arn": _ARN + "service/{id}"},
        free="what ECS registers is billed with its zone; AWS's texts differ on a fee of up to $0.10 a task",
        costs_with={"has a health check, which is billed by the month": "healthCheckConfig"},
        shown=("name",),
    ),
)
