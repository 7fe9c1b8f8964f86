"""The export of the Hevy app: one row a set, its units in the names of the columns, times like `28 Mar 2025, 17:29`."""

from datetime import datetime
from typing import Final

from apps.common.imports.decisions import Decision
from apps.common.imports.sheet import Record, Sheet
from apps.common.transaction import Readable
from apps.gym.logged_set import LoggedSet
from apps.gym.logs.logged import (
    NOTHING,
    REPS_MAX,
    SECONDS_MAX,
    Given,
    LogIntake,
    rpe10_of,
    whole_of,
)
from apps.gym.logs.times import wordy_start
from apps.gym.model import SetType

REQUIRED: Final = ("title", "start_time", "end_time", "exercise_title", "set_index", "set_type", "reps")
OPTIONAL: Final = (
    *("description", "superset_id", "exercise_notes", "duration_seconds", "rpe"),
    *("weight_kg", "weight_lbs", "distance_km", "distance_miles", "distance_meters"),
)

_TYPES: Final[dict[str, SetType]] = {
    "normal": "normal",
    "warmup": "warmup",
    "dropset": "dropset",
    "failure": "failure",
}
_UNITS: Final = {
    "weight_kg": "kg",
    "weight_lbs": "lb",
    "distance_km": "km",
    "distance_miles": "mi",
    "distance_meters": "m",
}


class HevyIntake(LogIntake):
    """One export of Hevy."""

    def __init__(self, sheet: Sheet, given: Given) -> None:
        super().__init__("hevy", given)
        self._place_of = {name: at for at, name in enumerate(sheet.columns)}
        self._weight_name = next((name for name in _UNITS if name in self._place_of and "weight" in name), "")
        self._distance_name = next((name for name in _UNITS if name in self._place_of and "distance" in name), "")

    def survey(self, record: Record) -> None:
        """Count what rows of an exercise say."""
        self.modes.survey(
            self._cell(record, "exercise_title"),
            weight=self._cell(record, self._weight_name) not in NOTHING,
            reps=self._cell(record, "reps") not in NOTHING,
            distance=self._cell(record, self._distance_name) not in NOTHING,
            seconds=self._cell(record, "duration_seconds") not in NOTHING,
        )

    def decide_more(self, reader: Readable) -> list[Decision]:
        """Months are words here."""
        return []

    def read(self, record: Record) -> LoggedSet:
        """The set of a row; raises ValueError, naming the column, to refuse it."""
        kind = _TYPES.get(self._cell(record, "set_type").lower())
        if kind is None:
            raise ValueError(f"set_type says {self._cell(record, 'set_type')[:20]!r}; known are {', '.join(_TYPES)}")
        start = wordy_start("start_time", self._cell(record, "start_time"))
        end = wordy_start("end_time", self._cell(record, "end_time")) if self._cell(record, "end_time") else start
        duration_s = int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())
        if duration_s < 0:
            raise ValueError(f"end_time says {self._cell(record, 'end_time')!r}, which is before start_time")
        weight_g = self._weight_g(
            self._cell(record, self._weight_name), _UNITS.get(self._weight_name, ""), self._weight_name
        )
        distance_m = self._distance_m(
            self._cell(record, self._distance_name), _UNITS.get(self._distance_name, ""), self._distance_name
        )
        reps = whole_of("reps", self._cell(record, "reps"), REPS_MAX)
        seconds = whole_of("duration_seconds", self._cell(record, "duration_seconds"), SECONDS_MAX)
        if not (reps or seconds or distance_m):
            raise ValueError("the set has neither reps nor duration_seconds nor a distance")
        workout = self._checked_name(self._cell(record, "title"))
        exercise = self._checked_name(self._cell(record, "exercise_title"))
        return LoggedSet(
            start=start,
            duration_s=duration_s,
            workout=workout,
            exercise=exercise,
            type=kind,
            weight_g=weight_g,
            reps=reps,
            distance_m=distance_m,
            seconds=seconds,
            rpe10=rpe10_of(self._cell(record, "rpe")),
            note=self._checked_note(self._cell(record, "exercise_notes")),
            workout_note=self._checked_note(self._cell(record, "description")),
            place=self._place(start, workout, exercise, self._cell(record, "set_index")),
        )

    def _cell(self, record: Record, name: str) -> str:
        place = self._place_of.get(name)
        return record.cells[place] if place is not None else ""
