"""Lightsail: written down only, as the emulator has none of it."""

from trackstack_infra.local.provider.stub import Stub

INSTANCE = Stub(
    "aws:lightsail/instance:Instance",
    fixed="name availabilityZone blueprintId bundleId userData",
    changes="ipAddressType",
    name_property="name",
    id="{name}",
    shown={
        "arn": "arn:aws:lightsail:{region}:{account}:Instance/{hex}",
        "publicIpAddress": "198.51.100.9",
        "privateIpAddress": "172.26.0.9",
    },
    tagged=True,
)
PUBLIC_PORTS = Stub(
    "aws:lightsail/instancePublicPorts:InstancePublicPorts",
    fixed="instanceName portInfos",
    id="{instanceName}-{hex}",
    deletes_first=True,
)

RECIPES = (INSTANCE, PUBLIC_PORTS)
