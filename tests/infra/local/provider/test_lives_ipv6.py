"""What IPv6, a NAT instance and flow logs need: each type goes once through its life, over the wire."""

from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.components.addresses import ipv6_subnet
from trackstack_infra.components.balancer import TLS_POLICY
from trackstack_infra.components.egress import IMAGE_PARAMETER
from trackstack_infra.components.security_group import CLOUDFRONT_IPV6
from trackstack_infra.local.provider import HANDLERS, Clients, Inputs, ProviderError, invoke

TAGS = {"Name": "ts-test-thing", "stack": "test"}
RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}


def vpc6(world: Any) -> dict[str, Any]:
    made: dict[str, Any] = world.have(
        "vpc6",
        "aws:ec2/vpc:Vpc",
        cidrBlock="10.6.0.0/16",
        assignGeneratedIpv6CidrBlock=True,
        enableDnsHostnames=True,
        tags={"Name": "6"},
    )
    return made


def block(world: Any, slot: int) -> str:
    return ipv6_subnet(vpc6(world)["ipv6CidrBlock"], slot)


def tasks_subnet(world: Any) -> str:
    made = world.have(
        "tasks6",
        "aws:ec2/subnet:Subnet",
        vpcId=vpc6(world)["id"],
        availabilityZone="us-east-1b",
        ipv6CidrBlock=block(world, 9),
        ipv6Native=True,
        tags={"Name": "shared"},
    )
    return str(made["id"])


def table(world: Any) -> str:
    made = world.have("table6", "aws:ec2/routeTable:RouteTable", vpcId=vpc6(world)["id"], tags={"Name": "6"})
    return str(made["id"])


def egress_only(world: Any) -> str:
    token = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
    return str(world.have("eigw", token, vpcId=vpc6(world)["id"], tags={"Name": "6"})["id"])


def image(world: Any) -> str:
    return str(invoke(world.aws, "aws:ssm/getParameter:getParameter", {"name": IMAGE_PARAMETER})["insecureValue"])


def machine(world: Any, name: str = "shared") -> dict[str, Any]:
    made: dict[str, Any] = world.have(
        f"machine-{name}",
        "aws:ec2/instance:Instance",
        ami=image(world),
        instanceType="t4g.nano",
        subnetId=world.subnet(),
        tags={"Name": name},
    )
    return made


def log_group(world: Any) -> str:
    made = world.have("flow-group", "aws:cloudwatch/logGroup:LogGroup", name="/ts/test/flows", retentionInDays=3)
    return str(made["arn"])


def balancer(world: Any) -> str:
    subnets = [world.subnet("a"), world.subnet("b")]
    how = {"internal": True, "loadBalancerType": "application"}
    return str(world.have("balancer6", "aws:lb/loadBalancer:LoadBalancer", name="six", subnets=subnets, **how)["arn"])


def certificate(world: Any, host: str) -> str:
    token = "aws:acm/certificate:Certificate"
    how = {"domainName": host, "validationMethod": "DNS", "tags": {"Name": host}}
    return str(world.have(f"certificate-{host}", token, **how)["arn"])


NOT_FOUND = {
    "type": "fixed-response",
    "fixedResponse": {"contentType": "application/json", "messageBody": "{}", "statusCode": "404"},
}
CASES: list[Any] = [
    (
        "aws:ec2/vpc:Vpc",
        lambda w: {"cidrBlock": "10.5.0.0/16", "assignGeneratedIpv6CidrBlock": True, "tags": TAGS},
        RETAGGED,
        "ipv6CidrBlock ipv6AssociationId",
    ),
    (
        "aws:ec2/subnet:Subnet",
        lambda w: {
            "vpcId": vpc6(w)["id"],
            "availabilityZone": "us-east-1a",
            "ipv6CidrBlock": block(w, 8),
            "ipv6Native": True,
            "assignIpv6AddressOnCreation": True,
            "tags": TAGS,
        },
        RETAGGED,
        "arn availabilityZoneId",
    ),
    (
        "aws:ec2/subnet:Subnet",
        lambda w: {
            "vpcId": vpc6(w)["id"],
            "availabilityZone": "us-east-1a",
            "cidrBlock": "10.6.128.0/19",
            "ipv6CidrBlock": block(w, 4),
            "mapPublicIpOnLaunch": False,
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    (
        "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
        lambda w: {"vpcId": vpc6(w)["id"], "tags": TAGS},
        RETAGGED,
        "id",
    ),
    (
        "aws:ec2/route:Route",
        lambda w: {
            "routeTableId": table(w),
            "destinationIpv6CidrBlock": "::/0",
            "egressOnlyGatewayId": egress_only(w),
        },
        None,
        "state",
    ),
    (
        "aws:ec2/route:Route",
        lambda w: {
            "routeTableId": table(w),
            "destinationCidrBlock": "0.0.0.0/0",
            "networkInterfaceId": machine(w)["primaryNetworkInterfaceId"],
        },
        lambda w: {"networkInterfaceId": machine(w, "other")["primaryNetworkInterfaceId"]},
        "state",
    ),
    (
        "aws:ec2/instance:Instance",
        lambda w: {
            "ami": image(w),
            "instanceType": "t4g.nano",
            "subnetId": w.subnet(),
            "vpcSecurityGroupIds": [w.group()],
            "sourceDestCheck": False,
            "metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1.0},
            "rootBlockDevice": {"encrypted": True, "volumeType": "gp3", "volumeSize": 8.0, "tags": TAGS},
            "creditSpecification": {"cpuCredits": "standard"},
            "userData": "#!/bin/bash\ntrue\n",
            "userDataReplaceOnChange": True,
            "tags": TAGS,
        },
        RETAGGED,
        "arn primaryNetworkInterfaceId privateIp",
    ),
    (
        "aws:ec2/eip:Eip",
        lambda w: {"domain": "vpc", "instance": machine(w)["id"], "tags": TAGS},
        lambda w: RETAGGED | {"instance": machine(w, "other")["id"]},
        "publicIp associationId",
    ),
    (
        "aws:ec2/flowLog:FlowLog",
        lambda w: {
            "vpcId": vpc6(w)["id"],
            "trafficType": "ALL",
            "logDestination": log_group(w),
            "logDestinationType": "cloud-watch-logs",
            "iamRoleArn": "arn:aws:iam::123456789012:role/ts-test-flows",
            "maxAggregationInterval": 600.0,
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    (
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        lambda w: {
            "securityGroupId": w.group(),
            "prefixListId": invoke(w.aws, PREFIX_LIST, {"name": CLOUDFRONT_IPV6})["id"],
            "ipProtocol": "tcp",
            "fromPort": 8000.0,
            "toPort": 8000.0,
            "description": "CloudFront to tasks",
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    (
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        lambda w: {
            "securityGroupId": w.group(),
            "cidrIpv6": "::/0",
            "ipProtocol": "tcp",
            "fromPort": 443.0,
            "toPort": 443.0,
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    (
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        lambda w: {
            "vpcId": vpc6(w)["id"],
            "serviceName": "com.amazonaws.us-east-1.s3",
            "vpcEndpointType": "Gateway",
            "ipAddressType": "dualstack",
            "routeTableIds": [table(w)],
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    (
        "aws:efs/mountTarget:MountTarget",
        lambda w: {
            "fileSystemId": w.files()["id"],
            "subnetId": tasks_subnet(w),
            "ipAddressType": "IPV6_ONLY",
            "securityGroups": [w.group()],
        },
        None,
        "networkInterfaceId",
    ),
    (
        "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace",
        lambda w: {"name": "origin.track.example.org", "tags": TAGS},
        RETAGGED,
        "arn hostedZone",
    ),
    (
        "aws:servicediscovery/service:Service",
        lambda w: {
            "name": "monolith",
            "dnsConfig": {
                "namespaceId": w.have(
                    "public", "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace", name="origin.example.org"
                )["id"],
                "routingPolicy": "MULTIVALUE",
                "dnsRecords": [{"type": "AAAA", "ttl": 10.0}],
            },
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    (
        "aws:ecs/accountSettingDefault:AccountSettingDefault",
        lambda w: {"name": "dualStackIPv6", "value": "enabled"},
        {"value": "disabled"},
        "id",
    ),
    (
        "aws:lb/loadBalancer:LoadBalancer",
        lambda w: {
            "name": "ts-test-dual",
            "internal": True,
            "loadBalancerType": "application",
            "ipAddressType": "dualstack",
            "subnets": [w.subnet("a"), w.subnet("b")],
            "securityGroups": [w.group()],
            "tags": TAGS,
        },
        RETAGGED,
        "arn dnsName",
    ),
    (
        "aws:lb/targetGroup:TargetGroup",
        lambda w: {
            "name": "ts-test-six",
            "port": 8000.0,
            "protocol": "HTTP",
            "targetType": "ip",
            "ipAddressType": "ipv6",
            "vpcId": w.vpc(),
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    (
        "aws:lb/listener:Listener",
        lambda w: {
            "loadBalancerArn": balancer(w),
            "port": 443.0,
            "protocol": "HTTPS",
            "sslPolicy": TLS_POLICY,
            "certificateArn": certificate(w, "track.example.org"),
            "defaultActions": [NOT_FOUND],
            "tags": TAGS,
        },
        lambda w: RETAGGED | {"certificateArn": certificate(w, "work.example.org")},
        "arn",
    ),
    (
        "aws:apigatewayv2/integration:Integration",
        lambda w: {
            "apiId": w.have("api6", "aws:apigatewayv2/api:Api", name="six", protocolType="HTTP")["id"],
            "integrationType": "HTTP_PROXY",
            "integrationMethod": "ANY",
            "integrationUri": "https://track.example.org",
            "payloadFormatVersion": "1.0",
            "tlsConfig": {"serverNameToVerify": "track.example.org"},
        },
        {"tlsConfig": {"serverNameToVerify": "work.example.org"}},
        "id",
    ),
]
PREFIX_LIST = "aws:ec2/getManagedPrefixList:getManagedPrefixList"


@pytest.mark.parametrize(("token", "inputs", "changes", "gives"), CASES, ids=[case[0] for case in CASES])
def test_ipv6_live_and_end(
    token: str,
    inputs: Callable[[Any], Inputs],
    changes: Inputs | Callable[[Any], Inputs] | None,
    gives: str,
    live: Callable[..., None],
) -> None:
    """Each type can be created, read, found again, changed in place and deleted, twice if need be."""
    live(token, inputs, changes, gives)


def test_a_vpc_gets_a_56_of_its_own(world: Any) -> None:
    """What Amazon gives is known after the create, and is cut into subnets."""
    assert vpc6(world)["ipv6CidrBlock"].endswith("00::/56")
    assert block(world, 9).endswith("09::/64")


def test_a_machine_that_translates_addresses_is_recorded_as_one(world: Any) -> None:
    """It passes on what is not addressed to it, answers metadata to tokens only, and its disk is encrypted."""
    handler = HANDLERS["aws:ec2/instance:Instance"]
    inputs = next(case[1](world) for case in CASES if case[0] == handler.token)
    ref, outputs = handler.create(world.aws, inputs)
    ec2 = world.aws.client("ec2")
    (found,) = ec2.describe_instances(InstanceIds=[ref])["Reservations"][0]["Instances"]
    assert found["SourceDestCheck"] is False
    assert found["MetadataOptions"]["HttpTokens"] == "required"
    assert {group["GroupId"] for group in found["SecurityGroups"]} == {world.group()}
    volumes = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [ref]}])["Volumes"]
    assert [(volume["Encrypted"], volume["Size"]) for volume in volumes] == [(True, 8)]
    handler.delete(world.aws, ref, outputs)


def test_an_unknown_prefix_list_is_named(aws: Clients) -> None:
    """A name with a slip in it fails with the name, as it does on AWS."""
    with pytest.raises(ProviderError, match=r"com\.amazonaws\.cloudfront"):
        invoke(aws, PREFIX_LIST, {"name": "com.amazonaws.cloudfront"})
