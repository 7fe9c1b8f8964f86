"""NAT gateways, load balancers, addresses and endpoints."""

from collections.abc import Iterator
from decimal import Decimal

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.rule import BillingContext, Rule
from trackstack_infra.graph import Resource

_INTERNET_GATEWAYS = (
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
)


def nat_gateway(gateway: Resource, context: BillingContext) -> Iterator[Meter]:
    """Each hour begun, and each gigabyte that goes through; its address is the Eip's line."""
    yield Meter(price="nat.hour", billing=Billing.HOURS_STARTED)
    yield Meter(price="nat.gb", count=context.share(gateway.type), billing=Billing.BY_USE, usage="nat.gb")


def elastic_ip(address: Resource, context: BillingContext) -> Iterator[Meter]:
    """A public IPv4 address costs the same in use and idle."""
    yield Meter(price="ipv4.hour", billing=Billing.BY_SECOND)


def load_balancer(balancer: Resource, context: BillingContext) -> Iterator[Meter]:
    """Each hour begun, capacity units, and an address a zone where it faces the internet over IPv4."""
    yield Meter(price="alb.hour", billing=Billing.HOURS_STARTED)
    yield Meter(price="alb.lcu_hour", billing=Billing.HOURS_STARTED, usage="alb.lcu", note="capacity units per hour")
    if not balancer.inputs.get("internal") and balancer.inputs.get("ipAddressType") != "dualstack-without-public-ipv4":
        yield Meter(
            price="ipv4.hour",
            count=Decimal(len(balancer.inputs["subnets"])),
            billing=Billing.BY_SECOND,
            implied="an internet-facing load balancer has a public IPv4 address in each of its zones",
        )


def endpoint(endpoint: Resource, context: BillingContext) -> Iterator[Meter]:
    """A gateway endpoint is free; one with network interfaces costs an hour's price in each zone."""
    if endpoint.inputs.get("vpcEndpointType") == "Interface":
        zones = Decimal(len(endpoint.inputs["subnetIds"]))
        yield Meter(price="vpc.endpoint_hour", count=zones, billing=Billing.HOURS_STARTED)


def internet_gateway(gateway: Resource, context: BillingContext) -> Iterator[Meter]:
    """The gateway is free; what leaves AWS through it is not. To AWS's own APIs in the region nothing leaves."""
    if context.running:
        share = context.share(*_INTERNET_GATEWAYS)
        yield Meter(price="data.out_gb", count=share, billing=Billing.BY_USE, usage="data.out_gb")


def vpc(vpc: Resource, context: BillingContext) -> Iterator[Meter]:
    """It is free; what goes from zone to zone in it is billed on leaving and on arriving."""
    if context.running:
        yield Meter(
            price="data.inter_az_gb",
            count=2 * context.share(vpc.type),
            billing=Billing.BY_USE,
            usage="data.inter_az_gb",
            note="out of one zone and into another",
        )


RULES: dict[str, Rule] = {
    "aws:ec2/natGateway:NatGateway": nat_gateway,
    "aws:ec2/eip:Eip": elastic_ip,
    "aws:lb/loadBalancer:LoadBalancer": load_balancer,
    "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
    **dict.fromkeys(_INTERNET_GATEWAYS, internet_gateway),
    "aws:ec2/vpc:Vpc": vpc,
}
