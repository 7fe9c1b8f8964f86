"""Settling: local times become instants and digits become thousandths, once the file's decisions are made."""

from datetime import tzinfo
from typing import Final

from apps.common.imports.days import Order
from apps.common.imports.decimals import Sign
from apps.heating.imports.numbers import Scale
from apps.heating.imports.rows import Rows
from apps.heating.imports.times import DAY_FIRST, EITHER, INSTANT, MONTH_FIRST, instants_of, stored, swapped

_OTHER: Final[dict[Order, int]] = {"day-first": MONTH_FIRST, "month-first": DAY_FIRST}


def settle_values(rows: Rows, scale: Scale, sign: Sign) -> None:
    """Read each value with the file's decimal sign; refuse those that have the other one."""
    values, written = rows.values, rows.written
    for index, how in enumerate(written):
        if how == 0:
            continue
        value = scale.settle(values[index], how, sign)
        if value is None:
            rows.refuse(index, f"{scale.column} is no number with a decimal {sign}")
        else:
            values[index] = value


def settle_times(rows: Rows, order: Order, zone: tzinfo, column: str) -> None:
    """Read each local time with the file's order of day and month, in its zone.

    The hour that autumn has twice is told apart by the order of the rows, where each of its times comes twice.
    """
    at, times = rows.at, rows.times
    twice: dict[tuple[int, int], list[int]] = {}
    ends: dict[int, tuple[int, int]] = {}
    for index, how in enumerate(times):
        if how == INSTANT or index in rows.refusals or index in rows.skips:
            continue
        if how == _OTHER[order]:
            rows.refuse(index, f"{column} is no date with the {order.removesuffix('-first')} first")
            continue
        local = swapped(at[index]) if how == EITHER and order == "month-first" else at[index]
        meter = rows.meters[index]
        ends[meter] = (ends.get(meter, (local, local))[0], local)
        instants = instants_of(local, zone)
        if len(instants) == 1:
            at[index] = instants[0]
        elif instants:
            twice.setdefault((meter, local), []).append(index)
        else:
            rows.refuse(index, f"{column} says {_clock(local)}, an hour that {zone} skips in spring")
    for (meter, local), indices in twice.items():
        _settle_twice(rows, meter, local, indices, zone, column, newest_first=ends[meter][0] > ends[meter][1])


def _settle_twice(
    rows: Rows, meter: int, local: int, indices: list[int], zone: tzinfo, column: str, *, newest_first: bool
) -> None:
    instants = instants_of(local, zone)
    if len(indices) != len(instants):
        for index in indices:
            rows.refuse(
                index, f"{column} says {_clock(local)}, which {zone} has twice in autumn; write it with an offset"
            )
        return
    for index, instant in zip(indices, reversed(instants) if newest_first else instants, strict=True):
        rows.at[index] = instant


def _clock(local: int) -> str:
    return stored(local)[:19].replace("T", " ")
