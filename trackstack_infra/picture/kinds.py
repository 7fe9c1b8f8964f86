"""What people call a resource type, and which types are only the small print of a part, as the catalog says."""

from __future__ import annotations

import re
from typing import Final

from trackstack_infra.catalog import CATALOG
from trackstack_infra.catalog.resource_type import Drawn, Family

UNKNOWN_RANK: Final = 1_000_000  # after every type of the catalog


def is_small_print(type_: str) -> bool:
    """Whether it never makes a box of its own: a policy, a route, a log group, a setting of something bigger."""
    return type_ in CATALOG and CATALOG[type_].drawn is None


def kind_of(type_: str) -> Drawn:
    """How a type appears; one that the catalog does not know is called by its own name, in plain words."""
    known = CATALOG[type_].drawn if type_ in CATALOG else None
    if known:
        return known
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", type_.rpartition(":")[2]).lower()
    return Drawn(words, Family.OTHER, UNKNOWN_RANK)
