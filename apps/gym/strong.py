"""The CSV export of the Strong app: one row per set, times local and without a zone, kilograms and kilometres.

`Set Order` is the set's number, or a letter: W warm-up, D drop set, F to failure. Exports also have rows that are no
sets (rest timers, notes); they are refused. A 0 in Reps, Distance or Seconds means that it was not recorded.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Final

from pydantic import TypeAdapter

from apps.common.fields import YEAR_MAX, YEAR_MIN, Name, Note
from apps.common.imports.old import Format
from apps.gym.model import DEMANDED, MEASURES, OPTIONAL, Measure, Mode, SetDraft, SetType, zoned_text

_LETTERS: Final[dict[str, SetType]] = {"W": "warmup", "D": "dropset", "F": "failure"}
_NO_SETS: Final = {"rest timer": "a rest timer is no set", "note": "a note is no set"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_DURATION = re.compile(r"(?:(?P<h>\d{1,3})h)? ?(?:(?P<m>\d{1,4})m(?:in)?)? ?(?:(?P<s>\d{1,5})s)?")

_name: TypeAdapter[str] = TypeAdapter(Name)
_note: TypeAdapter[str] = TypeAdapter(Note)


@dataclass(frozen=True)
class StrongRow:
    """One set as the file has it; numbers that are 0 in the file are 0 here."""

    date: str
    workout: str
    duration_s: int
    exercise: str
    order: str
    weight_g: int
    reps: int
    distance_m: int
    seconds: int
    note: str
    workout_note: str
    rpe10: int | None

    @property
    def import_ref(self) -> str:
        """What makes rows belong to the same workout."""
        return f"{self.date} {self.workout}"

    @property
    def type(self) -> SetType:
        return _LETTERS.get(self.order, "normal")

    def measure(self, name: Measure) -> int:
        return {
            "reps": self.reps,
            "weight_g": self.weight_g,
            "duration_s": self.seconds,
            "distance_m": self.distance_m,
        }[name]

    def span(self, zone: tzinfo) -> tuple[str, str]:
        """When the workout started and ended, with the zone's offset."""
        start = datetime.fromisoformat(self.date).replace(tzinfo=zone)
        end = (start.astimezone(UTC) + timedelta(seconds=self.duration_s)).astimezone(zone)
        return zoned_text(start), zoned_text(end)


def read_row(cells: Mapping[str, str]) -> StrongRow:
    """The set of a row; raises ValueError to refuse it."""
    order = cells["set order"]
    if order.lower() in _NO_SETS:
        raise ValueError(_NO_SETS[order.lower()])
    if order not in _LETTERS and not (order.isascii() and order.isdigit() and 1 <= len(order) <= 4):
        raise ValueError(f"Set Order {order!r} is neither a number nor one of {', '.join(_LETTERS)}")
    if not _DATE.fullmatch(cells["date"]):
        raise ValueError(f"Date {cells['date']!r} is not a local time; it should look like 2021-02-10 16:46:13")
    if not YEAR_MIN <= datetime.fromisoformat(cells["date"]).year <= YEAR_MAX:
        raise ValueError(f"Date {cells['date']} is outside the years {YEAR_MIN} to {YEAR_MAX}")
    row = StrongRow(
        date=cells["date"],
        workout=_name.validate_python(cells["workout name"]),
        duration_s=_duration_s(cells["duration"]),
        exercise=_name.validate_python(cells["exercise name"]),
        order=order,
        weight_g=_scaled("Weight", cells["weight"], 1000, "g", 10_000_000),
        reps=_scaled("Reps", cells["reps"], 1, "repetitions", 10_000),
        distance_m=_scaled("Distance", cells["distance"], 1000, "m", 10_000_000),
        seconds=_scaled("Seconds", cells["seconds"], 1, "s", 7 * 86_400),
        note=_note.validate_python(cells["notes"]),
        workout_note=_note.validate_python(cells["workout notes"]),
        rpe10=_rpe10(cells["rpe"]),
    )
    if not (row.reps or row.seconds or row.distance_m):
        raise ValueError("the set has neither Reps nor Seconds nor Distance")
    return row


STRONG: Final = Format(
    "strong",
    required=(
        "date",
        "workout name",
        "duration",
        "exercise name",
        "set order",
        "weight",
        "reps",
        "distance",
        "seconds",
    ),
    optional=("notes", "workout notes", "rpe"),
    read=read_row,
    # Without what belongs to the workout: a later note on it does not make its sets new ones.
    identity=lambda row: (
        *(row.date, row.workout, row.exercise, row.order),
        *(row.weight_g, row.reps, row.distance_m, row.seconds, row.rpe10, row.note),
    ),
)


def guessed_mode(rows: Iterable[StrongRow]) -> Mode:
    """What kind of exercise its rows speak of. Strong ends the names of assisted ones with (Assisted)."""
    kept = list(rows)
    if any(row.distance_m for row in kept):
        return "distance_duration"
    if not any(row.reps for row in kept):
        return "duration"
    if kept[0].exercise.casefold().endswith("(assisted)"):
        return "assisted"
    weighted = sum(1 for row in kept if row.weight_g)
    return "weight_reps" if 2 * weighted >= len(kept) else "bodyweight_reps"


def set_of(row: StrongRow, exercise_id: str, mode: Mode) -> SetDraft:
    """The row as a set of an exercise of this mode; raises ValueError when it says too much or too little for it."""
    taken = (*DEMANDED[mode], *OPTIONAL[mode])
    for measure in MEASURES:
        if row.measure(measure) and measure not in taken:
            raise ValueError(f"{row.exercise} is an exercise of mode {mode}, whose sets have no {measure}")
        if measure in DEMANDED[mode] and measure != "weight_g" and not row.measure(measure):
            raise ValueError(f"{row.exercise} is an exercise of mode {mode}, whose sets need {measure}")
    values = {name: row.measure(name) for name in taken if row.measure(name) or name in DEMANDED[mode]}
    return SetDraft(exercise_id=exercise_id, type=row.type, rpe10=row.rpe10, note=row.note or None, **values)


def _duration_s(text: str) -> int:
    match = _DURATION.fullmatch(text)
    if match is None or not text:
        raise ValueError(f"Duration {text!r} is not a duration; it should look like 1h 30m")
    return int(match["h"] or 0) * 3600 + int(match["m"] or 0) * 60 + int(match["s"] or 0)


def _scaled(name: str, text: str, scale: int, unit: str, largest: int) -> int:
    """The decimal text times the scale, exactly; an empty text is 0."""
    value = _decimal(name, text or "0") * scale
    if value != int(value):
        raise ValueError(f"{name} {text} is not a whole number of {unit}")
    if not 0 <= value <= largest:
        raise ValueError(f"{name} {text} is not between 0 and {largest} {unit}")
    return int(value)


def _rpe10(text: str) -> int | None:
    if not text:
        return None
    value = _decimal("RPE", text) * 10
    if value != int(value) or not 60 <= value <= 100:
        raise ValueError(f"RPE {text} is not between 6 and 10 in tenths")
    return int(value)


def _decimal(name: str, text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{name} {text[:20]!r} is not a number; it should look like 82.5")
    return Decimal(text)
