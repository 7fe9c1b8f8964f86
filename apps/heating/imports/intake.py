"""The intake of heating: one file of readings or intervals, from its survey to its rows.

A file is read once. Its second reading comes from the whole numbers of the first, after every row was judged beside
all others and what is kept: so what follows a false value is known before anything is taken.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from apps.common.imports.decisions import Decision
from apps.common.imports.formats import Format
from apps.common.imports.intake import Intake, Outcome, Row, Run, Skip
from apps.common.imports.sheet import Record, Sheet
from apps.common.problem import Unprocessable
from apps.common.transaction import Readable, Transaction
from apps.common.zone import zone_of
from apps.heating.counter import units
from apps.heating.imports import likeness
from apps.heating.imports.aliases import aliases_of, decisions_of
from apps.heating.imports.deciding import Decided, decide
from apps.heating.imports.intervals import Adder
from apps.heating.imports.layouts import LAYOUTS, Layout
from apps.heating.imports.levels import Judge, Verdicts
from apps.heating.imports.settling import settle_times, settle_values
from apps.heating.imports.snapshot import Kept, kept_of
from apps.heating.imports.survey import Survey
from apps.heating.imports.taking import Taken, Target, take
from apps.heating.imports.units import Pace
from apps.heating.imports.wishes import Wishes

METERS_MAX: Final = 5000
"""How many meters a file may name: what is kept of each is held while the file is judged."""


class MeterIntake(Intake[Taken]):
    """One file of meter readings. It is the source of its own records as well (upload.Source)."""

    def __init__(self, sheet: Sheet, layout: Layout, wishes: Wishes) -> None:
        self.format = layout.name
        self._layout = layout
        self._wishes = wishes
        self._survey = Survey(sheet, layout, wishes)
        self._decided: Decided | None = None
        self._kept: list[Kept] = []
        self._verdicts = Verdicts()
        self._holes = 0
        self._serials: Sequence[str] = ()
        self._order = array("I")
        """The rows by meter and time: so those of one part are neighbours in the database as well."""

    def records(self) -> Iterator[Record]:
        """The records of the file; once it is decided about, the rows that were made of them."""
        if self._decided is None:
            yield from self._survey.records()
            return
        judge = self._judge(self._decided)
        lines, refusals, wrong = self._survey.rows.lines, self._survey.rows.refusals, self._verdicts.wrong
        for index in self._order:
            reason = refusals.get(index)
            yield Record(lines[index], (), judge.reason(index) if reason is None and index in wrong else reason)

    def survey(self, record: Record) -> None:
        """Keep what a record says as whole numbers, and what it proves."""
        self._survey.see(record)

    def decide(self, reader: Readable) -> Sequence[Decision]:
        """What holds for the file; and what is kept of its meters."""
        self._decided = decide(self._survey, self._layout, self._wishes, reader)
        self._serials = list(self._survey.rows.serials)
        if len(self._serials) > METERS_MAX:
            raise Unprocessable(f"the file names {len(self._serials)} meters, more than {METERS_MAX}; split it")
        aliases = aliases_of(self._decided.kind, self._serials, reader)
        self._serials = [aliases.get(serial, serial) for serial in self._serials]
        self._kept = [kept_of(self._decided.kind, serial, reader) for serial in self._serials]
        return (*self._decided.notes, *decisions_of(aliases))

    def read(self, record: Record) -> Taken:
        """The reading of a row."""
        rows = self._survey.rows
        index = bisect_left(rows.lines, record.line)
        skipped = rows.skips.get(index)
        if skipped is not None:
            raise Skip(skipped)
        return Taken(
            rows.meters[index],
            rows.at[index],
            rows.values[index],
            index in self._verdicts.rolled_over,
            index in self._verdicts.known,
            self._verdicts.begins.get(index),
        )

    def identity(self, meaning: Taken) -> Sequence[str | int | None]:
        """None: a reading is known by its meter and instant, and heating makes its keys from these (taking.py)."""
        return ()

    def take(self, rows: Sequence[Row[Taken]], tx: Transaction, run: Run) -> Sequence[Outcome]:
        """Write a part of the readings."""
        assert self._decided is not None, "decided before anything is taken"
        target = Target(self._decided.kind, self._decided.digits, tx, run)
        return take([row.meaning for row in rows], self._serials, target)

    def notes(self) -> Sequence[str]:
        """What was counted as nothing."""
        if not self._holes:
            return ()
        return (f"Intervals are missing in {self._holes} places; nothing is counted there.",)

    def _judge(self, decided: Decided) -> Judge:
        """Judge all rows; 422 when the file is not what it says."""
        survey, zone = self._survey, zone_of(decided.zone)
        rows, column = survey.rows, survey.value_column
        settle_values(rows, survey.scale, decided.decimal)
        if survey.local_time is not None:
            settle_times(rows, decided.dates, zone, survey.at_column)
        if self._layout.shift_s:
            rows.shift(self._layout.shift_s * 1_000_000)
        pace = Pace(decided.max_kw, decided.kind)
        judge = Judge(rows, column, pace, self._verdicts)
        adder = Adder(rows, column, pace, self._verdicts, decided.stamp, zone, decided.holes_are_zero)
        is_interval = decided.values == "interval"
        self._order = array("I", rows.unreadable())
        for serial, kept, indices in zip(self._serials, self._kept, rows.of_meters(), strict=True):
            self._order.extend(indices)
            self._check_likeness(decided, indices, kept, pace)
            if is_interval:
                self._holes += adder.add_up(serial, indices, kept)
            else:
                judge.judge(indices, kept, _digits(serial, kept, decided.digits))
        self._kept = []
        return judge

    def _check_likeness(self, decided: Decided, indices: Sequence[int], kept: Kept, pace: Pace) -> None:
        rows, column = self._survey.rows, self._survey.value_column
        is_interval = decided.values == "interval"
        if decided.unit == "kWh" and self._wishes.unit is None:
            if not is_interval:
                likeness.refuse_jump(rows, indices, kept, column)
            likeness.refuse_small(rows, indices, column, interval=is_interval)
        # A meter that has digits and readings may have rolled over to small values, which leap as intervals do.
        is_counter = kept.at and (kept.meter is not None and kept.meter.digits is not None)
        if not is_interval and not is_counter and self._wishes.values is None and self._layout.values is None:
            likeness.refuse_intervals(rows, indices, column, pace)


def _digits(serial: str, kept: Kept, given: int | None) -> int | None:
    known = kept.meter.digits if kept.meter else None
    if given is None:
        return known
    if known not in (None, given):
        raise Unprocessable(f"meter {serial} has {known} digits, not {given}; leave digits out, or correct the meter")
    shown = max((*kept.values, *(max(swap.old_final_milli, swap.new_start_milli) for _, swap in kept.swaps)), default=0)
    if shown >= 1000 * 10**given:
        raise Unprocessable(f"meter {serial} has shown {units(shown)}, more than {given} digits can")
    return given


@dataclass(frozen=True)
class LayoutFormat(Format[Taken]):
    """A layout as a format: its columns have many names, so that it finds its files itself."""

    layout: Layout = field(kw_only=True)

    def fits(self, columns: Sequence[str]) -> bool:
        """Whether these are the columns of the layout."""
        return self.layout.columns_of(columns) is not None


def formats(wishes: Wishes) -> list[Format[Taken]]:
    """The formats of all layouts, their files read as the caller wishes."""
    return [LayoutFormat(each.name, each.shown, (), partial(_open, each, wishes), layout=each) for each in LAYOUTS]


def _open(layout: Layout, wishes: Wishes, sheet: Sheet) -> MeterIntake:
    return MeterIntake(sheet, layout, wishes)
