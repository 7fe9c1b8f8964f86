"""Lightsail."""

from typing import Final

from trackstack_infra.catalog.fidelity import HOSTS
from trackstack_infra.catalog.resource_type import Drawn, Family, Name, ResourceType

TYPES: Final = (
    ResourceType(
        "aws:lightsail/instance:Instance",
        drawn=Drawn("Lightsail host", Family.WATCH, rank=140),
        name=Name("name", r"(?!\d)[\w-]{2,255}"),
        fidelity=HOSTS,
        outputs={
            "id": "{name}",
            "arn": "arn:aws:lightsail:{region}:{account}:Instance/{hex}",
            "publicIpAddress": "198.51.100.9",
        },
        shown=("name", "bundleId", "blueprintId"),
    ),
    ResourceType(
        "aws:lightsail/instancePublicPorts:InstancePublicPorts", tags=False, fidelity=HOSTS, free="part of the bundle"
    ),
    # No program registers one; rules watch for it.
    ResourceType("aws:lightsail/staticIp:StaticIp", tags=False),
)
