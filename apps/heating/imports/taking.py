"""Taking: readings of a file are written, each once, and taken back when the import is undone.

A reading is known by its meter and instant. Its key is of these and its value, so that a reading its owner has deleted
stays deleted. Since others may have written since the file was judged, each is checked once more by its neighbours.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from apps.common.database import Transaction
from apps.common.imports import runs
from apps.common.imports.intake import KNOWN, TAKEN, Outcome, Run
from apps.heating import store
from apps.heating.counter import Mark, Swap, consumed, units
from apps.heating.imports import store as import_store
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
        tx = target.tx
        self._meter = store.meter_with(target.kind, serial, tx)
        self._digits = (self._meter.digits if self._meter else None) or target.digits
        self._full = None if self._digits is None else 1000 * 10**self._digits
        self._there: list[Mark] = []
        self._swaps: list[Swap] = []
        self._new: list[import_store.NewReading] = []

    def take(self, rows: Sequence[Taken]) -> list[Outcome]:
        """Write these rows, which are in the order of time."""
        marks = [self._marks(row) for row in rows]
        if self._meter is not None:
            instants = [mark.at for each in marks for mark in each]
            self._there = import_store.marks_around(self._meter.id, sorted(instants), self._target.tx)
            self._swaps = [swap for _, swap in store.swaps(self._meter.id, self._target.tx)]
        deleted = self._deleted([self._key(each[-1]) for each in marks])
        are_alone = not deleted and self._are_alone(marks)
        outcomes = [
            KNOWN if deleted and self._key(each[-1]) in deleted else self._put(each, is_checked=are_alone)
            for each in marks
        ]
        if self._new:
            self._write()
        return outcomes

    def _marks(self, row: Taken) -> list[Mark]:
        own = Mark(stored(row.at), row.value_milli, row.rolled_over)
        return [own] if row.begin is None else [Mark(stored(row.begin[0]), row.begin[1]), own]

    def _key(self, mark: Mark) -> str:
        return f"{self._prefix}{mark.at} {mark.value_milli}"

    def _deleted(self, keys: Sequence[str]) -> set[str]:
        """Which of these were taken before, so that their reading was deleted or moved since."""
        tx, run = self._target.tx, self._target.run
        kept = import_store.kept_among(keys, tx)
        if not kept or not run.again:
            return set(kept)
        there = runs.existing_records(tx, "heating_reading", kept.values())
        return {key for key, record in kept.items() if record in there}

    def _are_alone(self, rows: Sequence[Sequence[Mark]]) -> bool:
        """Whether nothing is there between these readings, and all of them fit among themselves and where they go."""
        marks = [mark for row in rows for mark in row]
        first, last = marks[0], marks[-1]
        if self._swaps or any(first.at <= there.at <= last.at for there in self._there):
            return False
        if any(mark.rolled_over for mark in marks) or not all(
            one.at < two.at and one.value_milli <= two.value_milli for one, two in pairwise(marks)
        ):
            return False
        try:
            self._check(first)
            self._check(last)
        except ValueError:
            return False
        return True

    def _put(self, marks: Sequence[Mark], *, is_checked: bool) -> Outcome:
        """Put a row's readings between what is there; refused when they do not fit."""
        before = len(self._new)
        for mark in marks:
            try:
                if not is_checked:
                    self._check(mark)
            except ValueError as error:
                del self._new[before:]
                return Outcome("refused", str(error))
            self._new.append(
                import_store.NewReading(
                    self._target.tx.new_id(), mark.at, mark.value_milli, int(mark.rolled_over), self._key(mark)
                )
            )
        return TAKEN

    def _check(self, mark: Mark) -> None:
        place = bisect_left(self._there, mark.at, key=_at)
        before = self._there[place - 1] if place else None
        if self._new and (before is None or self._new[-1].at > before.at):
            before = Mark(self._new[-1].at, self._new[-1].value_milli)
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

    def _write(self) -> None:
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
        import_store.put_new(self._meter.id, run.id, self._new, tx)


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
