"""The address plan, frozen: a subnet that moves is a subnet replaced, with all that is in it."""

from ipaddress import IPv4Network

import pytest

from trackstack_infra.components.addresses import ZoneAddresses, address_plan


def test_public_subnets_lie_low_and_private_ones_high() -> None:
    """Enterprise's plan as it is deployed: eighths of a /16, the lower four public, the upper four private."""
    assert address_plan(IPv4Network("10.30.0.0/16"), "us-east-1", 2) == (
        ZoneAddresses("us-east-1a", public=IPv4Network("10.30.0.0/19"), private=IPv4Network("10.30.128.0/19")),
        ZoneAddresses("us-east-1b", public=IPv4Network("10.30.32.0/19"), private=IPv4Network("10.30.160.0/19")),
    )


def test_a_small_network_is_cut_the_same_way() -> None:
    """The smallest network allowed, a /24, still gives a load balancer the 27-bit subnet it wants."""
    (only,) = address_plan(IPv4Network("192.168.7.0/24"), "eu-central-1", 1)
    assert only == ZoneAddresses(
        "eu-central-1a", public=IPv4Network("192.168.7.0/27"), private=IPv4Network("192.168.7.128/27")
    )


@pytest.mark.parametrize("prefix", range(16, 25))
def test_subnets_never_overlap_and_zones_never_move(prefix: int) -> None:
    """In every size of network, three zones have six subnets apart, and fewer zones have the first of the same."""
    cidr = IPv4Network(f"10.0.0.0/{prefix}")
    plan = address_plan(cidr, "us-east-1", 3)
    subnets = [subnet for zone in plan for subnet in (zone.public, zone.private)]
    assert all(subnet.subnet_of(cidr) for subnet in subnets)
    assert not any(one.overlaps(other) for i, one in enumerate(subnets) for other in subnets[i + 1 :])
    assert address_plan(cidr, "us-east-1", 1) == plan[:1]
    assert address_plan(cidr, "us-east-1", 2) == plan[:2]
