"""The address plan, frozen: a subnet that moves is a subnet replaced, with all that is in it."""

from ipaddress import IPv4Network

import pytest

from trackstack_infra.components.addresses import Tier, ZoneAddresses, address_plan, ipv6_slot, ipv6_subnet


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


@pytest.mark.parametrize(
    ("tier", "zone", "slot"),
    [
        ("public", "us-east-1a", 0),
        ("public", "us-east-1c", 2),
        ("private", "us-east-1a", 4),
        ("private", "eu-central-1b", 5),
        ("tasks", "us-east-1a", 8),
        ("tasks", "us-east-1c", 10),
    ],
)
def test_ipv6_slots_are_fixed(tier: Tier, zone: str, slot: int) -> None:
    """Each kind of subnet has four slots of the VPC's 256, in the order of the zones."""
    assert ipv6_slot(tier, zone) == slot


def test_a_slot_is_a_64_of_the_block_that_amazon_gave() -> None:
    """The last byte before the subnet's own 64 bits counts the slots."""
    assert ipv6_subnet("2600:1f18:1234:5600::/56", 0) == "2600:1f18:1234:5600::/64"
    assert ipv6_subnet("2600:1f18:1234:5600::/56", 9) == "2600:1f18:1234:5609::/64"
    assert ipv6_subnet("2600:1f18:1234:5600::/56", 255) == "2600:1f18:1234:56ff::/64"
