"""The VPC of a stack, and the NAT gateway that only exists while the power is on."""

from ipaddress import IPv4Network
from typing import Final, Literal

import pulumi_aws as aws

from trackstack_infra.components.addresses import ZoneAddresses, address_plan
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.names import Layer

ANYWHERE: Final = "0.0.0.0/0"
# An application load balancer wants two zones even when the tasks run in one.
_MIN_ZONES: Final = 2
# A VPC Lambda's network interfaces hold their subnet for 20 to 45 minutes after the function is gone.
_LAMBDA_LETS_GO: Final = "60m"


class Network(Component):
    """A VPC with public subnets, and private ones where tasks run there; all of it free of charge.

    `azs` zones run tasks (`task_subnets`); there are subnets in at least two, for the load balancer.
    """

    def __init__(
        self,
        name: str,
        *,
        region: str,
        cidr: IPv4Network,
        azs: int,
        tasks_in: Literal["public", "private"],
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        self.tasks_in = tasks_in
        plan = address_plan(cidr, region, max(azs, _MIN_ZONES))
        self.vpc = self._vpc(cidr)
        self._close_default_group()
        self.public_routes = self._route_table("public")
        self.public_subnets = self._public_subnets(plan)
        self.route_tables = [self.public_routes]
        self.private_subnets: list[aws.ec2.Subnet] = []
        if tasks_in == "private":
            self.private_routes = self._route_table("private")
            self.private_subnets = self._private_subnets(plan)
            self.route_tables.append(self.private_routes)
        self._s3_endpoint(region)
        self.task_subnets = (self.private_subnets or self.public_subnets)[:azs]
        self.register_outputs({"vpc_id": self.vpc.id})

    def _vpc(self, cidr: IPv4Network) -> aws.ec2.Vpc:
        return aws.ec2.Vpc(
            self.child("vpc"),
            cidr_block=str(cidr),
            enable_dns_support=True,
            enable_dns_hostnames=True,  # EFS mount targets and Cloud Map are found by name
            tags=self.tags(self.physical()),
            opts=self.owned(),
        )

    def _close_default_group(self) -> None:
        """What is launched without a security group gets the VPC's default one: it allows nothing."""
        name = self.child("default-group")
        aws.ec2.DefaultSecurityGroup(
            name, vpc_id=self.vpc.id, ingress=[], egress=[], tags=self.tags(self.physical("default")), opts=self.owned()
        )

    def _route_table(self, tier: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            self.child(f"{tier}-routes"), vpc_id=self.vpc.id, tags=self.tags(self.physical(tier)), opts=self.owned()
        )

    def _public_subnets(self, plan: tuple[ZoneAddresses, ...]) -> list[aws.ec2.Subnet]:
        gateway = aws.ec2.InternetGateway(
            self.child("internet"), vpc_id=self.vpc.id, tags=self.tags(self.physical()), opts=self.owned()
        )
        aws.ec2.Route(
            self.child("to-internet"),
            route_table_id=self.public_routes.id,
            destination_cidr_block=ANYWHERE,
            gateway_id=gateway.id,
            opts=self.owned(),
        )
        return [self._subnet("public", each.zone, each.public, self.public_routes) for each in plan]

    def _private_subnets(self, plan: tuple[ZoneAddresses, ...]) -> list[aws.ec2.Subnet]:
        return [self._subnet("private", each.zone, each.private, self.private_routes) for each in plan]

    def _subnet(self, tier: str, zone: str, cidr: IPv4Network, routes: aws.ec2.RouteTable) -> aws.ec2.Subnet:
        part = f"{tier}-{zone[-1]}"
        subnet = aws.ec2.Subnet(
            self.child(part),
            vpc_id=self.vpc.id,
            availability_zone=zone,
            cidr_block=str(cidr),
            map_public_ip_on_launch=False,  # a task that needs a public address asks for it itself
            tags=self.tags(self.physical(part)),
            opts=self.owned(delete_timeout=_LAMBDA_LETS_GO),
        )
        aws.ec2.RouteTableAssociation(
            self.child(f"{part}-routes"), subnet_id=subnet.id, route_table_id=routes.id, opts=self.owned()
        )
        return subnet

    def _s3_endpoint(self, region: str) -> None:
        """Backups, and image layers (ECR keeps them in S3), without paying the NAT gateway by the gigabyte."""
        aws.ec2.VpcEndpoint(
            self.child("s3"),
            vpc_id=self.vpc.id,
            service_name=f"com.amazonaws.{region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in self.route_tables],
            tags=self.tags(self.physical("s3")),
            opts=self.owned(),
        )


class NatGateway(Component):
    """The private subnets' way out: one gateway in one zone, billed by the hour, hence gone with the power."""

    layer = Layer.RUNTIME

    def __init__(self, name: str, *, network: Network, opts: Opts = None) -> None:
        super().__init__(name, opts)
        address = aws.ec2.Eip(
            self.child("address"), domain="vpc", tags=self.tags(self.physical(name)), opts=self.owned()
        )
        gateway = aws.ec2.NatGateway(
            self.child("gateway"),
            subnet_id=network.public_subnets[0].id,
            allocation_id=address.allocation_id,
            connectivity_type="public",
            tags=self.tags(self.physical(name)),
            opts=self.owned(after=[network]),  # the public route must be there first, and leave last
        )
        self.route = aws.ec2.Route(
            self.child("route"),
            route_table_id=network.private_routes.id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=gateway.id,
            opts=self.owned(),
        )
        self.register_outputs({"public_ip": address.public_ip})
