"""Which property names a resource, and which names AWS accepts, as the catalog says; but for those the engine makes."""

from typing import Final

from trackstack_infra.catalog import CATALOG

_BY_A_PROGRAM: Final = {
    each.token: (each.name.property, each.name.accepted)
    for each in CATALOG.values()
    if each.name and each.name.accepted is not None
}
NAMED_BY: Final = {token: key for token, (key, _) in _BY_A_PROGRAM.items()}
ACCEPTED: Final = {token: accepted for token, (_, accepted) in _BY_A_PROGRAM.items()}
