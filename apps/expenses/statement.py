"""Statements: the CSV files expenses can be imported from, and what a row of them means.

A row is dated `20/09/2018`, with or without a time, or `2018-09-20`. Spreadsheets that expect the month first spoil
such files: they take each `12/09/2018` for the 9th of December and save it as `2018-12-09`, and leave alone what cannot
be a month (`13/09/2018`). `reading_of` recognises such a file as a whole, and its dashed dates are read as meant.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from apps.common.imports.old import Format, Row
from apps.common.money import CURRENCIES, minor_of
from apps.expenses.model import Kind

Reading = Literal["year-month-day", "year-day-month"]
"""What a dashed date means: 2018-12-09 is the 9th of December, or the 12th of September."""

_SLASHED = re.compile(r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})(?: [0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")
_DASHED = re.compile(
    r"(?P<year>[0-9]{4})-(?P<second>[0-9]{2})-(?P<third>[0-9]{2})(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_MONTHS = 12

KINDS: Mapping[str, Kind] = {"expense": "spend", "income": "income"}


@dataclass(frozen=True)
class Entry:
    """One row of a statement. The date stays as written: what it means depends on the whole file."""

    dated: str
    account: str
    category: str
    kind: Kind
    subcategory: str
    note: str
    amount: str
    currency: str
    amount_minor: int


def _entry(cells: Mapping[str, str]) -> Entry:
    """The meaning of one row; raises ValueError with why it is refused."""
    booked_as = cells["income/expense"]
    if booked_as.lower().startswith("transfer"):
        raise ValueError(f"{booked_as} moves money between your own accounts: it is neither spent nor earned")
    kind = KINDS.get(booked_as.lower())
    if kind is None:
        raise ValueError(f"Income/Expense says {booked_as!r}; known are Expense, Income and transfers")
    if not _SLASHED.fullmatch(cells["date"]) and not _DASHED.fullmatch(cells["date"]):
        raise ValueError(f"Date says {cells['date']!r}; write it like 20/09/2018, 20/09/2018 12:04:08 or 2018-09-20")
    if not cells["category"]:
        raise ValueError("Category is empty")
    currency = cells["currency"].upper()
    if currency not in CURRENCIES:
        raise ValueError(f"Currency says {cells['currency']!r}; write an ISO 4217 code like EUR")
    minor = minor_of(cells["amount"], currency)
    if minor == 0:
        raise ValueError("Amount is 0: neither spent nor earned")
    return Entry(
        dated=cells["date"],
        account=cells["mode"],
        category=cells["category"],
        kind=kind,
        subcategory=cells["subcategory"],
        note=cells["note"],
        amount=cells["amount"],
        currency=currency,
        amount_minor=minor,
    )


HOUSEHOLD: Format[Entry] = Format(
    "household",
    required=("date", "mode", "category", "subcategory", "note", "amount", "income/expense", "currency"),
    optional=(),
    read=_entry,
    # The row as written, not as understood: another reading of its date must not make it another row.
    identity=lambda row: (
        row.dated,
        row.account,
        row.category,
        row.kind,
        row.subcategory,
        row.note,
        row.amount,
        row.currency,
    ),
)


def reading_of(rows: Sequence[Row[Entry]]) -> Reading | None:
    """How the dashed dates of a file are meant; None when it has none.

    The mark of a spoiled file: it has both forms, no dashed date has a part above 12, and no slashed date has a day up
    to 12, as all of those became dashed ones.
    """
    written = [row.meaning.dated for row in rows if row.meaning is not None]
    dashed = [match for match in map(_DASHED.fullmatch, written) if match]
    slashed = [match for match in map(_SLASHED.fullmatch, written) if match]
    if not dashed:
        return None
    could_be_spoiled = all(int(each["third"]) <= _MONTHS for each in dashed)
    left_alone = all(int(each["day"]) > _MONTHS for each in slashed)
    return "year-day-month" if slashed and could_be_spoiled and left_alone else "year-month-day"


def day_of(dated: str, reading: Reading | None) -> str:
    """The day of a row as 2018-09-20; raises ValueError when there is no such day."""
    slashed = _SLASHED.fullmatch(dated)
    dashed = _DASHED.fullmatch(dated)
    if slashed:
        year, month, day = slashed["year"], slashed["month"], slashed["day"]
    elif dashed and reading == "year-day-month":
        year, day, month = dashed["year"], dashed["second"], dashed["third"]
    elif dashed:
        year, month, day = dashed["year"], dashed["second"], dashed["third"]
    else:
        raise ValueError(f"Date says {dated!r}, which is not a date")
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise ValueError(f"Date says {dated!r}, but there is no such day") from None
