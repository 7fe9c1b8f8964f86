"""Snapshots: what was kept of a meter when an import of its rows began."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from apps.common.transaction import Readable
from apps.heating import store
from apps.heating.counter import Swap
from apps.heating.imports.times import micros_of
from apps.heating.model import Kind, Meter

_READINGS_AT_ONCE: Final = 2000


@dataclass(frozen=True)
class Kept:
    """A meter of the file: its readings and exchanges, in the order of time. Without a meter there are none."""

    meter: Meter | None
    at: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    swaps: list[tuple[int, Swap]] = field(default_factory=list)
    roll_overs: list[int] = field(default_factory=list)

    def value_at(self, at: int) -> int | None:
        """What the meter showed at that very instant, if it was read."""
        place = bisect_left(self.at, at)
        return self.values[place] if place < len(self.at) and self.at[place] == at else None

    def offset(self, at: int, full_milli: int | None) -> int:
        """What the meter had counted in all by then, beyond what it showed."""
        swapped = sum(swap.old_final_milli - swap.new_start_milli for when, swap in self.swaps if when < at)
        return swapped + sum(full_milli or 0 for each in self.roll_overs if each <= at)

    def totals(self, full_milli: int | None) -> list[tuple[int, int]]:
        """All that is known of it: readings and exchanges, as instants and what was counted in all by then."""
        shifts = bool(self.swaps or self.roll_overs)
        known = [
            (at, value + (self.offset(at, full_milli) if shifts else 0))
            for at, value in zip(self.at, self.values, strict=True)
        ]
        known += [(at, swap.old_final_milli + self.offset(at, full_milli)) for at, swap in self.swaps]
        return sorted(known) if self.swaps else known


def kept_of(kind: Kind, serial: str, reader: Readable) -> Kept:
    """What is kept of a meter."""
    meter = store.meter_with(kind, serial, reader)
    if meter is None:
        return Kept(None)
    kept = Kept(meter)
    for read_at, value, rolled_over in _readings(meter.id, reader):
        at = _micros(read_at)
        kept.at.append(at)
        kept.values.append(value)
        if rolled_over:
            kept.roll_overs.append(at)
    kept.swaps.extend((_micros(swap.at), swap) for _, swap in store.swaps(meter.id, reader))
    return kept


def _readings(meter_id: str, reader: Readable) -> Iterator[tuple[str, int, int]]:
    """The readings in parts, so that they are never all there as texts."""
    after = ""
    while rows := reader.all(
        "SELECT read_at, value_milli, rolled_over FROM heating_reading WHERE meter_id = :meter AND read_at > :after"
        " ORDER BY read_at LIMIT :limit",
        meter=meter_id,
        after=after,
        limit=_READINGS_AT_ONCE,
    ):
        yield from rows  # type: ignore[misc]
        after = rows[-1][0]


def _micros(text: str) -> int:
    return micros_of(datetime.fromisoformat(text))
