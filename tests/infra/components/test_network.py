"""How tasks reach AWS's APIs, by the setting that chooses it, and what else can reach them."""

from functools import partial
from typing import Any

import pytest

from trackstack_infra.components.egress import IMAGE_PARAMETER, egress_of
from trackstack_infra.components.flowlog import FlowLog
from trackstack_infra.components.security_group import AllowCloudFront, SecurityGroup
from trackstack_infra.components.volume import Volume
from trackstack_infra.graph import Graph, record

SUBNET = "aws:ec2/subnet:Subnet"
ROUTE = "aws:ec2/route:Route"
TABLE = "aws:ec2/routeTable:RouteTable"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
EIP = "aws:ec2/eip:Eip"
NAT = "aws:ec2/natGateway:NatGateway"
INSTANCE = "aws:ec2/instance:Instance"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
MOUNT = "aws:efs/mountTarget:MountTarget"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


@pytest.fixture(scope="module")
def enterprise_with(private_network: Any) -> Any:
    """Enterprise's network, files and security groups with egress."""

    def with_(internet: str, azs: int = 2) -> Graph:
        def program() -> None:
            network = private_network(internet, azs)
            Volume("data", network=network)
            tasks = SecurityGroup("tasks", network=network, purpose="Tasks", calls_aws=True)
            bridge = SecurityGroup("bridge", network=network, purpose="Bridge", calls_aws=True, dual_stack=True)
            egress_of("nat", network=network, callers=[tasks, bridge])

        return record(program, stack="enterprise", outputs="fabricated")

    return with_


@pytest.fixture(scope="module")
def ipv6(enterprise_with: Any) -> Graph:
    graph: Graph = enterprise_with("ipv6")
    return graph


@pytest.fixture(scope="module")
def pragmatic_ipv6(public_network: Any) -> Graph:
    def program() -> None:
        network = public_network("ipv6")
        Volume("data", network=network)
        tasks = SecurityGroup("tasks", network=network, purpose="Tasks", calls_aws=True)
        AllowCloudFront("edge-to-tasks", target=tasks, port=8000)

    return record(program, stack="pragmatic", outputs="fabricated")


def table_of(graph: Graph, subnet: str) -> str:
    """The name of the route table that a subnet uses."""
    names = {each.outputs["id"]: each.name for each in graph.all(TABLE)}
    return names[graph.one(ASSOCIATION, f"{subnet}-routes").inputs["routeTableId"]]


def routes(graph: Graph) -> dict[str, tuple[str, str]]:
    """Route -> its table, and where to."""
    names = {each.outputs["id"]: each.name for each in graph.all(TABLE)}
    return {
        each.name: (
            names[each.inputs["routeTableId"]],
            each.inputs.get("destinationCidrBlock") or each.inputs["destinationIpv6CidrBlock"],
        )
        for each in graph.all(ROUTE)
    }


def test_one_nat_gateway_serves_all_zones(enterprise_with: Any) -> None:
    """With egress nat one gateway, and one address, do for both zones."""
    graph = enterprise_with("nat")
    assert len(graph.all(NAT)) == len(graph.all(EIP)) == 1
    assert table_of(graph, "network-private-a") == table_of(graph, "network-private-b") == "network-private-routes"
    assert routes(graph) == {
        "network-to-internet": ("network-public-routes", "0.0.0.0/0"),
        "nat-route": ("network-private-routes", "0.0.0.0/0"),
    }


def test_a_lost_zone_takes_only_itself_with_a_nat_gateway_in_each(enterprise_with: Any) -> None:
    """With egress nat-per-az each zone's subnet leaves through the gateway of its own zone."""
    graph = enterprise_with("nat-per-az", azs=3)
    zones = {each.outputs["id"]: each.inputs["availabilityZone"] for each in graph.all(SUBNET)}
    assert {each.name: zones[each.inputs["subnetId"]] for each in graph.all(NAT)} == {
        "nat-gateway": "us-east-1a",
        "nat-b-gateway": "us-east-1b",
        "nat-c-gateway": "us-east-1c",
    }
    assert len(graph.all(EIP)) == 3
    assert [table_of(graph, f"network-private-{zone}") for zone in "abc"] == [
        "network-private-routes",
        "network-private-routes-b",
        "network-private-routes-c",
    ]
    assert routes(graph)["nat-b-route"] == ("network-private-routes-b", "0.0.0.0/0")


def test_only_zones_that_run_tasks_have_a_nat_gateway(enterprise_with: Any) -> None:
    """The load balancer's second zone does not pay for one."""
    graph = enterprise_with("nat-per-az", azs=1)
    assert len(graph.all(NAT)) == 1
    assert table_of(graph, "network-private-b") == "network-private-routes"


def test_a_nat_instance_is_closed_to_all_but_the_tasks(enterprise_with: Any) -> None:
    """Only HTTPS from security groups that call AWS comes in; there is no key, no role and no old metadata."""
    graph = enterprise_with("nat-instance")
    machine = graph.one(INSTANCE, "nat-instance").inputs
    assert machine["sourceDestCheck"] is False
    assert machine["metadataOptions"]["httpTokens"] == "required"
    assert machine["rootBlockDevice"]["encrypted"] is True
    assert not {"keyName", "iamInstanceProfile"} & set(machine)
    group = graph.one("aws:ec2/securityGroup:SecurityGroup", "nat-security-group").outputs["id"]
    rules = [each.inputs for each in graph.all(INGRESS) if each.inputs["securityGroupId"] == group]
    assert {(rule["fromPort"], rule["toPort"]) for rule in rules} == {(443, 443)}
    assert len(rules) == 2
    assert all("referencedSecurityGroupId" in rule for rule in rules)


def test_a_nat_instance_translates_addresses_and_the_route_leads_to_it(enterprise_with: Any) -> None:
    """Private subnets send to its interface; what it boots with forwards packets under its own address."""
    graph = enterprise_with("nat-instance")
    machine = graph.one(INSTANCE, "nat-instance")
    route = graph.one(ROUTE, "nat-route").inputs
    assert route["networkInterfaceId"] == machine.outputs["primaryNetworkInterfaceId"]
    assert "masquerade" in machine.inputs["userData"]
    assert machine.inputs["instanceType"] == "t4g.nano"
    assert IMAGE_PARAMETER.endswith("arm64")


def test_a_nat_instance_goes_with_the_power(enterprise_with: Any) -> None:
    """All of it is marked as part of the runtime layer, its security group too."""
    graph = enterprise_with("nat-instance")
    parts = [each for each in graph.resources if each.name.startswith("nat-") and "tags" in each.inputs]
    assert {each.inputs["tags"]["layer"] for each in parts} == {"runtime"}


def test_with_ipv6_tasks_have_no_ipv4_address(ipv6: Graph) -> None:
    """Their subnets have a /64 each and nothing else; the private ones keep IPv4, for the load balancer."""
    tasks = ipv6.one(SUBNET, "network-tasks-b").inputs
    assert tasks["ipv6CidrBlock"] == "2600:1f18:1234:5609::/64"
    assert tasks["ipv6Native"] is True
    assert "cidrBlock" not in tasks
    private = ipv6.one(SUBNET, "network-private-a").inputs
    assert (private["cidrBlock"], private["ipv6CidrBlock"]) == ("10.30.128.0/19", "2600:1f18:1234:5604::/64")
    assert "ipv6Native" not in private


def test_with_ipv6_egress_lets_nothing_in_and_costs_nothing_by_the_hour(ipv6: Graph) -> None:
    """An egress-only gateway: no NAT, no address, no internet gateway, no public subnet."""
    assert not ipv6.all(NAT) + ipv6.all(EIP) + ipv6.all(INSTANCE) + ipv6.all(GATEWAY)
    assert routes(ipv6) == {"network-to-egress": ("network-private-routes", "::/0")}
    assert table_of(ipv6, "network-tasks-a") == "network-private-routes"


def test_with_ipv6_files_are_reached_in_each_zone_over_both(ipv6: Graph) -> None:
    """The tasks come over IPv6 and the bridge may come over IPv4, each in its own zone."""
    subnets = {each.outputs["id"]: each.name for each in ipv6.all(SUBNET)}
    assert {subnets[each.inputs["subnetId"]]: each.inputs["ipAddressType"] for each in ipv6.all(MOUNT)} == {
        "network-private-a": "DUAL_STACK",
        "network-private-b": "DUAL_STACK",
    }


def test_with_ipv6_tasks_call_aws_over_ipv6_alone(ipv6: Graph) -> None:
    """The bridge's function, which has both, may use both."""
    rules = {each.name: each.inputs.get("cidrIpv6") or each.inputs.get("cidrIpv4") for each in ipv6.all(EGRESS)}
    assert rules == {
        "tasks-calls-aws": "::/0",
        "bridge-calls-aws": "::/0",
        "bridge-calls-aws-ipv4": "0.0.0.0/0",
    }


def test_only_cloudfront_can_call_a_task_on_the_internet(pragmatic_ipv6: Graph) -> None:
    """One rule lets anybody in: port 8000, from the list of addresses that AWS keeps of CloudFront."""
    (rule,) = pragmatic_ipv6.all(INGRESS)
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (8000, 8000)
    assert rule.inputs["prefixListId"].startswith("pl-")
    assert not {"cidrIpv4", "cidrIpv6"} & set(rule.inputs)


def test_pragmatic_over_ipv6_has_no_ipv4_in_its_subnets(pragmatic_ipv6: Graph) -> None:
    """The task, the mount targets and the way to the internet are IPv6 only."""
    assert all("cidrBlock" not in each.inputs for each in pragmatic_ipv6.all(SUBNET))
    assert {each.inputs["ipAddressType"] for each in pragmatic_ipv6.all(MOUNT)} == {"IPV6_ONLY"}
    assert routes(pragmatic_ipv6) == {"network-to-internet": ("network-public-routes", "::/0")}


@pytest.mark.parametrize("internet", ["nat", "nat-per-az", "nat-instance", "ipv6"])
def test_a_preview_of_any_egress_shows_the_same(private_network: Any, internet: str) -> None:
    """Before anything exists, when no address or id is known, the same resources are planned."""

    def program() -> None:
        network = private_network(internet)
        tasks = SecurityGroup("tasks", network=network, purpose="Tasks", calls_aws=True)
        egress_of("nat", network=network, callers=[tasks])
        FlowLog("flows", network=network, region="us-east-1")

    both = [record(program, stack="enterprise", outputs=outputs) for outputs in ("fabricated", "unknown")]
    assert [each.urn for each in both[0].resources] == [each.urn for each in both[1].resources]


def test_flows_are_logged_for_three_days(private_network: Any) -> None:
    """Every connection of the VPC, accepted or not, by a role that AWS's flow logs of this account alone can use."""

    def program() -> None:
        FlowLog("flows", network=private_network("nat"), region="us-east-1")

    graph = record(partial(program), stack="enterprise", outputs="fabricated")
    (flow,) = graph.all("aws:ec2/flowLog:FlowLog")
    (group,) = graph.all("aws:cloudwatch/logGroup:LogGroup")
    assert flow.inputs["trafficType"] == "ALL"
    assert flow.inputs["logDestination"] == group.outputs["arn"]
    assert (group.inputs["name"], group.inputs["retentionInDays"]) == ("/ts/enterprise/flows", 3)
    trust = graph.one("aws:iam/role:Role", "flows-role").inputs["assumeRolePolicy"]
    assert "vpc-flow-logs.amazonaws.com" in trust
    assert "aws:SourceAccount" in trust
