"""Taking: readings of a file are written, each once, and taken back when the import is undone.

A reading is known by its meter and instant. Its key is of these and its value, so that a reading its owner has deleted
stays deleted. Since others may have written since the file was judged, each is checked once more by its neighbours.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import le, lt
from typing import NamedTuple

from apps.common.database import Transaction
from apps.common.imports import runs
from apps.common.imports.intake import KNOWN, TAKEN, Outcome, Run
from apps.heating import store
from apps.heating.counter import Mark, Swap, consumed, units
from apps.heating.imports import store as import_store
from apps.heating.imports.store import NewReading
from apps.heating.imports.times import stored
from apps.heating.model import Kind, Meter


class Taken(NamedTuple):
    """What a row means: the place of its meter, what that showed and when, and what was found out about it."""

    meter: int
    at: int
    value_milli: int
    rolled_over: bool
    known: bool
    begin: tuple[int, int] | None
    """Another reading that comes with it, where its interval begins: instant and value."""


@dataclass(frozen=True)
class Target:
    """Where the readings of a file go."""

    kind: Kind
    digits: int | None
    tx: Transaction
    run: Run


def take(rows: Sequence[Taken], serials: Sequence[str], target: Target) -> list[Outcome]:
    """Write a part of a file; one outcome a row, in their order."""
    outcomes = [KNOWN] * len(rows)
    by_meter: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        if not row.known:
            by_meter.setdefault(row.meter, []).append(place)
    for meter, places in by_meter.items():
        places.sort(key=lambda place: rows[place].at)
        taken = _MeterPart(serials[meter], target).take([rows[place] for place in places])
        for place, outcome in zip(places, taken, strict=True):
            outcomes[place] = outcome
    return outcomes


class _MeterPart:
    """The rows of one meter in one part."""

    def __init__(self, serial: str, target: Target) -> None:
        self._target = target
        self._serial = serial
        self._prefix = f"{target.kind} {serial} "
        self._meter = store.meter_with(target.kind, serial, target.tx)
        self._digits = (self._meter.digits if self._meter else None) or target.digits
        self._full = None if self._digits is None else 1000 * 10**self._digits
        self._there: list[Mark] = []
        self._swaps: list[Swap] = []

    def take(self, rows: Sequence[Taken]) -> list[Outcome]:
        """Write these rows, which are in the order of time."""
        readings = self._readings(rows)
        if self._meter is not None:
            self._there = import_store.marks_around(self._meter.id, [each.at for each in readings], self._target.tx)
            self._swaps = [swap for _, swap in store.swaps(self._meter.id, self._target.tx)]
        outcomes = [TAKEN] * len(rows)
        for key in self._deleted(readings):
            outcomes[key] = KNOWN
        are_alone = KNOWN not in outcomes and self._fit_together(readings)
        if not are_alone:
            readings = self._checked(readings, outcomes)
        if readings:
            self._write(readings, are_alone=are_alone)
        return outcomes

    def _readings(self, rows: Sequence[Taken]) -> list[NewReading]:
        """The readings of these rows: where an interval begins there may be one as well, and it comes first."""
        new_id = self._target.tx.new_id
        readings: list[NewReading] = []
        for place, row in enumerate(rows):
            if row.begin is not None:
                readings.append(NewReading(new_id(), stored(row.begin[0]), row.begin[1], 0, place))
            readings.append(NewReading(new_id(), stored(row.at), row.value_milli, int(row.rolled_over), place))
        return readings

    def _deleted(self, readings: Sequence[NewReading]) -> list[int]:
        """The rows that were taken before, so that their reading was deleted or moved since."""
        tx, run = self._target.tx, self._target.run
        kept = import_store.kept_among(self._prefix, readings, tx)
        if not kept:
            return []
        there = runs.existing_records(tx, "heating_reading", kept.values()) if run.again else set(kept.values())
        own = {each.row: each for each in readings}  # the last of a row is its own
        return [row for row, each in own.items() if kept.get(each.key(self._prefix)) in there]

    def _fit_together(self, readings: Sequence[NewReading]) -> bool:
        """Whether nothing is there between these readings, and they fit among themselves and where they go."""
        first, last = readings[0], readings[-1]
        if self._swaps or any(first.at <= there.at <= last.at for there in self._there):
            return False
        at, values = [each.at for each in readings], [each.value_milli for each in readings]
        if not all(map(lt, at, at[1:])) or not all(map(le, values, values[1:])):
            return False
        if any(each.rolled_over for each in readings):
            return False
        try:
            self._check(first, None)
            self._check(last, None)
        except ValueError:
            return False
        return True

    def _checked(self, readings: Sequence[NewReading], outcomes: list[Outcome]) -> list[NewReading]:
        """The readings that fit one by one; the rows of the others are refused."""
        fitting: list[NewReading] = []
        for row, group in groupby(readings, key=lambda each: each.row):
            if outcomes[row] is KNOWN:
                continue
            before = len(fitting)
            try:
                for each in group:
                    self._check(each, fitting[-1] if fitting else None)
                    fitting.append(each)
            except ValueError as error:
                del fitting[before:]
                outcomes[row] = Outcome("refused", str(error))
        return fitting

    def _check(self, new: NewReading, newest: NewReading | None) -> None:
        """Raise ValueError when a reading does not fit between what is there and the newest one that is to be."""
        mark = Mark(new.at, new.value_milli, bool(new.rolled_over))
        place = bisect_left(self._there, mark.at, key=_at)
        before = self._there[place - 1] if place else None
        if newest is not None and (before is None or newest.at > before.at):
            before = Mark(newest.at, newest.value_milli)
        after = self._there[place] if place < len(self._there) else None
        for other in (before, after):
            if other is not None and other.at == mark.at:
                raise ValueError(f"a reading of {units(other.value_milli)} at {mark.at} already exists")
        consumed(before, mark, self._between(before, mark), self._full)
        if after is not None:
            consumed(mark, after, self._between(mark, after), self._full)

    def _between(self, first: Mark | None, second: Mark) -> Sequence[Swap]:
        if not self._swaps:
            return ()
        begin = 0 if first is None else bisect_right(self._swaps, first.at, key=_at)
        return self._swaps[begin : bisect_left(self._swaps, second.at, key=_at)]

    def _write(self, readings: Sequence[NewReading], *, are_alone: bool) -> None:
        tx, run = self._target.tx, self._target.run
        if self._meter is None:
            self._meter = Meter(
                id=tx.new_id(),
                kind=self._target.kind,
                serial=self._serial,
                name=None,
                digits=self._digits,
                conversions=(),
                version=1,
            )
            store.put_meter(self._meter, tx)
            import_store.note_made(self._meter.id, run.id, tx)
        elif self._meter.digits != self._digits:
            changed = self._meter.model_copy(update={"digits": self._digits, "version": self._meter.version + 1})
            store.put_meter(changed, tx)
        import_store.put_new(self._meter.id, readings, tx)
        if are_alone:
            first, last = readings[0].at, readings[-1].at
            import_store.note_rows_between(self._meter.id, run.id, self._prefix, first, last, tx)
        else:
            import_store.note_rows(self._prefix, run.id, readings, tx)


def _at(item: Mark | Swap) -> str:
    return item.at


class UndoReadings:
    """How an imported reading is taken back, and with the last one its meter, if the import has made it."""

    def is_edited(self, tx: Transaction, run_id: str, record_id: str) -> bool:
        """Whether its owner has changed it."""
        reading = store.reading(record_id, tx)
        return reading is not None and reading.version > 1

    def remove(self, tx: Transaction, run_id: str, record_id: str) -> bool:
        """Delete it. That the meter has rolled over is then told by the reading after it."""
        reading = store.reading(record_id, tx)
        if reading is not None:
            store.delete_reading(record_id, tx)
            if reading.rolled_over:
                import_store.pass_on_roll_over(reading.meter_id, reading.read_at, run_id, tx)
        for meter_id in import_store.made_and_unused(run_id, tx):
            store.delete_meter(meter_id, tx)
        return reading is not None
