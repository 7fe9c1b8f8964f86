"""What a visit to the gym costs: each month alone, and over the twelve months that end with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apps.common.money import Money

ROLLING_MONTHS: Final = 12


@dataclass(frozen=True)
class CostPerVisit:
    """Visits and costs of a month or of twelve; a currency each, as amounts of two currencies do not add up."""

    visits: int
    costs: tuple[Money, ...]

    def per_visit(self, cost: Money) -> int | None:
        """Minor units per visit, half a unit rounded up; None without a visit."""
        return None if self.visits == 0 else _divided(cost.minor, self.visits)


@dataclass(frozen=True)
class MonthlyCost:
    """One month, and the twelve that end with it."""

    month: str
    alone: CostPerVisit
    rolling: CostPerVisit


def months_between(first: str, last: str) -> list[str]:
    """All months from the first to the last: `2026-11`, `2026-12`, `2027-01`."""
    return [_month(index) for index in range(_index(first), _index(last) + 1)]


def months_before(month: str, count: int) -> str:
    """The month that lies `count` months before."""
    return _month(_index(month) - count)


def cost_per_visit(
    months: list[str], visits: Mapping[str, int], costs: Mapping[tuple[str, str], int]
) -> list[MonthlyCost]:
    """`visits` by month, `costs` in minor units by month and currency."""
    return [
        MonthlyCost(
            month,
            _sum([month], visits, costs),
            _sum(months_between(months_before(month, ROLLING_MONTHS - 1), month), visits, costs),
        )
        for month in months
    ]


def _sum(months: list[str], visits: Mapping[str, int], costs: Mapping[tuple[str, str], int]) -> CostPerVisit:
    within = set(months)
    totals: dict[str, int] = {}
    for (month, currency), minor in costs.items():
        if month in within:
            totals[currency] = totals.get(currency, 0) + minor
    return CostPerVisit(
        sum(visits.get(month, 0) for month in months),
        tuple(Money(totals[currency], currency) for currency in sorted(totals)),
    )


def _divided(amount: int, parts: int) -> int:
    return (2 * amount + parts) // (2 * parts)


def _index(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
