"""What a visit to the gym costs, by month: visits are ours, costs are what expenses has published."""

from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import Field

from apps.common.database import Reader
from apps.common.fields import Kept
from apps.common.problem import FieldError, Unprocessable
from apps.gym.membership import (
    ROLLING_MONTHS,
    CostPerVisit,
    cost_per_visit,
    months_before,
    months_between,
)
from apps.gym.store import COSTS

MONTHS_AT_MOST: Final = 120


class VisitCost(Kept):
    """What was paid in one currency, and what that is per visit."""

    currency: str
    cost_minor: int
    per_visit_minor: Annotated[int | None, Field(description="Rounded half up; null without a visit")]


class VisitMonth(Kept):
    """Visits and their cost in a month, and in the twelve months that end with it."""

    month: str
    visits: int
    costs: list[VisitCost]
    rolling_visits: int
    rolling_costs: list[VisitCost]


class CostPerVisitReport(Kept):
    """What a visit costs, by month. The costs are what expenses has published so far: `as_of` says until when."""

    as_of: str | None
    months: list[VisitMonth]


def visit_costs(first: str | None, last: str | None, reader: Reader) -> CostPerVisitReport:
    """The report of these months; by default of the twelve that end with the newest visit or payment."""
    last = last or _newest_month(reader)
    if last is None:
        return CostPerVisitReport(as_of=COSTS.as_of(reader), months=[])
    months = months_between(first or months_before(last, ROLLING_MONTHS - 1), last)
    if not 1 <= len(months) <= MONTHS_AT_MOST:
        raise Unprocessable(
            f"a report covers 1 to {MONTHS_AT_MOST} months; {first} to {last} does not",
            errors=[FieldError("to", f"not within {MONTHS_AT_MOST} months after {first}")],
        )
    from_month = months_before(months[0], ROLLING_MONTHS - 1)
    rows = cost_per_visit(months, _visits(from_month, last, reader), COSTS.sums(from_month, last, reader))
    return CostPerVisitReport(
        as_of=COSTS.as_of(reader),
        months=[
            VisitMonth(
                month=each.month,
                visits=each.alone.visits,
                costs=list(_costs(each.alone)),
                rolling_visits=each.rolling.visits,
                rolling_costs=list(_costs(each.rolling)),
            )
            for each in rows
        ],
    )


def _visits(first: str, last: str, reader: Reader) -> dict[str, int]:
    rows = reader.all(
        "SELECT substr(started_at, 1, 7), count(*) FROM gym_workout WHERE completed = 1"
        " AND substr(started_at, 1, 7) BETWEEN :first AND :last GROUP BY substr(started_at, 1, 7)",
        first=first,
        last=last,
    )
    return {row[0]: row[1] for row in rows}


def _newest_month(reader: Reader) -> str | None:
    row = reader.one("SELECT max(substr(started_at, 1, 7)) FROM gym_workout WHERE completed = 1")
    paid = COSTS.months(reader)
    months = [month for month in (row and row[0], paid and paid[1]) if month]
    return max(months, default=None)


def _costs(months: CostPerVisit) -> Iterable[VisitCost]:
    return (
        VisitCost(currency=each.currency, cost_minor=each.minor, per_visit_minor=months.per_visit(each))
        for each in months.costs
    )
