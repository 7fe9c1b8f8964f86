"""EC2: VPCs, their subnets and their routes."""

from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.ec2_kind import ec2_kind
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call


def _vpc_switches(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    # AWS takes one attribute a call.
    for ours, attribute in (("enableDnsSupport", "EnableDnsSupport"), ("enableDnsHostnames", "EnableDnsHostnames")):
        if new.get(ours) is not None and old.get(ours) != new[ours]:
            client.modify_vpc_attribute(VpcId=ref, **{attribute: {"Value": new[ours]}})


def _vpc_parts(client: Client, found: Found) -> dict[str, Any]:
    """The route table, security group and network ACL that AWS makes with a VPC."""
    ours = {"Name": "vpc-id", "Values": [found["VpcId"]]}
    tables = client.describe_route_tables(Filters=[ours, {"Name": "association.main", "Values": ["true"]}])
    groups = client.describe_security_groups(Filters=[ours, {"Name": "group-name", "Values": ["default"]}])
    acls = client.describe_network_acls(Filters=[ours, {"Name": "default", "Values": ["true"]}])
    return {
        "MainTable": tables["RouteTables"][0]["RouteTableId"],
        "DefaultGroup": groups["SecurityGroups"][0]["GroupId"],
        "DefaultAcl": acls["NetworkAcls"][0]["NetworkAclId"],
    }


def _vpc_outputs(found: Found, inputs: Inputs) -> Outputs:
    ipv6: Found = next(iter(found.get("Ipv6CidrBlockAssociationSet") or []), {})
    return {
        "arn": found["Arn"],
        "ownerId": found["OwnerId"],
        "cidrBlock": found["CidrBlock"],
        "ipv6CidrBlock": ipv6.get("Ipv6CidrBlock", ""),
        "ipv6AssociationId": ipv6.get("AssociationId", ""),
        "dhcpOptionsId": found.get("DhcpOptionsId", ""),
        "mainRouteTableId": found["MainTable"],
        "defaultRouteTableId": found["MainTable"],
        "defaultSecurityGroupId": found["DefaultGroup"],
        "defaultNetworkAclId": found["DefaultAcl"],
    }


VPC = ec2_kind(
    "aws:ec2/vpc:Vpc",
    kind="vpc",
    one="Vpc",
    many="Vpcs",
    id_key="VpcId",
    create="CreateVpc",
    describe="DescribeVpcs",
    delete="DeleteVpc",
    filters={"cidr-block-association.cidr-block": "cidrBlock"},
    fixed="cidrBlock instanceTenancy assignGeneratedIpv6CidrBlock",
    changes="enableDnsSupport enableDnsHostnames",
    shown=_vpc_outputs,
    before=lambda inputs: {"AmazonProvidedIpv6CidrBlock": inputs.get("assignGeneratedIpv6CidrBlock")},
    after=_vpc_switches,
    more=_vpc_parts,
    # A file system has mount targets in one VPC only: all of them leave the old one before the first enters the new.
    deletes_first=True,
)


def _subnet_switches(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    # AWS takes one attribute a call.
    for ours, attribute in (
        ("mapPublicIpOnLaunch", "MapPublicIpOnLaunch"),
        ("assignIpv6AddressOnCreation", "AssignIpv6AddressOnCreation"),
    ):
        wanted = new.get(ours)
        if wanted is not None and bool(wanted) != bool(old.get(ours)):
            client.modify_subnet_attribute(SubnetId=ref, **{attribute: {"Value": wanted}})


SUBNET = ec2_kind(
    "aws:ec2/subnet:Subnet",
    kind="subnet",
    one="Subnet",
    many="Subnets",
    id_key="SubnetId",
    create="CreateSubnet",
    describe="DescribeSubnets",
    delete="DeleteSubnet",
    filters={"vpc-id": "vpcId", "cidr-block": "cidrBlock"},
    fixed="vpcId cidrBlock availabilityZone availabilityZoneId ipv6CidrBlock ipv6Native",
    changes="mapPublicIpOnLaunch assignIpv6AddressOnCreation",
    shown={
        "arn": "SubnetArn",
        "ownerId": "OwnerId",
        "availabilityZone": "AvailabilityZone",
        "availabilityZoneId": "AvailabilityZoneId",
    },
    after=_subnet_switches,
)


def _attached(client: Client, ref: str) -> list[str]:
    gateway = client.describe_internet_gateways(InternetGatewayIds=[ref])["InternetGateways"][0]
    return [attachment["VpcId"] for attachment in gateway.get("Attachments", [])]


def _attach(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    wanted = [new["vpcId"]] if new.get("vpcId") else []
    there = _attached(client, ref)
    for vpc in set(there) - set(wanted):
        client.detach_internet_gateway(InternetGatewayId=ref, VpcId=vpc)
    for vpc in set(wanted) - set(there):
        client.attach_internet_gateway(InternetGatewayId=ref, VpcId=vpc)


def _not_anothers(found: Found, inputs: Inputs) -> bool:
    """Attached to the VPC it is for, or, where a run was killed before that call, to none yet."""
    return all(attachment["VpcId"] == inputs.get("vpcId") for attachment in found.get("Attachments", []))


def _delete_gateway(client: Client, ref: str, outputs: Outputs) -> None:
    for vpc in _attached(client, ref):
        client.detach_internet_gateway(InternetGatewayId=ref, VpcId=vpc)
    client.delete_internet_gateway(InternetGatewayId=ref)


INTERNET_GATEWAY = ec2_kind(
    "aws:ec2/internetGateway:InternetGateway",
    kind="internet-gateway",
    one="InternetGateway",
    many="InternetGateways",
    id_key="InternetGatewayId",
    create="CreateInternetGateway",
    describe="DescribeInternetGateways",
    delete="DeleteInternetGateway",
    filters={},
    same=_not_anothers,
    changes="vpcId",
    shown={"arn": "Arn", "ownerId": "OwnerId"},
    after=_attach,
    remove=_delete_gateway,
)

ROUTE_TABLE = ec2_kind(
    "aws:ec2/routeTable:RouteTable",
    kind="route-table",
    one="RouteTable",
    many="RouteTables",
    id_key="RouteTableId",
    create="CreateRouteTable",
    describe="DescribeRouteTables",
    delete="DeleteRouteTable",
    filters={"vpc-id": "vpcId"},
    fixed="vpcId",
    shown={"arn": "Arn", "ownerId": "OwnerId"},
)

_DESTINATIONS = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
_TARGETS = "gatewayId natGatewayId egressOnlyGatewayId networkInterfaceId vpcPeeringConnectionId vpcEndpointId"


def _destination(inputs: Inputs) -> tuple[str, str]:
    ours, aws = next((ours, aws) for ours, aws in _DESTINATIONS.items() if inputs.get(ours))
    return aws, str(inputs[ours])


def _route_request(inputs: Inputs) -> dict[str, Any]:
    egress_only = inputs.get("egressOnlyGatewayId")
    return {"EgressOnlyInternetGatewayId": egress_only} if egress_only else {}


def _make_route(client: Client, inputs: Inputs) -> Found | None:
    call(client, "CreateRoute", inputs, **_route_request(inputs))
    return _route(client, "", inputs)


def _route(client: Client, ref: str, inputs: Inputs) -> Found | None:
    table = client.describe_route_tables(RouteTableIds=[inputs["routeTableId"]])["RouteTables"][0]
    key, value = _destination(inputs)
    return next((route for route in table["Routes"] if route.get(key) == value), None)


def _delete_route(client: Client, ref: str, outputs: Outputs) -> None:
    key, value = _destination(outputs)
    client.delete_route(RouteTableId=outputs["routeTableId"], **{key: value})


ROUTE = Recipe(
    "aws:ec2/route:Route",
    service="ec2",
    fixed=" ".join(("routeTableId", *_DESTINATIONS)),
    changes=_TARGETS,
    make=lambda client, inputs: _make_route(client, inputs) or {},
    look=_route,
    identify=lambda found, inputs: f"{inputs['routeTableId']}_{_destination(inputs)[1]}",
    shown={"state": "State", "origin": "Origin"},
    change=lambda client, ref, old, new: call(client, "ReplaceRoute", new, **_route_request(new)),
    remove=_delete_route,
    search=lambda client, inputs: _route(client, "", inputs),
    deletes_first=True,  # a table has one route to a destination
)


def _associate(client: Client, inputs: Inputs) -> Found:
    answer = call(client, "AssociateRouteTable", inputs)
    return {"RouteTableAssociationId": answer["AssociationId"]}


def _association(client: Client, name: str, value: str) -> Found | None:
    tables = client.describe_route_tables(Filters=[{"Name": name, "Values": [value]}])["RouteTables"]
    every = [association for table in tables for association in table["Associations"]]
    return next((found for found in every if value in (found["RouteTableAssociationId"], found.get("SubnetId"))), None)


ROUTE_TABLE_ASSOCIATION = Recipe(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    service="ec2",
    fixed="routeTableId subnetId gatewayId",
    make=_associate,
    look=lambda client, ref, inputs: _association(client, "association.route-table-association-id", ref),
    identify="RouteTableAssociationId",
    shown={},
    remove=lambda client, ref, outputs: client.disassociate_route_table(AssociationId=ref),
    search=lambda client, inputs: _association(client, "association.subnet-id", inputs["subnetId"]),
    deletes_first=True,  # a subnet has one route table
)

RECIPES = (VPC, SUBNET, INTERNET_GATEWAY, ROUTE_TABLE, ROUTE, ROUTE_TABLE_ASSOCIATION)
