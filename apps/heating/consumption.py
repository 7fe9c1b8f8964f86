"""What a meter used in a month, in kilowatt hours, and what that cost. Pure arithmetic in whole numbers.

A month is cut where a tariff or a conversion begins. The meter's total at each cut comes from its curve; each piece is
rounded to a thousandth of a kWh, the month's work price and base price to the minor unit, halves to even.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Final

from apps.heating.curve import Curve, divided
from apps.heating.model import CONVERTED, Conversion, Meter, Tariff
from apps.heating.months import days_of, month_after, start_of, start_of_month

# kwh_milli · price_e5 / this = minor units
_PRICE_SCALE: Final = 1000 * 100_000
# value_milli · calorific_milli · z_e4 / this = kwh_milli
_CONVERSION_SCALE: Final = 1000 * 10_000


@dataclass(frozen=True)
class Cost:
    """What a month cost, in minor units."""

    work_minor: int
    base_minor: int
    currency: str

    @property
    def total_minor(self) -> int:
        return self.work_minor + self.base_minor


@dataclass(frozen=True)
class Usage:
    """One month of a meter. None is what cannot be said, and `missing` says why."""

    month: str
    amount_milli: int | None  # in the meter's unit
    kwh_milli: int | None
    cost: Cost | None
    complete: bool  # the readings reach from the month's begin to its end
    estimated: bool  # some total was interpolated
    missing: str | None


def usage_of(
    month: str, curve: Curve, meter: Meter, conversions: Sequence[Conversion], tariffs: Sequence[Tariff], zone: tzinfo
) -> Usage:
    """One month; conversions and tariffs in the order of their first days."""
    begins, ends = start_of_month(month, zone), start_of_month(month_after(month), zone)
    start, end = (max(begins, curve.first), min(ends, curve.last)) if curve.points else (begins, begins)
    if start >= end:
        return Usage(month, None, None, None, complete=False, estimated=False, missing="no readings")
    complete = (start, end) == (begins, ends)
    amount = curve.total_milli(end) - curve.total_milli(start)
    days = [*(each.valid_from for each in conversions), *(each.valid_from for each in tariffs)]
    cuts = _cuts(start, end, days, zone)
    estimated = not all(curve.knows(cut) for cut in cuts)
    pieces: list[tuple[datetime, int]] = []
    for left, right in pairwise(cuts):
        kwh = _kwh_milli(curve.total_milli(right) - curve.total_milli(left), left, meter, conversions, zone)
        if kwh is None:
            missing = f"no conversion to kWh for {left.astimezone(zone):%Y-%m-%d}"
            return Usage(month, amount, None, None, complete, estimated, missing)
        pieces.append((left, kwh))
    cost = _cost(month, pieces, tariffs, zone)
    return Usage(
        month,
        amount,
        sum(kwh for _, kwh in pieces),
        cost if isinstance(cost, Cost) else None,
        complete,
        estimated,
        None if isinstance(cost, Cost) else cost,
    )


def _cuts(start: datetime, end: datetime, days: Sequence[str], zone: tzinfo) -> list[datetime]:
    begins = {start_of(day, zone) for day in days}
    return [start, *sorted(cut for cut in begins if start < cut < end), end]


def _kwh_milli(
    amount_milli: int, at: datetime, meter: Meter, conversions: Sequence[Conversion], zone: tzinfo
) -> int | None:
    if meter.kind not in CONVERTED:
        return amount_milli
    valid = [each for each in conversions if start_of(each.valid_from, zone) <= at]
    if not valid:
        return None
    return divided(amount_milli * valid[-1].calorific_milli * valid[-1].z_e4, _CONVERSION_SCALE)


def _cost(month: str, pieces: Sequence[tuple[datetime, int]], tariffs: Sequence[Tariff], zone: tzinfo) -> Cost | str:
    """The cost, or why there is none. The base price is the whole month's, by days where a tariff begins in it."""
    by_day = [_tariff_on(f"{month}-{day:02d}", tariffs) for day in range(1, days_of(month) + 1)]
    work = 0
    for at, kwh in pieces:
        tariff = _tariff_on(f"{at.astimezone(zone):%Y-%m-%d}", tariffs)
        if tariff is None:
            return f"no tariff for {at.astimezone(zone):%Y-%m-%d}"
        work += kwh * tariff.work_price_e5_minor_per_kwh
    base = sum(tariff.base_price_minor_per_month for tariff in by_day if tariff)
    return Cost(divided(work, _PRICE_SCALE), divided(base, len(by_day)), tariffs[0].currency)


def _tariff_on(day: str, tariffs: Sequence[Tariff]) -> Tariff | None:
    valid = [each for each in tariffs if each.valid_from <= day]
    return valid[-1] if valid else None
