"""NAT gateways, load balancers, addresses and endpoints."""

from collections.abc import Iterator
from decimal import Decimal

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.rule import Rule, Scene
from trackstack_infra.graph import Resource


def nat_gateway(gateway: Resource, scene: Scene) -> Iterator[Meter]:
    """Each hour begun, and each gigabyte that goes through; its address is the Eip's line."""
    yield Meter(price="nat.hour", billing=Billing.HOURS_STARTED)
    gateways = len(scene.graph.all(gateway.type))
    yield Meter(price="nat.gb", count=Decimal(1) / gateways, billing=Billing.BY_USE, usage="nat.gb")


def elastic_ip(address: Resource, scene: Scene) -> Iterator[Meter]:
    """A public IPv4 address costs the same in use and idle."""
    yield Meter(price="ipv4.hour", billing=Billing.BY_SECOND)


def load_balancer(balancer: Resource, scene: Scene) -> Iterator[Meter]:
    """Each hour begun, capacity units, and an address a zone where it faces the internet over IPv4."""
    yield Meter(price="alb.hour", billing=Billing.HOURS_STARTED)
    yield Meter(price="alb.lcu_hour", count=scene.usage.of("alb.lcu", scene.graph.stack), billing=Billing.HOURS_STARTED)
    if not balancer.inputs.get("internal") and balancer.inputs.get("ipAddressType") != "dualstack-without-public-ipv4":
        yield Meter(
            price="ipv4.hour",
            count=Decimal(len(balancer.inputs["subnets"])),
            billing=Billing.BY_SECOND,
            implied="an internet-facing load balancer has a public IPv4 address in each of its zones",
        )


RULES: dict[str, Rule] = {
    "aws:ec2/natGateway:NatGateway": nat_gateway,
    "aws:ec2/eip:Eip": elastic_ip,
    "aws:lb/loadBalancer:LoadBalancer": load_balancer,
}
FREE = {
    "aws:ec2/vpc:Vpc": "a VPC costs nothing; what runs in it does",
    "aws:ec2/subnet:Subnet": "subnets cost nothing",
}
