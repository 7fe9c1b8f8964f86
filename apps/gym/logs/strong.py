"""The exports of the Strong app: one row a set, in four shapes that differ by version and platform.

    Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE
    Date,Workout Name,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes
    Workout #;Date;Workout Name;Duration (sec);Exercise Name;Set Order;Weight (kg);Reps;RPE;Distance (meters);Seconds;…
    Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;RPE;Distance;Distance Unit;Seconds;…

`Set Order` is the set's number, or a letter: W warm-up, D drop set, F to failure. A 0 means that it was not recorded.
"""

import hashlib
import json
import re
from collections import Counter
from decimal import Decimal
from typing import Final

from apps.common.imports.days import Days
from apps.common.imports.decisions import Decision
from apps.common.imports.intake import Skip
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
from apps.gym.logs.times import local_start
from apps.gym.logs.units import ALIASES
from apps.gym.model import SetType

REQUIRED: Final = ("date", "workout name", "exercise name", "set order", "reps", "seconds")
OPTIONAL: Final = (
    *("workout #", "duration", "duration (sec)", "notes", "workout notes", "rpe"),
    *("weight", "weight (kg)", "weight (kgs)", "weight (lb)", "weight (lbs)", "weight unit"),
    *("distance", "distance (meters)", "distance (m)", "distance (km)", "distance (miles)", "distance (mi)"),
    "distance unit",
)

_LETTERS: Final[dict[str, SetType]] = {"W": "warmup", "D": "dropset", "F": "failure"}
_NO_SETS: Final = {"rest timer": "a rest timer is no set", "note": "a note is no set"}
_DURATION = re.compile(r"(?:(?P<h>\d{1,3})h)? ?(?:(?P<m>\d{1,4})m(?:in)?)? ?(?:(?P<s>\d{1,5})s)?")
_HEADER_UNIT = re.compile(r"(weight|distance) \(([a-z]+)\)")


class StrongIntake(LogIntake):
    """One export of Strong."""

    def __init__(self, sheet: Sheet, given: Given) -> None:
        super().__init__("strong", given)
        place = {name: at for at, name in enumerate(sheet.columns)}
        units: dict[str, str] = {}
        for name, at in [*place.items()]:
            match = _HEADER_UNIT.fullmatch(name)
            if match is not None:
                place[match[1]] = at
                units[match[1]] = match[2]
        self._date, self._workout, self._exercise = (place[name] for name in ("date", "workout name", "exercise name"))
        self._order, self._reps, self._seconds = (place[name] for name in ("set order", "reps", "seconds"))
        self._weight_at, self._distance_at = place.get("weight", -1), place.get("distance", -1)
        self._weight_unit_at, self._distance_unit_at = place.get("weight unit", -1), place.get("distance unit", -1)
        self._header_weight, self._header_distance = units.get("weight", ""), units.get("distance", "")
        self._duration_at, self._duration_s_at = place.get("duration", -1), place.get("duration (sec)", -1)
        self._note_at, self._workout_note_at = place.get("notes", -1), place.get("workout notes", -1)
        self._rpe_at = place.get("rpe", -1)
        self._days = Days(order=given.dates, reading=None)  # type: ignore[arg-type]
        self._durations: dict[str, int] = {}
        self._starts: dict[str, str] = {}
        self._old_keys: Counter[str] = Counter()

    def survey(self, record: Record) -> None:
        """Look at date, numbers and units."""
        cells = record.cells
        if cells[self._order].lower() in _NO_SETS:
            return
        self._days.survey(cells[self._date], record.line)
        try:
            self._unit_of(record, "weight"), self._unit_of(record, "distance")
        except ValueError:
            return
        weight = self._survey_unit(
            self._weight, self._at(record, self._weight_at), self._unit_of(record, "weight"), record.line
        )
        distance = self._survey_unit(
            self._distance, self._at(record, self._distance_at), self._unit_of(record, "distance"), record.line
        )
        self.modes.survey(
            cells[self._exercise],
            weight=weight and not self._at(record, self._weight_at).startswith("-"),
            reps=cells[self._reps] not in NOTHING,
            distance=distance,
            seconds=cells[self._seconds] not in NOTHING,
        )

    def decide_more(self, reader: Readable) -> list[Decision]:
        """The order of day and month, where a spreadsheet has rewritten the dates."""
        return self._days.decide(known=None, month_first_is_usual=False)

    def read(self, record: Record) -> LoggedSet:
        """The set of a row; raises ValueError, naming the column, to refuse it."""
        cells = record.cells
        order = cells[self._order]
        if order.lower() in _NO_SETS:
            raise Skip(_NO_SETS[order.lower()])
        kind = _LETTERS.get(order)
        if kind is None and not (order.isascii() and order.isdigit() and 1 <= len(order) <= 4):
            raise ValueError(f"Set Order says {order[:20]!r}; known are numbers and {', '.join(_LETTERS)}")
        text = cells[self._date]
        start = self._starts.get(text)
        if start is None:
            start = self._starts[text] = local_start(text, self._days)
        weight_g = self._weight_g(self._at(record, self._weight_at), self._unit_of(record, "weight"))
        distance_m = self._distance_m(self._at(record, self._distance_at), self._unit_of(record, "distance"))
        reps = whole_of("Reps", cells[self._reps], REPS_MAX)
        seconds = whole_of("Seconds", cells[self._seconds], SECONDS_MAX)
        if not (reps or seconds or distance_m):
            raise ValueError("the set has neither Reps nor Seconds nor Distance")
        workout, exercise = self._checked_name(cells[self._workout]), self._checked_name(cells[self._exercise])
        rpe10 = rpe10_of(self._at(record, self._rpe_at))
        note = self._checked_note(self._at(record, self._note_at))
        old_key = self._old_key(cells, order, weight_g, reps, distance_m, seconds, rpe10, note)
        return LoggedSet(
            start=start,
            duration_s=self._duration_of(record),
            workout=workout,
            exercise=exercise,
            type=kind or "normal",
            weight_g=weight_g,
            reps=reps,
            distance_m=distance_m,
            seconds=seconds,
            rpe10=rpe10,
            note=note,
            workout_note=self._checked_note(self._at(record, self._workout_note_at)),
            place=self._place(start, workout, exercise, order),
            old_key=old_key,
            old_ref=f"{text} {workout}" if old_key else None,
        )

    def _at(self, record: Record, place: int) -> str:
        return record.cells[place] if place >= 0 else ""

    def _unit_of(self, record: Record, name: str) -> str:
        """The unit of a row: of its own column, else of the header."""
        if name == "weight":
            return _one_unit("Weight Unit", self._at(record, self._weight_unit_at), self._header_weight)
        return _one_unit("Distance Unit", self._at(record, self._distance_unit_at), self._header_distance)

    def _duration_of(self, record: Record) -> int:
        """Seconds of the whole workout; 0 where the file does not say."""
        if self._duration_s_at >= 0:
            return whole_of("Duration (sec)", record.cells[self._duration_s_at], SECONDS_MAX)
        if self._duration_at < 0:
            return 0
        text = record.cells[self._duration_at]
        seconds = self._durations.get(text)
        if seconds is None:
            match = _DURATION.fullmatch(text)
            if match is None or not text:
                raise ValueError(f"Duration says {text[:20]!r}, which is not a duration; it should look like 1h 30m")
            seconds = int(match["h"] or 0) * 3600 + int(match["m"] or 0) * 60 + int(match["s"] or 0)
            self._durations[text] = seconds
        return seconds

    def _old_key(
        self,
        cells: tuple[str, ...],
        order: str,
        weight_g: int,
        reps: int,
        distance_m: int,
        seconds: int,
        rpe10: int | None,
        note: str,
    ) -> str | None:
        """The key of the row as written, in kilograms and kilometres, where there are rows kept under such keys."""
        if not self.has_old_imports:
            return None
        weight, distance = (_thousandfold(cells[at]) if at >= 0 else 0 for at in (self._weight_at, self._distance_at))
        written = [cells[self._date], cells[self._workout], cells[self._exercise], order]
        identity = json.dumps(
            [*written, weight, reps, distance, seconds, rpe10, note], ensure_ascii=False, separators=(",", ":")
        )
        self._old_keys[identity] += 1
        return hashlib.sha256(f"{identity}#{self._old_keys[identity]}".encode()).hexdigest()


def _one_unit(column: str, of_row: str, of_header: str) -> str:
    if of_row and of_header and ALIASES.get(of_row.lower()) != ALIASES.get(of_header):
        raise ValueError(f"{column} says {of_row[:20]!r}, but the header says {of_header}")
    return of_row or of_header


def _thousandfold(text: str) -> int:
    return int(Decimal(text or "0") * 1000)
