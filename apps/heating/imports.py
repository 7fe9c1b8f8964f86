"""Imports: many readings at once, each once, however often the file comes.

A reading is known by its meter and instant. First every row is judged against its neighbours, kept and new ones alike,
then what was taken is written. Twenty thousand rows are one write.
"""

from bisect import bisect_left, insort
from collections import Counter

from apps.common.database import Transaction
from apps.common.imports.old import ImportResult, Row, RowResult, Sheet
from apps.heating import store
from apps.heating.counter import Mark, Swap, consumed, units
from apps.heating.danish import MeterRow
from apps.heating.model import Kind, Meter

KIND: Kind = "heat_kwh"


def take_readings(tx: Transaction, sheet: Sheet[MeterRow], *, dry_run: bool) -> ImportResult:
    """Take a file of readings in one transaction; a meter that is not known is made on demand."""
    series: dict[str, _Series] = {}
    results = [_judged(row, series, tx) for row in sheet.rows]
    if not dry_run:
        for each in series.values():
            each.write(tx)
    count = Counter(each.result for each in results)
    return ImportResult(taken=count["taken"], known=count["known"], refused=count["refused"], rows=results)


def _judged(row: Row[MeterRow], series: "dict[str, _Series]", tx: Transaction) -> RowResult:
    if row.meaning is None:
        return RowResult(row=row.line, result="refused", reason=row.refusal)
    serial = row.meaning.serial
    if serial not in series:
        series[serial] = _Series(serial, tx)
    try:
        taken = series[serial].take(Mark(row.meaning.read_at, row.meaning.value_milli))
    except ValueError as error:
        return RowResult(row=row.line, result="refused", reason=str(error))
    return RowResult(row=row.line, result="taken" if taken else "known")


class _Series:
    """The readings of one meter: the kept ones, and the new ones between them."""

    def __init__(self, serial: str, tx: Transaction) -> None:
        known = store.meter_with(KIND, serial, tx)
        self._is_new = known is None
        self._meter = known or Meter(
            id=tx.new_id(), kind=KIND, serial=serial, name=None, digits=None, conversions=(), version=1
        )
        self._marks = store.all_marks(self._meter.id, tx)
        self._swaps = [swap for _, swap in store.swaps(self._meter.id, tx)]
        self._values = {mark.at: mark.value_milli for mark in self._marks}
        self._new: list[Mark] = []

    def take(self, mark: Mark) -> bool:
        """Put a reading between its neighbours; False when it is there already, ValueError when it does not fit."""
        kept = self._values.get(mark.at)
        if kept is not None:
            if kept != mark.value_milli:
                raise ValueError(f"a reading of {units(kept)} at {mark.at} already exists")
            return False
        self._check(mark)
        insort(self._marks, mark)
        self._values[mark.at] = mark.value_milli
        self._new.append(mark)
        return True

    def write(self, tx: Transaction) -> None:
        """Write the meter and its new readings."""
        if not self._new:
            return
        if self._is_new:
            store.put_meter(self._meter, tx)
        store.import_readings(self._meter.id, self._new, tx)

    def _check(self, mark: Mark) -> None:
        full = self._meter.full_milli
        if full is not None and mark.value_milli >= full:
            raise ValueError(f"the meter has {self._meter.digits} digits and cannot show {units(mark.value_milli)}")
        if any(swap.at == mark.at for swap in self._swaps):
            raise ValueError(f"the meter was exchanged at {mark.at}; a reading lies before or after that instant")
        place = bisect_left(self._marks, mark)
        before = self._marks[place - 1] if place else None
        after = self._marks[place] if place < len(self._marks) else None
        consumed(before, mark, self._between(before, mark), full)
        if after is not None:
            consumed(mark, after, self._between(mark, after), full)

    def _between(self, first: Mark | None, second: Mark) -> list[Swap]:
        return [swap for swap in self._swaps if (first is None or swap.at > first.at) and swap.at < second.at]
