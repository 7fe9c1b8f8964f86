"""NAT gateways, addresses, endpoints and what crosses a network's edge."""

from collections.abc import Iterator
from decimal import Decimal

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.inputs import Inputs
from trackstack_infra.costs.rules.reasons import BEHAVIOUR, OTHER_PRICE, PLACE, RIGHTS
from trackstack_infra.costs.rules.rule import BillingContext, CannotPrice, Rule
from trackstack_infra.graph import Resource

_INTERNET_GATEWAYS = (
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
)


def nat_gateway(gateway: Resource, context: BillingContext) -> Iterator[Meter]:
    """Each hour begun in each of its zones, and each gigabyte that goes through; its addresses are the Eips' lines."""
    zones = 1
    if gateway.inputs.get("availabilityMode", "zonal") == "regional":
        zones = len(gateway.inputs.get("availabilityZoneAddresses") or ())
        if not zones:
            raise CannotPrice("a regional NAT gateway is billed in each zone that it spreads to, which AWS decides")
    note = f"a regional gateway in {zones} zones" if zones > 1 else ""
    yield Meter(price="nat.hour", count=Decimal(zones), billing=Billing.HOURS_STARTED, note=note)
    yield Meter(price="nat.gb", count=context.share(gateway.type), billing=Billing.BY_USE, usage="nat.gb")


def elastic_ip(address: Resource, context: BillingContext) -> Iterator[Meter]:
    """A public IPv4 address costs the same in use and idle."""
    yield Meter(price="ipv4.hour", billing=Billing.BY_SECOND)


def endpoint(endpoint: Resource, context: BillingContext) -> Iterator[Meter]:
    """A gateway endpoint is free; one with network interfaces costs an hour's price in each zone, and by gigabyte."""
    inputs = endpoint.inputs
    if inputs.get("vpcEndpointType") != "Interface":
        return
    zones = len(inputs.get("subnetIds") or inputs.get("subnetConfigurations") or ())
    if not zones:
        raise CannotPrice("an interface endpoint is billed in each zone, and it names no subnet")
    interfaces = [
        each for each in context.graph.all(endpoint.type) if each.inputs.get("vpcEndpointType") == "Interface"
    ]
    yield Meter(price="vpc.endpoint_hour", count=Decimal(zones), billing=Billing.HOURS_STARTED)
    yield Meter(
        price="vpc.endpoint_gb", count=Decimal(1) / len(interfaces), billing=Billing.BY_USE, usage="endpoint.gb"
    )


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


_NAT = Inputs(
    reads="availabilityZoneAddresses",
    neutral={
        PLACE: "connectivityType privateIp secondaryPrivateIpAddressCount secondaryPrivateIpAddresses subnetId vpcId"
        " availabilityZoneAddresses.availabilityZone availabilityZoneAddresses.availabilityZoneId",
        "addresses are billed as Eips": "allocationId secondaryAllocationIds availabilityZoneAddresses.allocationIds",
    },
    unpriced={OTHER_PRICE: "availabilityMode=zonal|regional"},
)
_EIP = Inputs(
    reads="instance",
    neutral={PLACE: "associateWithPrivateIp domain networkInterface"},
    unpriced={
        "takes an address of one's own, which costs nothing, or of a pool": "address customerOwnedIpv4Pool ipamPoolId"
        " publicIpv4Pool=amazon",
        "puts it outside of the region's zones": "networkBorderGroup",
    },
)
_ENDPOINT = Inputs(
    reads="subnetIds subnetConfigurations",
    neutral={
        PLACE: "autoAccept dnsOptions ipAddressType privateDnsEnabled routeTableIds securityGroupIds serviceName vpcId"
        " subnetConfigurations.ipv4 subnetConfigurations.ipv6 subnetConfigurations.subnetId",
        RIGHTS: "policy",
    },
    unpriced={
        OTHER_PRICE: "resourceConfigurationArn serviceNetworkArn vpcEndpointType=Gateway|Interface",
        "may lead to another region": "serviceRegion",
    },
)
_GATEWAY = Inputs(neutral={PLACE: "vpcId"})
_VPC = Inputs(
    neutral={
        PLACE: "assignGeneratedIpv6CidrBlock cidrBlock ipv6CidrBlock ipv6CidrBlockNetworkBorderGroup",
        BEHAVIOUR: "enableDnsHostnames enableDnsSupport",
    },
    unpriced={
        "makes each instance in it dearer": "instanceTenancy=default",
        "takes addresses from IPAM, which bills each": "ipv4IpamPoolId ipv4NetmaskLength ipv6IpamPoolId"
        " ipv6NetmaskLength",
        "writes metrics": "enableNetworkAddressUsageMetrics",
    },
)

RULES: dict[str, Rule] = {
    "aws:ec2/natGateway:NatGateway": Rule(nat_gateway, _NAT),
    "aws:ec2/eip:Eip": Rule(elastic_ip, _EIP),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Rule(endpoint, _ENDPOINT),
    **dict.fromkeys(_INTERNET_GATEWAYS, Rule(internet_gateway, _GATEWAY)),
    "aws:ec2/vpc:Vpc": Rule(vpc, _VPC),
}
