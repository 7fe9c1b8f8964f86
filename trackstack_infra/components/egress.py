"""The part of a network's egress that is billed by the hour: what the setting `egress` chooses."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.addresses import ZONE_LETTERS
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.network import ANYWHERE, NatGateway, Network
from trackstack_infra.components.security_group import HTTPS, SecurityGroup
from trackstack_infra.names import Layer

# Arm, half a GiB: $0.0042 an hour in us-east-1, where a NAT gateway is $0.045 and $0.045 a GB.
INSTANCE_TYPE: Final = "t4g.nano"
# AWS keeps the id of its newest image in a public parameter. A new image means a new instance at the next `up`.
IMAGE_PARAMETER: Final = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
DISK_GIB: Final = 8  # the image's own size

# The package comes from S3, through the network's free endpoint, so that the first boot does not wait for its address.
TRANSLATE_ADDRESSES: Final = """\
#!/bin/bash
set -euo pipefail
dnf install -y nftables
echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/90-nat.conf
sysctl --load /etc/sysctl.d/90-nat.conf
interface=$(ip -4 -o route show default | awk '{ print $5; exit }')
cat > /etc/sysconfig/nftables.conf <<RULES
flush ruleset
table ip nat {
  chain out {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "$interface" masquerade
  }
}
RULES
systemctl enable --now nftables
"""


class NatInstance(Component):
    """A small machine in place of the NAT gateway: a tenth of the price, no charge a gigabyte, but ours to keep up.

    When it fails, nothing replaces it: the tasks keep running, cut off from AWS's APIs, until the next `up`. Nobody
    can log in to it; it has neither a key nor a role.
    """

    layer = Layer.RUNTIME

    def __init__(self, name: str, *, network: Network, callers: Sequence[SecurityGroup], opts: Opts = None) -> None:
        super().__init__(name, opts)
        group = SecurityGroup(name, network=network, purpose="NAT instance", calls_aws=True, opts=self.owned())
        for caller in callers:
            self._let_in(group, caller)
        instance = self._instance(network, group)
        address = aws.ec2.Eip(
            self.child("address"),
            domain="vpc",
            instance=instance.id,
            tags=self.tags(self.physical(name)),
            opts=self.owned(after=[network]),  # the internet gateway must be there first, and leave last
        )
        self.route = aws.ec2.Route(
            self.child("route"),
            route_table_id=network.private_routes[0].id,
            destination_cidr_block=ANYWHERE,
            network_interface_id=instance.primary_network_interface_id,
            opts=self.owned(after=[address]),
        )
        self.register_outputs({"public_ip": address.public_ip})

    def _let_in(self, group: SecurityGroup, caller: SecurityGroup) -> None:
        """What tasks send to AWS passes through here under their own addresses: HTTPS, and nothing else."""
        aws.vpc.SecurityGroupIngressRule(
            self.child(f"from-{caller.name}"),
            security_group_id=group.id,
            referenced_security_group_id=caller.id,
            description=f"{caller.name} to AWS APIs",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            tags=self.tags(),
            opts=self.owned(),
        )

    def _instance(self, network: Network, group: SecurityGroup) -> aws.ec2.Instance:
        name = self.physical(self.name)
        return aws.ec2.Instance(
            self.child("instance"),
            ami=aws.ssm.get_parameter_output(name=IMAGE_PARAMETER).insecure_value,  # public, hence no secret
            instance_type=INSTANCE_TYPE,
            subnet_id=network.public_subnets[0].id,
            vpc_security_group_ids=[group.id],
            source_dest_check=False,  # what it forwards is neither from nor to itself
            metadata_options=aws.ec2.InstanceMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            root_block_device=aws.ec2.InstanceRootBlockDeviceArgs(
                encrypted=True, volume_type="gp3", volume_size=DISK_GIB, tags=self.tags(name)
            ),
            # Unlimited, T4g's default, would bill what it computes beyond its credits.
            credit_specification=aws.ec2.InstanceCreditSpecificationArgs(cpu_credits="standard"),
            user_data=TRANSLATE_ADDRESSES,
            user_data_replace_on_change=True,
            tags=self.tags(name),
            opts=self.owned(after=[network]),
        )


def egress_of(name: str, *, network: Network, callers: Sequence[SecurityGroup]) -> list[pulumi.Resource]:
    """Open it, and return what CALLERS' members have to wait for. With IPv6 it is there already, and free."""
    if network.internet == "nat":
        return [NatGateway(name, network=network)]
    if network.internet == "nat-per-az":
        names = [name, *(f"{name}-{letter}" for letter in ZONE_LETTERS[1:])]
        return [NatGateway(names[zone], network=network, zone=zone) for zone in range(len(network.private_routes))]
    if network.internet == "nat-instance":
        return [NatInstance(name, network=network, callers=callers)]
    return network.ready
