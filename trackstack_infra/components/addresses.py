"""The address plan of a network: a pure function, because a subnet that moves is a subnet replaced."""

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

ZONE_LETTERS: Final = "abc"
# Eight slots of equal size, whatever the number of zones: a zone that is added later moves nobody.
_PRIVATE_SLOT: Final = 4


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
