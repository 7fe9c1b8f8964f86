"""Levels: rows as what a meter showed, judged beside each other and beside what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import sub
from typing import Final

from apps.heating.counter import units
from apps.heating.imports.agreement import Contradiction, Point, contradictions
from apps.heating.imports.rows import Rows
from apps.heating.imports.snapshot import Kept
from apps.heating.imports.times import shown
from apps.heating.imports.units import Pace
from apps.heating.model import UNITS

EXCHANGED: Final = (
    "if the meter was exchanged, record that first (POST /api/v1/heating/exchanges) and import the file again"
)


@dataclass
class Verdicts:
    """What was found out about the rows of a file, by their index, beyond what the rows say themselves."""

    known: set[int] = field(default_factory=set)
    wrong: dict[int, Contradiction] = field(default_factory=dict)
    without_digits: set[int] = field(default_factory=set)
    """Meters of which nobody knows where they start again at 0."""
    rolled_over: set[int] = field(default_factory=set)
    begins: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Readings that belong to a row besides its own: instant and value where its interval begins."""


@dataclass(frozen=True)
class Judge:
    """Judges the rows of one meter."""

    rows: Rows
    column: str
    pace: Pace
    verdicts: Verdicts

    def judge(self, indices: Sequence[int], kept: Kept, digits: int | None) -> None:
        """Refuse what contradicts itself or what is kept; `indices` are the meter's rows in the order of time."""
        full = None if digits is None else 1000 * 10**digits
        if kept.meter is None and full is None and self.is_steady(indices):
            return
        fresh = self._fresh(indices, kept, full)
        if not fresh:
            return
        known = [Point(at, total) for at, total in kept.totals(full)]
        wrong = contradictions(self._points(fresh, kept, full), known, self.pace)
        turns: dict[int, int] = {}
        if wrong and full is not None:
            turns = self._turns(fresh, kept, full)
            turned = contradictions(self._points(fresh, kept, full, turns), known, self.pace) if turns else wrong
            turns, wrong = (turns, turned) if len(turned) < len(wrong) else ({}, wrong)
        self.verdicts.wrong.update(wrong)
        if full is None:
            self.verdicts.without_digits.add(self.rows.meters[fresh[0]])
        before = 0
        for index in fresh if turns else ():
            if index not in wrong and turns[index] > before:
                before = turns[index]
                self.verdicts.rolled_over.add(index)

    def is_steady(self, indices: Sequence[int]) -> bool:
        """Whether these rows count up by no more than the meter's pace allows in the shortest of their times."""
        at = [self.rows.at[index] for index in indices]
        values = [self.rows.values[index] for index in indices]
        steps, gaps = list(map(sub, values[1:], values)), list(map(sub, at[1:], at))
        if not steps:
            return True
        return min(gaps) > 0 and min(steps) >= 0 and self.pace.allows(max(steps), min(gaps))

    def _fresh(self, indices: Sequence[int], kept: Kept, full: int | None) -> list[int]:
        """The rows that are not kept already and can be at all."""
        at, values = self.rows.at, self.rows.values
        exchanged = {when for when, _ in kept.swaps}
        is_kept = dict(zip(kept.at, kept.values, strict=True)) if kept.at else {}
        fresh: list[int] = []
        for index in indices:
            value = is_kept.get(at[index])
            if value is not None and value == values[index]:
                self.verdicts.known.add(index)
            elif value is not None:
                self.rows.refuse(index, f"{self._says(index)}, but a reading of {units(value)} at that instant exists")
            elif full is not None and values[index] >= full:
                self.rows.refuse(index, f"{self._says(index)}, more than the {len(str(full)) - 4} digits of the meter")
            elif at[index] in exchanged:
                self.rows.refuse(index, f"{self._says(index)}, the instant at which the meter was exchanged")
            elif fresh and at[fresh[-1]] == at[index] and values[fresh[-1]] == values[index]:
                self.verdicts.known.add(index)
            else:
                fresh.append(index)
        return self._once(fresh)

    def _once(self, fresh: list[int]) -> list[int]:
        """The rows without those that repeat one of the same instant which is not their neighbour."""
        at, values = self.rows.at, self.rows.values
        if all(at[first] < at[second] for first, second in pairwise(fresh)):
            return fresh
        seen: set[tuple[int, int]] = set()
        once: list[int] = []
        for index in fresh:
            if (at[index], values[index]) in seen:
                self.verdicts.known.add(index)
                continue
            seen.add((at[index], values[index]))
            once.append(index)
        return sorted(once, key=lambda index: (at[index], values[index]))

    def _points(
        self, fresh: Sequence[int], kept: Kept, full: int | None, turns: dict[int, int] | None = None
    ) -> list[Point]:
        at, values = self.rows.at, self.rows.values
        if turns is None and not kept.swaps and not kept.roll_overs:
            return [Point(at[index], values[index], index) for index in fresh]
        return [
            Point(
                at[index],
                values[index] + kept.offset(at[index], full) + (turns[index] * (full or 0) if turns else 0),
                index,
            )
            for index in fresh
        ]

    def _turns(self, fresh: Sequence[int], kept: Kept, full: int) -> dict[int, int]:
        """How often the meter has passed its last digit by each row, since all that is kept.

        It has where its value falls from the last quarter of its range to the first, by no more than its pace, and
        what follows stays there.
        """
        at, values = self.rows.at, self.rows.values
        last = max((kept.at[-1] if kept.at else 0, kept.swaps[-1][0] if kept.swaps else 0))
        before = (last, kept.values[-1]) if kept.at and kept.at[-1] == last else None
        turns: dict[int, int] = {}
        count = 0
        for place, index in enumerate(fresh):
            now = (at[index], values[index])
            if now[0] > last and before is not None and now[1] < before[1]:
                step = now[1] + full - before[1]
                follows = values[fresh[place + 1]] if place + 1 < len(fresh) else now[1]
                stays = now[1] < full // 4 and before[1] >= full - full // 4 and follows < before[1]
                if stays and self.pace.allows(step, now[0] - before[0]):
                    count += 1
            turns[index] = count
            if now[0] > last:
                before = now
        return turns if count else {}

    def _says(self, index: int) -> str:
        return f"{self.column} says {units(self.rows.values[index])} at {shown(self.rows.at[index])}"

    def reason(self, index: int) -> str | None:
        """Why a row is not believed; None when it is. Said when it is asked for, as a text a row is 60 MiB."""
        found = self.verdicts.wrong.get(index)
        return None if found is None else self._reason(index, found)

    def _reason(self, index: int, found: Contradiction) -> str:
        other = found.other
        value, at = self.rows.values[index], self.rows.at[index]
        if other.row < 0:
            which = f"what is kept for {shown(other.at)}"
            said = None
        else:
            said = self.rows.values[other.row]
            which = f"the {units(said)} of line {self.rows.lines[other.row]} ({shown(other.at)})"
        falls = said is None or (said > value if other.at <= at else said < value)
        if other.at == at:
            sentence = f"{self._says(index)}, and {which} says otherwise"
        elif falls and other.at < at:
            sentence = f"{self._says(index)}, which does not fit {which} before it: a meter counts up"
        elif falls:
            sentence = f"{self._says(index)}, which does not fit {which} after it: a meter counts up"
        else:
            sentence = (
                f"{self._says(index)}, a step from {which} that no meter makes (more than {self.pace.max_kw} kW,"
                f" {units(self.pace.milli_per_hour)} {UNITS[self.pace.kind]} an hour; max_kw allows more)"
            )
        if found.undecided:
            sentence += "; about as many rows say one as the other, so that neither is taken"
        elif other.row < 0:
            sentence += "; if that is false, delete it first"
        if not falls or other.at == at:
            return sentence
        is_open = self.rows.meters[index] in self.verdicts.without_digits
        rolled = "if it has rolled over, give digits, such as digits=5" if is_open else ""
        return "; ".join(part for part in (sentence, EXCHANGED, rolled) if part)
