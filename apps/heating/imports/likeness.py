"""Likeness: files that look like something else than they say. None of them is taken before its owner says which."""

from collections.abc import Sequence
from itertools import pairwise
from operator import sub
from typing import Final

from apps.common.problem import Unprocessable
from apps.heating.counter import units
from apps.heating.imports.rows import Rows
from apps.heating.imports.snapshot import Kept
from apps.heating.imports.units import Pace

LEAST_W: Final = 10
"""The average power below which a heat or electricity meter hardly stays: 88 kWh a year."""

_SHOWN_AT_MOST: Final = 1_000_000
"""A meter in MWh shows less than 1,000 for decades."""

_MICROS_PER_HOUR: Final = 3_600_000_000


def refuse_intervals(rows: Rows, indices: Sequence[int], column: str, pace: Pace) -> None:
    """Refuse a file of levels that goes down, or leaps beyond what it was, at a quarter of its changes: 422.

    Unless a meter could not use so much from one row to the next: what it shows is mostly more than that.
    """
    values, lines = rows.values, rows.lines
    shown = [values[index] for index in indices]
    steps = list(map(sub, shown[1:], shown))
    if not steps or (min(steps) >= 0 and max(steps) <= shown[0]):
        return
    changes, odd = 0, []
    for first, second in pairwise(indices):
        before, after = values[first], values[second]
        if before == after:
            continue
        changes += 1
        if after < before or (after - before > before > 0):
            odd.append((first, second))
    is_leap_alone = len(odd) == 1 and min(steps) >= 0  # how a counter begins
    if not odd or is_leap_alone or len(odd) * 4 < changes:
        return
    usual = (rows.at[indices[-1]] - rows.at[indices[0]]) // (len(indices) - 1)
    if sum(pace.allows(values[index], usual) for index in indices) * 10 < len(indices) * 9:
        return
    first, second = odd[0]
    raise Unprocessable(
        "values go down or steps are larger than levels: this looks like interval values;"
        f" in {len(odd)} of {changes} changes, such as from line {lines[first]} ({column} {units(values[first])})"
        f" to line {lines[second]} ({units(values[second])}). If they are what the meter used from one row to the next,"
        " import with values=interval; if they are what it showed, with values=level"
    )


def refuse_small(rows: Rows, indices: Sequence[int], column: str, *, interval: bool) -> None:
    """Refuse a file in kWh whose meter hardly counts, as one in MWh would: 422."""
    if len(indices) < 2:
        return
    first, last = indices[0], indices[-1]
    hours_micros = rows.at[last] - rows.at[first]
    used = sum(rows.values[index] for index in indices[:-1]) if interval else rows.values[last] - rows.values[first]
    if (
        used <= 0
        or max(map(rows.values.__getitem__, indices)) >= _SHOWN_AT_MOST
        or used * _MICROS_PER_HOUR >= LEAST_W * hours_micros
    ):
        return
    raise Unprocessable(
        f"{column} rises by {units(used)} kWh from line {rows.lines[first]} ({units(rows.values[first])}) to line"
        f" {rows.lines[last]} ({units(rows.values[last])}), less than {LEAST_W} W: this looks like MWh, or like a point"
        " between thousands. Import with unit=MWh, with decimal=comma, or with unit=kWh if it is right as it stands"
    )


def refuse_jump(rows: Rows, indices: Sequence[int], kept: Kept, column: str) -> None:
    """Refuse a file whose values are a thousandth, or a thousand times, of what is kept of its meter: 422."""
    first = next(iter(indices), None)
    if first is None or not kept.at or kept.at[0] >= rows.at[first]:
        return
    last = max((at, value) for at, value in zip(kept.at, kept.values, strict=True) if at < rows.at[first])
    now, before = rows.values[first], last[1]
    if not before or not now:
        return
    for times, is_so, advice in (
        ("a thousandth of", 500 * now <= before <= 1000 * now, "unit=MWh, or with decimal=comma"),
        # Only a meter that has counted for long: one just put in comes to a thousand times its first value by itself.
        ("a thousand times", before >= _SHOWN_AT_MOST and 1000 * before <= now <= 2000 * before, "unit=Wh"),
    ):
        if is_so:
            raise Unprocessable(
                f"line {rows.lines[first]} ({column} {units(now)}) is about {times} the {units(before)} that is kept"
                f" before it: another unit. Import with {advice}, or with unit=kWh if it is right as it stands"
            )
