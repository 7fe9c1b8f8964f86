"""The export of the FitNotes app: one row a set, by day. A day is a workout; its time is not kept."""

from typing import Final

from apps.common.imports.days import Days
from apps.common.imports.decisions import Decision
from apps.common.imports.sheet import Record, Sheet
from apps.common.transaction import Readable
from apps.gym.logged_set import LoggedSet
from apps.gym.logs.logged import (
    REPS_MAX,
    SECONDS_MAX,
    Given,
    LogIntake,
    whole_of,
)
from apps.gym.logs.times import local_start

REQUIRED: Final = ("date", "exercise", "category", "reps", "distance", "distance unit", "time")
OPTIONAL: Final = ("weight", "weight unit", "weight (kgs)", "weight (kg)", "weight (lbs)", "weight (lb)", "comment")

NAME: Final = "Workout"
"""What a day's workout is called: the file has no names."""


class FitNotesIntake(LogIntake):
    """One export of FitNotes."""

    def __init__(self, sheet: Sheet, given: Given) -> None:
        super().__init__("fitnotes", given)
        self._place_of = {name: at for at, name in enumerate(sheet.columns)}
        headed = next((name for name in self._place_of if name.startswith("weight (")), None)
        self._header_unit = headed.removeprefix("weight (").removesuffix(")") if headed else ""
        if headed is not None:
            self._place_of["weight"] = self._place_of[headed]
        self._days = Days(order=given.dates, reading=None)  # type: ignore[arg-type]

    def survey(self, record: Record) -> None:
        """Look at date, numbers and units."""
        self._days.survey(self._cell(record, "date"), record.line)
        unit = self._cell(record, "weight unit") or self._header_unit
        weight = self._survey_unit(self._weight, self._cell(record, "weight"), unit, record.line)
        distance = self._survey_unit(
            self._distance, self._cell(record, "distance"), self._cell(record, "distance unit"), record.line
        )
        self.modes.survey(
            self._cell(record, "exercise"),
            weight=weight,
            reps=self._cell(record, "reps") not in _NOTHING,
            distance=distance,
            seconds=self._cell(record, "time") not in _NOTHING,
        )

    def decide_more(self, reader: Readable) -> list[Decision]:
        """The order of day and month, where a spreadsheet has rewritten the dates."""
        return self._days.decide(known=None, month_first_is_usual=False)

    def read(self, record: Record) -> LoggedSet:
        """The set of a row; raises ValueError, naming the column, to refuse it."""
        start = local_start(self._cell(record, "date"), self._days)
        unit = self._cell(record, "weight unit") or self._header_unit
        weight_g = self._weight_g(self._cell(record, "weight"), unit)
        distance_m = self._distance_m(self._cell(record, "distance"), self._cell(record, "distance unit"))
        reps = whole_of("Reps", self._cell(record, "reps"), REPS_MAX)
        seconds = _seconds(self._cell(record, "time"))
        if not (reps or seconds or distance_m):
            raise ValueError("the set has neither Reps nor Time nor Distance")
        exercise = self._checked_name(self._cell(record, "exercise"))
        return LoggedSet(
            start=start,
            duration_s=0,
            workout=NAME,
            exercise=exercise,
            type="normal",
            weight_g=weight_g,
            reps=reps,
            distance_m=distance_m,
            seconds=seconds,
            rpe10=None,
            note=self._checked_note(self._cell(record, "comment")),
            workout_note="",
            place=self._place(start, NAME, exercise, ""),
        )

    def _cell(self, record: Record, name: str) -> str:
        place = self._place_of.get(name)
        return record.cells[place] if place is not None else ""


def _seconds(text: str) -> int:
    """Seconds of `0:01:30` or `90`."""
    if text in _NOTHING:
        return 0
    parts = text.split(":")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and len(part) <= 5 for part in parts):
        raise ValueError(f"Time says {text[:20]!r}, which is not a duration; it should look like 0:01:30")
    seconds = 0
    for part in parts:
        seconds = 60 * seconds + int(part)
    return whole_of("Time", str(seconds), SECONDS_MAX)


_NOTHING: Final = frozenset({"", "0", "0.0", "0:00", "0:00:00", "00:00:00"})
