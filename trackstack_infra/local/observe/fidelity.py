"""How faithful the local target is to a stack: the rows of the catalog's table that speak about its resources."""

from collections.abc import Set

from trackstack_infra.catalog import CATALOG
from trackstack_infra.catalog.fidelity import APP, ROWS, FidelityRow


def fidelity_of(types: Set[str]) -> tuple[FidelityRow, ...]:
    """The rows about a stack made of these resource types, in the table's order; the app's code is in every stack."""
    rows = {APP, *(CATALOG[each].fidelity for each in types if each in CATALOG)}
    return tuple(row for row in ROWS if row in rows)
