"""Entries: what a row of any statement means."""

from typing import NamedTuple

from apps.expenses.model import Kind


class Entry(NamedTuple):
    """One row of a statement, normalised: `amount_minor` is positive for what was spent or earned."""

    day: str
    kind: Kind
    amount_minor: int
    currency: str
    category: str
    subcategory: str
    payee: str
    account: str
    note: str
    old_key: str | None = None
    """The key under which a version before imports had ids kept this row."""
