"""The machine that watches the others: a small Lightsail instance, and what of it can be reached."""

from typing import Final

import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.security_group import HTTPS
from trackstack_infra.names import Layer

# 2 GiB, 2 vCPU, $12 a month or 1.6 cents an hour until it is deleted; one that is stopped costs the same.
# https://aws.amazon.com/lightsail/pricing/ (read 2026-11)
BUNDLE: Final = "small_3_0"
BLUEPRINT: Final = "amazon_linux_2023"
# Amazon Linux is made without them: security updates every day, and no others.
SECURITY_UPDATES: Final = """\
#!/bin/sh
set -eu
dnf install -y dnf-automatic
sed -i -e 's/^upgrade_type *=.*/upgrade_type = security/' -e 's/^apply_updates *=.*/apply_updates = yes/' \
  /etc/dnf/automatic.conf
systemctl enable --now dnf-automatic.timer
"""


class MonitoringHost(Component):
    """The instance, and a firewall with HTTPS as its one opening: no login, and Prometheus stays inside.

    Lightsail opens 22 and 80 by itself; naming the ports that are open closes them. Lightsail's network is not the VPC
    of the stack, and can be peered with the default VPC only, so nothing here refers to the stack's network.
    Deleted with the power, as only that ends its price. What runs on it, it will fetch itself.
    """

    layer = Layer.RUNTIME

    def __init__(self, name: str, *, region: str, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.instance = aws.lightsail.Instance(
            self.child("host"),
            name=self.physical(name),
            availability_zone=f"{region}a",
            blueprint_id=BLUEPRINT,
            bundle_id=BUNDLE,
            ip_address_type="dualstack",
            user_data=SECURITY_UPDATES,
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
        self.ports = aws.lightsail.InstancePublicPorts(
            self.child("ports"),
            instance_name=self.instance.name,
            port_infos=[
                aws.lightsail.InstancePublicPortsPortInfoArgs(
                    protocol="tcp", from_port=HTTPS, to_port=HTTPS, cidrs=["0.0.0.0/0"], ipv6_cidrs=["::/0"]
                )
            ],
            opts=self.owned(delete_first=True),
        )
        self.register_outputs({"address": self.instance.public_ip_address})
