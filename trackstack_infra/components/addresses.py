"""The address plan of a network: pure functions, because a subnet that moves is a subnet replaced."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Final, Literal

ZONE_LETTERS: Final = "abc"
# Eight slots of equal size, whatever the number of zones: a zone that is added later moves nobody.
_PRIVATE_SLOT: Final = 4

Tier = Literal["public", "private", "tasks"]
# AWS gives a VPC a /56, 256 subnets of the only size it has, /64. Public and private ones have IPv4's slots.
_FIRST_IPV6_SLOT: Final[dict[Tier, int]] = {"public": 0, "private": _PRIVATE_SLOT, "tasks": 8}
_IPV6_SUBNET: Final = 64


@dataclass(frozen=True)
class ZoneAddresses:
    """One zone's part of the plan."""

    zone: str
    public: IPv4Network
    private: IPv4Network


def address_plan(cidr: IPv4Network, region: str, zones: int) -> tuple[ZoneAddresses, ...]:
    """Public subnets lie in the lower half of the network, private ones in the upper half; a zone keeps its slot."""
    slots = list(cidr.subnets(prefixlen_diff=3))
    return tuple(
        ZoneAddresses(f"{region}{letter}", public=slots[index], private=slots[_PRIVATE_SLOT + index])
        for index, letter in enumerate(ZONE_LETTERS[:zones])
    )


def ipv6_slot(tier: Tier, zone: str) -> int:
    """Which /64 of the VPC's /56 a subnet has; which /56 that is, Amazon decides."""
    return _FIRST_IPV6_SLOT[tier] + ZONE_LETTERS.index(zone[-1])


def ipv6_subnet(block: str, slot: int) -> str:
    """The /64 in that slot of a VPC's block."""
    first = int(IPv6Network(block).network_address)
    return str(IPv6Network((first + (slot << (128 - _IPV6_SUBNET)), _IPV6_SUBNET)))
