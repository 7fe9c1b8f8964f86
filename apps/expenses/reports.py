"""Reports: what was spent and earned per month and category, beside the month before, and what a gym visit cost."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pydantic import Field

from apps.common.database import Reader
from apps.common.fields import Kept
from apps.expenses.model import Kind, Tag

MONTHS_AT_MOST = 120


class CategoryMonth(Kept):
    """One category in one month and currency."""

    category_id: str
    name: str
    kind: Kind
    tag: Tag | None
    amount_minor: int
    previous_minor: int = Field(description="The month before")
    count: int = Field(description="How many entries")
    visits: int | None = Field(description="Visits to the gym in the month; only for categories tagged gym")
    per_visit_minor: int | None = Field(description="What one visit cost, rounded half up; null without a visit")


class CurrencyMonth(Kept):
    """One month in one currency."""

    currency: str
    spent_minor: int
    previous_spent_minor: int
    earned_minor: int
    previous_earned_minor: int
    categories: list[CategoryMonth] = Field(description="Spending first, the largest amount first")


class MonthReport(Kept):
    """One month."""

    month: str
    visits: int = Field(description="Visits to the gym, as published by gym")
    currencies: list[CurrencyMonth]


class MonthlyReport(Kept):
    """Months in order, the empty ones included."""

    months: list[MonthReport]
    as_of: str | None = Field(
        description="Time of the last event of gym that was taken in; null when there was none yet"
    )


class _Cell(NamedTuple):
    """What was booked under a category in a month."""

    amount: int
    entries: int


_NOTHING = _Cell(0, 0)


class _Column(NamedTuple):
    """A category in a currency."""

    currency: str
    category_id: str


def monthly(first: str, last: str, reader: Reader) -> MonthlyReport:
    """The report of the months from `first` to `last`, both included."""
    months = list(months_between(month_before(first), last))
    cells: dict[str, dict[_Column, _Cell]] = defaultdict(dict)
    categories: dict[str, tuple[str, Kind, Tag | None]] = {}
    for row in reader.all(
        "SELECT substr(e.occurred_on, 1, 7) AS month, e.currency, e.category_id, c.name, c.kind, c.tag,"
        " sum(e.amount_minor) AS amount, count(*) AS entries"
        " FROM expenses_expense e JOIN expenses_category c ON c.id = e.category_id"
        " WHERE e.occurred_on >= :first AND e.occurred_on <= :last"
        " GROUP BY substr(e.occurred_on, 1, 7), e.currency, e.category_id, c.name, c.kind, c.tag",
        first=f"{months[0]}-01",
        last=f"{last}-31",
    ):
        cells[row["month"]][_Column(row["currency"], row["category_id"])] = _Cell(row["amount"], row["entries"])
        categories[row["category_id"]] = (row["name"], row["kind"], row["tag"])
    visits = _visits(first, last, reader)
    as_of = reader.one("SELECT max(told_at) FROM expenses_gym_visit")
    return MonthlyReport(
        months=[
            MonthReport(
                month=month,
                visits=visits.get(month, 0),
                currencies=list(_currencies(cells[month], cells[before], visits.get(month, 0), categories)),
            )
            for before, month in pairwise(months)
        ],
        as_of=as_of[0] if as_of else None,
    )


def _visits(first: str, last: str, reader: Reader) -> dict[str, int]:
    rows = reader.all(
        "SELECT month, count(*) FROM expenses_gym_visit"
        " WHERE removed = 0 AND month >= :first AND month <= :last GROUP BY month",
        first=first,
        last=last,
    )
    return {row[0]: row[1] for row in rows}


def _currencies(
    now: dict[_Column, _Cell],
    before: dict[_Column, _Cell],
    visits: int,
    categories: dict[str, tuple[str, Kind, Tag | None]],
) -> Iterator[CurrencyMonth]:
    columns = now.keys() | before.keys()
    for currency in sorted({column.currency for column in columns}):
        rows = [
            _category(column, now.get(column, _NOTHING), before.get(column, _NOTHING), visits, categories)
            for column in columns
            if column.currency == currency
        ]
        rows.sort(
            key=lambda row: (row.kind == "income", -row.amount_minor, -row.previous_minor, row.name, row.category_id)
        )
        spent = [row for row in rows if row.kind == "spend"]
        earned = [row for row in rows if row.kind == "income"]
        yield CurrencyMonth(
            currency=currency,
            spent_minor=sum(row.amount_minor for row in spent),
            previous_spent_minor=sum(row.previous_minor for row in spent),
            earned_minor=sum(row.amount_minor for row in earned),
            previous_earned_minor=sum(row.previous_minor for row in earned),
            categories=rows,
        )


def _category(
    column: _Column, now: _Cell, before: _Cell, visits: int, categories: dict[str, tuple[str, Kind, Tag | None]]
) -> CategoryMonth:
    name, kind, tag = categories[column.category_id]
    is_gym = tag == "gym"
    return CategoryMonth(
        category_id=column.category_id,
        name=name,
        kind=kind,
        tag=tag,
        amount_minor=now.amount,
        previous_minor=before.amount,
        count=now.entries,
        visits=visits if is_gym else None,
        per_visit_minor=each(now.amount, visits) if is_gym and visits else None,
    )


def each(minor: int, count: int) -> int:
    """An amount shared by `count`, rounded half up: 49.90 for 6 visits is 8.32 each."""
    return (2 * minor + count) // (2 * count)


def month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1:04d}-12" if number == 1 else f"{year:04d}-{number - 1:02d}"


def months_between(first: str, last: str) -> Iterator[str]:
    """All months from `first` to `last`, both included."""
    year, number = int(first[:4]), int(first[5:])
    while (month := f"{year:04d}-{number:02d}") <= last:
        yield month
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)
