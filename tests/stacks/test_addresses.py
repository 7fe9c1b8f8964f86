"""Which addresses each subnet has: written down, because a subnet that moves is a subnet replaced, with all in it."""

from ipaddress import IPv6Network
from typing import Any

import pytest

from trackstack_infra.graph import Graph

SUBNET = "aws:ec2/subnet:Subnet"
VPC = "aws:ec2/vpc:Vpc"
DOMAIN = {"name": "track.example.org", "zone": "example.org"}

# IPv4, with three zones; fewer zones leave out the last ones and change nothing else.
PRAGMATIC_IPV4 = {
    "network-public-a": "10.20.0.0/19",
    "network-public-b": "10.20.32.0/19",
    "network-public-c": "10.20.64.0/19",
}
ENTERPRISE_PRIVATE_IPV4 = {
    "network-private-a": "10.30.128.0/19",
    "network-private-b": "10.30.160.0/19",
    "network-private-c": "10.30.192.0/19",
}
ENTERPRISE_IPV4 = {
    "network-public-a": "10.30.0.0/19",
    "network-public-b": "10.30.32.0/19",
    "network-public-c": "10.30.64.0/19",
    **ENTERPRISE_PRIVATE_IPV4,
}
# Which of the 256 /64s in the VPC's /56, whose first addresses Amazon decides.
PRAGMATIC_IPV6 = {"network-public-a": 0, "network-public-b": 1, "network-public-c": 2}
ENTERPRISE_IPV6 = {
    "network-private-a": 4,
    "network-private-b": 5,
    "network-private-c": 6,
    "network-tasks-a": 8,
    "network-tasks-b": 9,
    "network-tasks-c": 10,
}


def ipv4(graph: Graph) -> dict[str, str]:
    return {each.name: each.inputs["cidrBlock"] for each in graph.all(SUBNET) if each.inputs.get("cidrBlock")}


def ipv6(graph: Graph) -> dict[str, int]:
    """The slots of the subnets that have IPv6."""
    (vpc,) = graph.all(VPC)
    if not vpc.inputs.get("assignGeneratedIpv6CidrBlock"):
        assert not any(each.inputs.get("ipv6CidrBlock") for each in graph.all(SUBNET))
        return {}
    block = IPv6Network(vpc.outputs["ipv6CidrBlock"])
    slots = list(block.subnets(new_prefix=64))
    return {each.name: slots.index(IPv6Network(each.inputs["ipv6CidrBlock"])) for each in graph.all(SUBNET)}


def first(zones: int, table: dict[str, Any]) -> dict[str, Any]:
    """A table's rows of the first zones, of which there are always two, for the load balancer."""
    return {name: value for name, value in table.items() if name[-1] in "abc"[: max(zones, 2)]}


@pytest.mark.parametrize("azs", [1, 2, 3])
def test_pragmatics_addresses(recorded: Any, azs: int) -> None:
    """Public subnets in the lower half of 10.20.0.0/16, or the first of the /64s."""
    over_ipv4 = recorded("pragmatic", azs=azs)
    assert (ipv4(over_ipv4), ipv6(over_ipv4)) == (first(azs, PRAGMATIC_IPV4), {})
    over_ipv6 = recorded("pragmatic", azs=azs, ingress="ipv6", domain=DOMAIN)
    assert (ipv4(over_ipv6), ipv6(over_ipv6)) == ({}, first(azs, PRAGMATIC_IPV6))


@pytest.mark.parametrize(
    ("azs", "egress"), [(1, "nat"), (2, "nat"), (3, "nat"), (3, "nat-per-az"), (3, "nat-instance")]
)
def test_enterprises_addresses(recorded: Any, azs: int, egress: str) -> None:
    """Public subnets in the lower half of 10.30.0.0/16, private ones in the upper, whatever the egress."""
    graph = recorded("enterprise", azs=azs, egress=egress)
    assert (ipv4(graph), ipv6(graph)) == (first(azs, ENTERPRISE_IPV4), {})


@pytest.mark.parametrize("azs", [1, 2, 3])
def test_enterprises_addresses_over_ipv6(recorded: Any, azs: int) -> None:
    """Private subnets keep their IPv4 and get the /64s from the fifth on; those of tasks have IPv6 only."""
    graph = recorded("enterprise", azs=azs, egress="ipv6")
    tasks = {name: slot for name, slot in ENTERPRISE_IPV6.items() if "tasks" in name and name[-1] in "abc"[:azs]}
    private = {name: slot for name, slot in ENTERPRISE_IPV6.items() if "private" in name}
    assert ipv4(graph) == first(azs, ENTERPRISE_PRIVATE_IPV4)
    assert ipv6(graph) == {**first(azs, private), **tasks}
