"""What has a name, and what can have no tags, as the catalog says."""

from collections.abc import Mapping
from typing import Final

from trackstack_infra.catalog import CATALOG
from trackstack_infra.catalog.resource_type import ChosenBy


def _named(*chosen_by: ChosenBy) -> Mapping[str, str]:
    return {
        each.token: each.name.property for each in CATALOG.values() if each.name and each.name.chosen_by in chosen_by
    }


# Type -> the property that names it: those that name project and stack, and those the engine makes up.
NAMED: Final = _named(ChosenBy.STACK)
ENGINE_NAMED: Final = _named(ChosenBy.ENGINE)
UNTAGGED: Final = frozenset(each.token for each in CATALOG.values() if not each.tags)
