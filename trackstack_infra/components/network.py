"""The VPC of a stack, and the NAT gateway that only exists while the power is on."""

from ipaddress import IPv4Network
from typing import Final, Literal

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.addresses import Tier, ZoneAddresses, address_plan, ipv6_slot, ipv6_subnet
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.names import Layer

ANYWHERE: Final = "0.0.0.0/0"
ANYWHERE_IPV6: Final = "::/0"
# An application load balancer wants two zones even when the tasks run in one.
_MIN_ZONES: Final = 2
# A VPC Lambda's network interfaces hold their subnet for 20 to 45 minutes after the function is gone.
_LAMBDA_LETS_GO: Final = "60m"

# How tasks reach AWS's APIs. In public subnets: over an address of their own, public IPv4 or IPv6. In private ones:
# over IPv6 through an egress-only gateway, or over IPv4 through something that translates addresses.
Internet = Literal["ipv4", "ipv6", "nat", "nat-per-az", "nat-instance"]


class Network(Component):
    """A VPC with public subnets, and private ones where tasks run there; all of it free of charge.

    `azs` zones run tasks (`task_subnets`); there are subnets in at least two, for the load balancer. With IPv6 the
    tasks have no IPv4 address at all: a dual-stack subnet would still make ECS pull images and read secrets over IPv4.
    What AWS reaches by IPv4 only (load balancer, VPC link, function) stands in private subnets with both.
    """

    def __init__(
        self,
        name: str,
        *,
        region: str,
        cidr: IPv4Network,
        azs: int,
        tasks_in: Literal["public", "private"],
        internet: Internet,
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        self.tasks_in = tasks_in
        self.internet: Internet = internet
        self.ipv6 = self.internet == "ipv6"
        self._azs = azs
        plan = address_plan(cidr, region, max(azs, _MIN_ZONES))
        self.vpc = self._vpc(cidr)
        self._close_default_group()
        self.route_tables: list[aws.ec2.RouteTable] = []
        self.ready: list[pulumi.Resource] = []  # routes that tasks need and no argument of theirs names
        self.public_subnets = [] if tasks_in == "private" and self.ipv6 else self._public_subnets(plan)
        self.private_routes: list[aws.ec2.RouteTable] = []
        self.private_subnets = [] if tasks_in == "public" else self._private_subnets(plan)
        # One a zone, also where the tasks' own subnets are others: for EFS's mount targets and for functions.
        self.mount_subnets = (self.private_subnets or self.public_subnets)[:azs]
        self.task_subnets = self.mount_subnets
        if tasks_in == "private" and self.ipv6:
            self._ipv6_egress()
            self.task_subnets = [self._subnet("tasks", zone.zone, None, self.private_routes[0]) for zone in plan[:azs]]
        self._s3_endpoint(region)
        self.register_outputs({"vpc_id": self.vpc.id})

    def _vpc(self, cidr: IPv4Network) -> aws.ec2.Vpc:
        return aws.ec2.Vpc(
            self.child("vpc"),
            cidr_block=str(cidr),
            assign_generated_ipv6_cidr_block=self.ipv6 or None,
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

    def _route_table(self, tier: str, suffix: str = "") -> aws.ec2.RouteTable:
        table = aws.ec2.RouteTable(
            self.child(f"{tier}-routes{suffix}"),
            vpc_id=self.vpc.id,
            tags=self.tags(self.physical(f"{tier}{suffix}")),
            opts=self.owned(),
        )
        self.route_tables.append(table)
        return table

    def _public_subnets(self, plan: tuple[ZoneAddresses, ...]) -> list[aws.ec2.Subnet]:
        """With IPv6, too, the internet gateway lets packets in; who may come is the security groups' to say."""
        routes = self._route_table("public")
        gateway = aws.ec2.InternetGateway(
            self.child("internet"), vpc_id=self.vpc.id, tags=self.tags(self.physical()), opts=self.owned()
        )
        to_internet = aws.ec2.Route(
            self.child("to-internet"),
            route_table_id=routes.id,
            destination_cidr_block=None if self.ipv6 else ANYWHERE,
            destination_ipv6_cidr_block=ANYWHERE_IPV6 if self.ipv6 else None,
            gateway_id=gateway.id,
            opts=self.owned(),
        )
        if self.tasks_in == "public":
            self.ready.append(to_internet)
        return [self._subnet("public", each.zone, None if self.ipv6 else each.public, routes) for each in plan]

    def _private_subnets(self, plan: tuple[ZoneAddresses, ...]) -> list[aws.ec2.Subnet]:
        """They share a route table, unless each zone has a NAT gateway; then those without tasks use the first's."""
        of_their_own = plan[1 : self._azs] if self.internet == "nat-per-az" else ()
        self.private_routes = [
            self._route_table("private"),
            *(self._route_table("private", f"-{each.zone[-1]}") for each in of_their_own),
        ]
        tables = dict(zip((each.zone for each in plan), self.private_routes, strict=False))
        return [
            self._subnet("private", each.zone, each.private, tables.get(each.zone, self.private_routes[0]))
            for each in plan
        ]

    def _subnet(self, tier: Tier, zone: str, cidr: IPv4Network | None, routes: aws.ec2.RouteTable) -> aws.ec2.Subnet:
        """A subnet; without IPv4 addresses where it has no `cidr`."""
        part = f"{tier}-{zone[-1]}"
        slot = ipv6_slot(tier, zone)
        subnet = aws.ec2.Subnet(
            self.child(part),
            vpc_id=self.vpc.id,
            availability_zone=zone,
            cidr_block=str(cidr) if cidr else None,
            ipv6_cidr_block=self.vpc.ipv6_cidr_block.apply(lambda block: ipv6_subnet(block, slot))
            if self.ipv6
            else None,
            ipv6_native=None if cidr else True,
            assign_ipv6_address_on_creation=None if cidr else True,  # AWS wants it where there is no other address
            map_public_ip_on_launch=False if cidr else None,  # a task that needs a public address asks for it itself
            tags=self.tags(self.physical(part)),
            opts=self.owned(delete_timeout=_LAMBDA_LETS_GO),
        )
        aws.ec2.RouteTableAssociation(
            self.child(f"{part}-routes"), subnet_id=subnet.id, route_table_id=routes.id, opts=self.owned()
        )
        return subnet

    def _ipv6_egress(self) -> None:
        """Out, and nothing in. It costs nothing, so it stays when the power goes off."""
        gateway = aws.ec2.EgressOnlyInternetGateway(
            self.child("egress"), vpc_id=self.vpc.id, tags=self.tags(self.physical()), opts=self.owned()
        )
        route = aws.ec2.Route(
            self.child("to-egress"),
            route_table_id=self.private_routes[0].id,
            destination_ipv6_cidr_block=ANYWHERE_IPV6,
            egress_only_gateway_id=gateway.id,
            opts=self.owned(),
        )
        self.ready.append(route)

    def _s3_endpoint(self, region: str) -> None:
        """Backups, and image layers (ECR keeps them in S3), without paying the NAT gateway by the gigabyte."""
        aws.ec2.VpcEndpoint(
            self.child("s3"),
            vpc_id=self.vpc.id,
            service_name=f"com.amazonaws.{region}.s3",
            vpc_endpoint_type="Gateway",
            ip_address_type="dualstack" if self.ipv6 else None,
            route_table_ids=[table.id for table in self.route_tables],
            tags=self.tags(self.physical("s3")),
            opts=self.owned(),
        )


class NatGateway(Component):
    """Egress of one private route table: a NAT gateway in one zone, billed by the hour, hence gone with the power."""

    layer = Layer.RUNTIME

    def __init__(self, name: str, *, network: Network, zone: int = 0, opts: Opts = None) -> None:
        super().__init__(name, opts)
        address = aws.ec2.Eip(
            self.child("address"), domain="vpc", tags=self.tags(self.physical(name)), opts=self.owned()
        )
        gateway = aws.ec2.NatGateway(
            self.child("gateway"),
            subnet_id=network.public_subnets[zone].id,
            allocation_id=address.allocation_id,
            connectivity_type="public",
            tags=self.tags(self.physical(name)),
            opts=self.owned(after=[network]),  # the public route must be there first, and leave last
        )
        self.route = aws.ec2.Route(
            self.child("route"),
            route_table_id=network.private_routes[zone].id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=gateway.id,
            opts=self.owned(),
        )
        self.register_outputs({"public_ip": address.public_ip})
