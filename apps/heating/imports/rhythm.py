"""Rhythm: how long the intervals of a file are, where it names only one end of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from itertools import pairwise
from typing import Final, Literal

from apps.heating.imports.times import instant_at, micros_of
from apps.heating.months import month_after, month_of

_HOUR: Final = 3_600_000_000
_DAY: Final = 24 * _HOUR


@dataclass(frozen=True)
class Rhythm:
    """Intervals of so many microseconds, or local days or months, which summer time makes longer and shorter."""

    each: Literal["fixed", "day", "month"]
    micros: int
    zone: tzinfo

    def after(self, at: int) -> int:
        """The end of the interval that begins then."""
        return self._moved(at, 1)

    def before(self, at: int) -> int:
        """The begin of the interval that ends then."""
        return self._moved(at, -1)

    def _moved(self, at: int, by: int) -> int:
        if self.each == "fixed":
            return at + by * self.micros
        local = instant_at(at).astimezone(self.zone)
        if self.each == "day":
            return micros_of(local.replace(fold=0) + timedelta(days=by))
        month = month_after(month_of(local, self.zone)) if by > 0 else f"{local.replace(day=1) - timedelta(1):%Y-%m}"
        return micros_of(local.replace(year=int(month[:4]), month=int(month[5:])))


def rhythm_of(times: Sequence[int], zone: tzinfo) -> Rhythm | None:
    """The rhythm of these instants, which are in order; None when two of them are not to be had."""
    gaps = Counter(second - first for first, second in pairwise(times) if second > first)
    if not gaps:
        return None
    usual = gaps.most_common(1)[0][0]
    if 23 * _HOUR <= usual <= 25 * _HOUR:
        return Rhythm("day", usual, zone)
    if 28 * _DAY - _HOUR <= usual <= 31 * _DAY + _HOUR and _same_day_of_month(times, zone):
        return Rhythm("month", usual, zone)
    return Rhythm("fixed", usual, zone)


def _same_day_of_month(times: Sequence[int], zone: tzinfo) -> bool:
    days = {instant_at(at).astimezone(zone).day for at in times}
    return len(days) == 1 and max(days) <= 28
