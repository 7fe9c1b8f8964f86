"""Who can reach whom: the paths of each architecture's network, and no others."""

from typing import Any

import pytest

from trackstack_infra.graph import Graph

SUBNET = "aws:ec2/subnet:Subnet"
SERVICE = "aws:ecs/service:Service"
MOUNT = "aws:efs/mountTarget:MountTarget"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ROUTE = "aws:ec2/route:Route"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
FUNCTION = "aws:lambda/function:Function"


def names_of(graph: Graph, type_: str) -> dict[str, str]:
    """Id -> logical name."""
    return {each.outputs["id"]: each.name for each in graph.all(type_)}


def rules(graph: Graph) -> set[tuple[str, str, int]]:
    """(from, to, port) for every pair of rules that lets one group call another."""
    group = {id_: name.removesuffix("-security-group") for id_, name in names_of(graph, GROUP).items()}
    out = {
        (group[rule.inputs["securityGroupId"]], group[rule.inputs["referencedSecurityGroupId"]], rule.inputs["toPort"])
        for rule in graph.all(EGRESS)
        if "referencedSecurityGroupId" in rule.inputs
    }
    into = {
        (group[rule.inputs["referencedSecurityGroupId"]], group[rule.inputs["securityGroupId"]], rule.inputs["toPort"])
        for rule in graph.all(INGRESS)
    }
    assert out == into
    return out


def test_a_call_passes_api_balancer_and_service_in_that_order(enterprise: Graph) -> None:
    """The API's link reaches only the load balancer, that only the services, they and the bridge only the files."""
    assert rules(enterprise) == {
        ("link", "balancer", 80),
        ("balancer", "tasks", 8000),
        ("tasks", "files", 2049),
        ("bridge", "files", 2049),
    }


def test_in_pragmatic_the_api_calls_the_task_itself(pragmatic: Graph) -> None:
    """No load balancer stands between the API's link and the one task."""
    assert rules(pragmatic) == {("link", "tasks", 8000), ("tasks", "files", 2049)}


def test_nothing_on_the_internet_can_open_a_connection(architecture: Graph) -> None:
    """No rule lets an address in; groups are named, and one port at a time."""
    for rule in architecture.all(INGRESS):
        assert "cidrIpv4" not in rule.inputs
        assert "cidrIpv6" not in rule.inputs
        assert rule.inputs["ipProtocol"] == "tcp"
        assert rule.inputs["fromPort"] == rule.inputs["toPort"]


def test_only_tasks_and_bridge_call_out_and_only_over_https(pragmatic: Graph, enterprise: Graph) -> None:
    """Out of the VPC goes HTTPS to AWS's APIs, from what calls them: not from the link, the balancer or the files."""

    def calls(graph: Graph) -> dict[str, tuple[str, int]]:
        return {
            rule.name: (rule.inputs["cidrIpv4"], rule.inputs["toPort"])
            for rule in graph.all(EGRESS)
            if "cidrIpv4" in rule.inputs
        }

    https = ("0.0.0.0/0", 443)
    assert calls(pragmatic) == {"tasks-calls-aws": https}
    assert calls(enterprise) == {"tasks-calls-aws": https, "bridge-calls-aws": https}


def test_a_security_groups_rules_are_resources_of_their_own(architecture: Graph) -> None:
    """No group carries rules inside, which would undo the ones beside it at every second `up`."""
    for group in architecture.all(GROUP):
        assert "ingress" not in group.inputs
        assert "egress" not in group.inputs


def test_the_default_security_group_allows_nothing(architecture: Graph) -> None:
    """What is launched without a security group can neither call nor be called."""
    (group,) = architecture.all(DEFAULT_GROUP)
    assert group.inputs["ingress"] == []
    assert group.inputs["egress"] == []


def test_enterprises_services_have_no_public_address(enterprise: Graph) -> None:
    """Enterprise's tasks run in private subnets, without a public address."""
    subnets = names_of(enterprise, SUBNET)
    for service in enterprise.all(SERVICE):
        network = service.inputs["networkConfiguration"]
        assert network["assignPublicIp"] is False
        assert [subnets[each] for each in network["subnets"]] == ["network-private-a", "network-private-b"]


def test_pragmatics_task_has_a_public_address_and_no_open_port(pragmatic: Graph) -> None:
    """Pragmatic saves the NAT gateway: its task has an address of its own, which only the API's link may call."""
    (service,) = pragmatic.all(SERVICE)
    subnets = names_of(pragmatic, SUBNET)
    assert service.inputs["networkConfiguration"]["assignPublicIp"] is True
    assert [subnets[each] for each in service.inputs["networkConfiguration"]["subnets"]] == [
        "network-public-a",
        "network-public-b",
    ]


def test_no_subnet_hands_out_public_addresses(architecture: Graph) -> None:
    """A public address is asked for by name, never given by a subnet."""
    assert all(subnet.inputs["mapPublicIpOnLaunch"] is False for subnet in architecture.all(SUBNET))


@pytest.mark.parametrize(("azs", "zones"), [(1, "a"), (2, "ab"), (3, "abc")])
def test_the_files_can_be_mounted_in_each_subnet_that_mounts_them(recorded: Any, azs: int, zones: str) -> None:
    """With one, two or three zones: a mount target in each subnet of tasks and bridge, and none elsewhere."""
    graph = recorded("enterprise", azs=azs)
    subnets = names_of(graph, SUBNET)
    expected = {f"network-private-{zone}" for zone in zones}
    used = {
        subnets[each] for service in graph.all(SERVICE) for each in service.inputs["networkConfiguration"]["subnets"]
    }
    (bridge,) = graph.all(FUNCTION)
    assert used == expected
    assert {subnets[each] for each in bridge.inputs["vpcConfig"]["subnetIds"]} == expected
    assert {subnets[each.inputs["subnetId"]] for each in graph.all(MOUNT)} == expected


@pytest.mark.parametrize(("azs", "balanced"), [(1, 2), (2, 2), (3, 3)])
def test_the_load_balancer_always_has_two_zones(recorded: Any, azs: int, balanced: int) -> None:
    """AWS refuses a load balancer in one zone: even where tasks run in one it gets two, all private."""
    (balancer,) = (graph := recorded("enterprise", azs=azs)).all(LOAD_BALANCER)
    subnets = [names_of(graph, SUBNET)[each] for each in balancer.inputs["subnets"]]
    assert len(subnets) == balanced
    assert all(name.startswith("network-private-") for name in subnets)


def test_there_is_one_nat_gateway_in_a_public_subnet(enterprise: Graph, pragmatic: Graph) -> None:
    """Enterprise pays for one NAT gateway; pragmatic for none."""
    (gateway,) = enterprise.all("aws:ec2/natGateway:NatGateway")
    assert names_of(enterprise, SUBNET)[gateway.inputs["subnetId"]] == "network-public-a"
    assert pragmatic.all("aws:ec2/natGateway:NatGateway") == ()


def test_private_subnets_leave_through_the_nat_gateway_only(enterprise: Graph) -> None:
    """The private route table's one route out is the NAT gateway's."""
    tables = names_of(enterprise, "aws:ec2/routeTable:RouteTable")
    ways = {
        tables[route.inputs["routeTableId"]]: "nat" if "natGatewayId" in route.inputs else "internet"
        for route in enterprise.all(ROUTE)
    }
    assert ways == {"network-public-routes": "internet", "network-private-routes": "nat"}
    subnets = names_of(enterprise, SUBNET)
    for association in enterprise.all(ASSOCIATION):
        tier = subnets[association.inputs["subnetId"]].split("-")[1]
        assert tables[association.inputs["routeTableId"]] == f"network-{tier}-routes"


def test_backups_and_image_layers_do_not_pass_the_nat_gateway(architecture: Graph) -> None:
    """S3 is reached through a free gateway endpoint, from every route table."""
    (endpoint,) = architecture.all(ENDPOINT)
    assert endpoint.inputs["serviceName"] == "com.amazonaws.us-east-1.s3"
    assert endpoint.inputs["vpcEndpointType"] == "Gateway"
    assert set(endpoint.inputs["routeTableIds"]) == set(names_of(architecture, "aws:ec2/routeTable:RouteTable"))


def test_the_region_is_a_setting(recorded: Any) -> None:
    """Zones, endpoints and logs follow the region."""
    graph = recorded("enterprise", region="eu-central-1")
    assert {each.inputs["availabilityZone"] for each in graph.all(SUBNET)} == {"eu-central-1a", "eu-central-1b"}
    (endpoint,) = graph.all(ENDPOINT)
    assert endpoint.inputs["serviceName"] == "com.amazonaws.eu-central-1.s3"


def test_a_zone_that_is_added_moves_no_subnet(recorded: Any) -> None:
    """From one zone to three: every subnet that was there keeps its addresses."""

    def addresses(azs: int) -> dict[str, str]:
        return {each.name: each.inputs["cidrBlock"] for each in recorded("enterprise", azs=azs).all(SUBNET)}

    two, three = addresses(2), addresses(3)
    assert addresses(1) == two
    assert {name: three.get(name) for name in two} == two
    assert three == {
        "network-public-a": "10.30.0.0/19",
        "network-public-b": "10.30.32.0/19",
        "network-public-c": "10.30.64.0/19",
        "network-private-a": "10.30.128.0/19",
        "network-private-b": "10.30.160.0/19",
        "network-private-c": "10.30.192.0/19",
    }
