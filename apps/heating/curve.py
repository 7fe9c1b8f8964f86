"""The curve of a meter: how much it has counted in all at any instant, over exchanges and roll-overs.

Between two known points it is a straight line: the same amount each second. Exact whole numbers, rounded once a point.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apps.common.clock import instant_of
from apps.heating.counter import Mark, Swap

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Point:
    """How much the meter has counted in all at an instant, from an arbitrary start."""

    at: int  # microseconds since 1970
    total_milli: int


@dataclass(frozen=True)
class Curve:
    """Known points in the order of time."""

    points: tuple[Point, ...]

    @property
    def first(self) -> datetime:
        return _EPOCH + timedelta(microseconds=self.points[0].at)

    @property
    def last(self) -> datetime:
        return _EPOCH + timedelta(microseconds=self.points[-1].at)

    def total_milli(self, instant: datetime) -> int:
        """How much was counted by then, half a thousandth rounded to even. The instant lies between first and last."""
        at = _micros(instant)
        right = bisect_left(self.points, at, key=lambda point: point.at)
        after = self.points[right]
        if after.at == at:
            return after.total_milli
        before = self.points[right - 1]
        share = (after.total_milli - before.total_milli) * (at - before.at)
        return before.total_milli + divided(share, after.at - before.at)

    def knows(self, instant: datetime) -> bool:
        """Whether the meter was read at that very instant."""
        at = _micros(instant)
        right = bisect_left(self.points, at, key=lambda point: point.at)
        return right < len(self.points) and self.points[right].at == at


def curve_of(marks: Iterable[Mark], swaps: Sequence[Swap], roll_overs: Sequence[str], full_milli: int | None) -> Curve:
    """The curve through these marks and swaps. Marks may be left out where nobody asks, swaps and roll-overs may not.

    `roll_overs` are the instants of all marks that have rolled over.
    """
    kept = sorted(marks, key=lambda mark: mark.at)
    if not kept:
        return Curve(())
    points = [(mark.at, mark.value_milli + _offset(mark.at, swaps, roll_overs, full_milli)) for mark in kept]
    # A swap is a reading of the old meter. Before the first mark nothing says what it had counted.
    points += [
        (swap.at, swap.old_final_milli + _offset(swap.at, swaps, roll_overs, full_milli))
        for swap in swaps
        if swap.at > kept[0].at
    ]
    return Curve(tuple(Point(_micros(instant_of(at)), total) for at, total in sorted(points)))


def _offset(at: str, swaps: Sequence[Swap], roll_overs: Sequence[str], full_milli: int | None) -> int:
    """What the meter had counted by then beyond what it shows."""
    swapped = sum(swap.old_final_milli - swap.new_start_milli for swap in swaps if swap.at < at)
    return swapped + sum(full_milli or 0 for each in roll_overs if each <= at)


def divided(amount: int, parts: int) -> int:
    """A quotient of whole numbers, half a unit rounded to even."""
    whole, rest = divmod(amount, parts)
    return whole + (2 * rest > parts or (2 * rest == parts and whole % 2 == 1))


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)
