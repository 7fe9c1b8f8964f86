"""VPCs, gateways, routes and security groups: each type goes once through its life."""

from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.local.provider import Inputs

TAGS = {"Name": "ts-test-thing", "stack": "test"}
RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}


def table(world: Any) -> str:
    made = world.have("table", "aws:ec2/routeTable:RouteTable", vpcId=world.vpc(), tags={"Name": "shared"})
    return str(made["id"])


def gateway(world: Any) -> str:
    made = world.have("igw", "aws:ec2/internetGateway:InternetGateway", vpcId=world.vpc(), tags={"Name": "shared"})
    return str(made["id"])


def nat(world: Any) -> str:
    address = world.have("eip", "aws:ec2/eip:Eip", domain="vpc", tags={"Name": "shared"})
    made = world.have(
        "nat",
        "aws:ec2/natGateway:NatGateway",
        subnetId=world.subnet(),
        allocationId=address["allocationId"],
        tags={"Name": "shared"},
    )
    return str(made["id"])


CASES: list[Any] = [
    (
        "aws:ec2/vpc:Vpc",
        lambda w: {"cidrBlock": "10.8.0.0/16", "enableDnsSupport": True, "enableDnsHostnames": True, "tags": TAGS},
        RETAGGED | {"enableDnsHostnames": False},
        "arn mainRouteTableId defaultSecurityGroupId defaultNetworkAclId ownerId",
    ),
    (
        "aws:ec2/subnet:Subnet",
        lambda w: {
            "vpcId": w.vpc(),
            "cidrBlock": "10.9.77.0/24",
            "availabilityZone": "us-east-1a",
            "mapPublicIpOnLaunch": False,
            "tags": TAGS,
        },
        RETAGGED | {"mapPublicIpOnLaunch": True},
        "arn availabilityZoneId",
    ),
    (
        "aws:ec2/internetGateway:InternetGateway",
        lambda w: {
            "vpcId": w.have("vpc2", "aws:ec2/vpc:Vpc", cidrBlock="10.7.0.0/16", tags={"Name": "2"})["id"],
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    ("aws:ec2/routeTable:RouteTable", lambda w: {"vpcId": w.vpc(), "tags": TAGS}, RETAGGED, "arn"),
    (
        "aws:ec2/route:Route",
        lambda w: {"routeTableId": table(w), "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway(w)},
        lambda w: {"gatewayId": None, "natGatewayId": nat(w)},
        "state",
    ),
    (
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        lambda w: {"routeTableId": table(w), "subnetId": w.subnet()},
        None,
        "",
    ),
    ("aws:ec2/eip:Eip", lambda w: {"domain": "vpc", "tags": TAGS}, RETAGGED, "allocationId publicIp"),
    (
        "aws:ec2/natGateway:NatGateway",
        lambda w: {
            "subnetId": w.subnet(),
            "allocationId": w.have("eip2", "aws:ec2/eip:Eip", domain="vpc", tags={"Name": "2"})["allocationId"],
            "connectivityType": "public",
            "tags": TAGS,
        },
        RETAGGED,
        "publicIp",
    ),
    (
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        lambda w: {
            "vpcId": w.vpc(),
            "serviceName": "com.amazonaws.us-east-1.s3",
            "vpcEndpointType": "Gateway",
            "routeTableIds": [table(w)],
            "tags": TAGS,
        },
        RETAGGED | {"routeTableIds": []},
        "arn state",
    ),
    (
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        lambda w: {"vpcId": w.vpc(), "ingress": [], "egress": [], "tags": TAGS},
        RETAGGED,
        "arn name",
    ),
    (
        "aws:ec2/securityGroup:SecurityGroup",
        lambda w: {
            "name": "ts-test-tasks",
            "description": "Tasks",
            "vpcId": w.vpc(),
            "ingress": [],
            "egress": [],
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    (
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        lambda w: {
            "securityGroupId": w.group(),
            "referencedSecurityGroupId": w.group("other"),
            "ipProtocol": "tcp",
            "fromPort": 8000.0,
            "toPort": 8000.0,
            "description": "balancer to tasks",
            "tags": TAGS,
        },
        RETAGGED,
        "arn securityGroupRuleId",
    ),
    (
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        lambda w: {
            "securityGroupId": w.group(),
            "cidrIpv4": "0.0.0.0/0",
            "ipProtocol": "tcp",
            "fromPort": 443.0,
            "toPort": 443.0,
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
]


@pytest.mark.parametrize(("token", "inputs", "changes", "gives"), CASES, ids=[case[0] for case in CASES])
def test_network_live_and_end(
    token: str,
    inputs: Callable[[Any], Inputs],
    changes: Inputs | Callable[[Any], Inputs] | None,
    gives: str,
    live: Callable[..., None],
) -> None:
    """Each type can be created, read, found again, changed in place and deleted, twice if need be."""
    live(token, inputs, changes, gives)
