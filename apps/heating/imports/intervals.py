"""Intervals: rows as what a meter used, added up to what a counter would have shown at the end of each.

The counter stands at 0 where the first interval begins, or at what is kept of the meter: the same file again, and a
later one that overlaps it, find their place by an instant that both have.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

from apps.common.problem import Unprocessable
from apps.heating.counter import units
from apps.heating.imports.levels import Verdicts
from apps.heating.imports.rhythm import rhythm_of
from apps.heating.imports.rows import NO_TIME, Rows
from apps.heating.imports.snapshot import Kept
from apps.heating.imports.times import shown
from apps.heating.imports.units import Pace

Stamp = Literal["begin", "end"]
"""Which end of an interval its time names."""


class _Span(NamedTuple):
    """One interval."""

    begin: int
    end: int
    row: int


@dataclass(frozen=True)
class Adder:
    """Adds up the intervals of one meter."""

    rows: Rows
    column: str
    pace: Pace
    verdicts: Verdicts
    stamp: Stamp
    zone: tzinfo
    holes_are_zero: bool

    def add_up(self, serial: str, indices: Sequence[int], kept: Kept) -> int:
        """Turn each row into a reading at its end; returns how many holes there are. 422 when it cannot be done.

        Holes are refused, since nobody knows what was used in them, unless the caller says that it was nothing.
        """
        spans = self._spans(serial, self._once(indices))
        if not spans:
            return 0
        totals = list(accumulate(self.rows.values[span.row] for span in spans))
        counted = {spans[0].begin: 0, **{span.end: total for span, total in zip(spans, totals, strict=True)}}
        shared = next((at for at in kept.at if at in counted), None)
        holes = self._holes(serial, spans, kept if shared is None else Kept(None))
        if shared is None:
            base = self._base(serial, spans[0].begin, kept)
        else:
            base = (kept.value_at(shared) or 0) - counted[shared]
        self._check_begin(serial, spans[0].begin, base, kept)
        before = NO_TIME
        for span, total in zip(spans, totals, strict=True):
            value = base + total
            if span.begin != before:
                self._note_begin(span, value - self.rows.values[span.row], kept)
            before = span.end
            self.rows.at[span.row], self.rows.values[span.row] = span.end, value
            self._judge(span, value, kept)
        return holes

    def _once(self, indices: Sequence[int]) -> list[int]:
        """The rows without those that repeat another one; 422 when two say different things of one instant."""
        at, values, lines = self.rows.at, self.rows.values, self.rows.lines
        once: list[int] = []
        for index in indices:
            if once and at[once[-1]] == at[index]:
                if values[once[-1]] != values[index]:
                    raise Unprocessable(
                        f"the file contradicts itself, so nothing of it is taken: lines {lines[once[-1]]} and"
                        f" {lines[index]} give {units(values[once[-1]])} and {units(values[index])} for one interval"
                        f" ({shown(at[index])}); correct the file"
                    )
                self.verdicts.known.add(index)
                continue
            once.append(index)
        return once

    def _spans(self, serial: str, indices: Sequence[int]) -> list[_Span]:
        at, until = self.rows.at, self.rows.until
        if not indices:
            return []
        spans: list[_Span] = []
        rhythm = None if until[indices[0]] != NO_TIME else rhythm_of([at[index] for index in indices], self.zone)
        for index in indices:
            if until[index] != NO_TIME:
                span = _Span(at[index], until[index], index)
            elif rhythm is None:
                raise Unprocessable(
                    f"meter {serial} has one interval alone (line {self.rows.lines[index]}), which does not tell how"
                    " long it is; import a file with more of them"
                )
            elif self.stamp == "begin":
                span = _Span(at[index], rhythm.after(at[index]), index)
            else:
                span = _Span(rhythm.before(at[index]), at[index], index)
            if not span.begin < span.end:
                self.rows.refuse(index, f"the interval of line {self.rows.lines[index]} ends before it begins")
            elif not self.pace.allows(self.rows.values[index], span.end - span.begin):
                self.rows.refuse(
                    index,
                    f"{self.column} says {units(self.rows.values[index])} from {shown(span.begin)}"
                    f" to {shown(span.end)}, more than {self.pace.max_kw} kW, which no meter makes"
                    " (max_kw allows more)",
                )
            else:
                spans.append(span)
        return spans

    def _holes(self, serial: str, spans: Sequence[_Span], kept: Kept) -> int:
        ends = [_Span(NO_TIME, at, -1) for at in kept.at if at < spans[0].begin][-1:]
        holes = 0
        for first, second in pairwise([*ends, *spans]):
            if second.begin < first.end:
                raise Unprocessable(
                    f"intervals of meter {serial} overlap: the one of line {self.rows.lines[second.row]} begins at"
                    f" {shown(second.begin)}, before the one of line {self.rows.lines[first.row]} ends; correct the"
                    " file, or give zone, if they are local days or months"
                )
            if second.begin > first.end:
                holes += 1
                if not self.holes_are_zero:
                    raise Unprocessable(
                        f"intervals of meter {serial} are missing between {shown(first.end)} and"
                        f" {shown(second.begin)} (before line {self.rows.lines[second.row]}): nobody knows what was"
                        " used then, and nothing of the file is taken. Add the rows, or import with gaps=zero to count"
                        " nothing there"
                    )
        return holes

    def _base(self, serial: str, begin: int, kept: Kept) -> int:
        """What the counter showed where the first interval begins, when no reading is kept at an end of any."""
        before = bisect_left(kept.at, begin)
        if before < len(kept.at):
            raise Unprocessable(
                f"meter {serial} has readings since {shown(begin)}, none of them where an interval of the file begins"
                " or ends, so that the two cannot be joined; delete them, or import the file after them"
            )
        return kept.values[before - 1] if before else 0

    def _check_begin(self, serial: str, begin: int, base: int, kept: Kept) -> None:
        if any(when > begin for when, _ in kept.swaps):
            raise Unprocessable(
                f"meter {serial} was exchanged after {shown(begin)}; import the intervals after that alone"
            )
        if base < 0:
            raise Unprocessable(
                f"the file begins at {shown(begin)}, before the counter of meter {serial} does; undo the earlier"
                " import, and import the longer file"
            )

    def _note_begin(self, span: _Span, value: int, kept: Kept) -> None:
        if kept.value_at(span.begin) is None:
            self.verdicts.begins[span.row] = (span.begin, value)

    def _judge(self, span: _Span, value: int, kept: Kept) -> None:
        there = kept.value_at(span.end)
        full = kept.meter.full_milli if kept.meter else None
        if full is not None and value >= full:
            self.rows.refuse(
                span.row, f"{self.column} adds up to {units(value)} at {shown(span.end)}, more than the meter can show"
            )
        elif there == value:
            self.verdicts.known.add(span.row)
        elif there is not None:
            self.rows.refuse(
                span.row,
                f"{self.column} adds up to {units(value)} at {shown(span.end)}, but a reading of {units(there)} at"
                " that instant exists",
            )
