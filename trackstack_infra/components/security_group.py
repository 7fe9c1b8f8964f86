"""Security groups and the traffic between them: nothing passes that a program does not allow."""

from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.network import ANYWHERE, ANYWHERE_IPV6, Network

HTTPS: Final = 443
# The addresses from which CloudFront calls origins over IPv6; AWS keeps the list.
CLOUDFRONT_IPV6: Final = "com.amazonaws.global.ipv6.cloudfront.origin-facing"
# A VPC Lambda's network interfaces hold their security group for 20 to 45 minutes after the function is gone.
_LAMBDA_LETS_GO: Final = "60m"


class SecurityGroup(Component):
    """A security group: nothing in, and nothing out but HTTPS where `calls_aws` says that AWS's APIs are called.

    That is over IPv6 in a network with IPv6, and over both where its members have both (`dual_stack`).
    """

    def __init__(
        self,
        name: str,
        *,
        network: Network,
        purpose: str,
        calls_aws: bool = False,
        dual_stack: bool = False,
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        # Without rules inside: the provider would fight those that are resources of their own. It removes AWS's default
        # rule, which lets everything out, by itself.
        self.group = aws.ec2.SecurityGroup(
            self.child("security-group"),
            name=self.physical(name),
            description=purpose,
            vpc_id=network.vpc.id,
            tags=self.tags(self.physical(name)),
            opts=self.owned(delete_first=True, delete_timeout=_LAMBDA_LETS_GO),
        )
        if calls_aws:
            self._calls_aws("calls-aws", ipv6=network.ipv6)
        if calls_aws and dual_stack and network.ipv6:
            self._calls_aws("calls-aws-ipv4", ipv6=False)
        self.id: pulumi.Output[str] = self.group.id
        self.register_outputs({"group_id": self.group.id})

    def _calls_aws(self, part: str, *, ipv6: bool) -> None:
        aws.vpc.SecurityGroupEgressRule(
            self.child(part),
            security_group_id=self.group.id,
            description="HTTPS to AWS APIs, which have no addresses of their own",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            cidr_ipv4=None if ipv6 else ANYWHERE,
            cidr_ipv6=ANYWHERE_IPV6 if ipv6 else None,
            tags=self.tags(),
            opts=self.owned(),
        )


class AllowTraffic(Component):
    """Lets one security group's members call another's on one port: out of the first, into the second."""

    def __init__(
        self, name: str, *, source: SecurityGroup, target: SecurityGroup, port: int, opts: Opts = None
    ) -> None:
        super().__init__(name, opts)
        description = f"{source.name} to {target.name}"
        aws.vpc.SecurityGroupEgressRule(
            self.child("out"),
            security_group_id=source.group.id,
            referenced_security_group_id=target.group.id,
            description=description,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self.tags(),
            opts=self.owned(),
        )
        aws.vpc.SecurityGroupIngressRule(
            self.child("in"),
            security_group_id=target.group.id,
            referenced_security_group_id=source.group.id,
            description=description,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self.tags(),
            opts=self.owned(),
        )
        self.register_outputs({})


class AllowCloudFront(Component):
    """Lets CloudFront's servers, and no other address of the internet, call a group's members over IPv6 on one port.

    Any distribution's, not just ours: the secret header that ours sends tells them apart.
    """

    def __init__(self, name: str, *, target: SecurityGroup, port: int, opts: Opts = None) -> None:
        super().__init__(name, opts)
        aws.vpc.SecurityGroupIngressRule(
            self.child("in"),
            security_group_id=target.group.id,
            prefix_list_id=aws.ec2.get_managed_prefix_list_output(name=CLOUDFRONT_IPV6).id,
            description=f"CloudFront to {target.name}",
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self.tags(),
            opts=self.owned(),
        )
        self.register_outputs({})
