"""Logged sets: one row of a workout log, whatever app wrote it."""

from typing import NamedTuple

from apps.common.fields import name_key
from apps.gym.model import SetType


class LoggedSet(NamedTuple):
    """One set as it is stored; numbers that were not recorded are 0. The place is where it stands in its workout."""

    start: str
    duration_s: int
    workout: str
    exercise: str
    type: SetType
    weight_g: int
    reps: int
    distance_m: int
    seconds: int
    rpe10: int | None
    note: str
    workout_note: str
    place: str
    old_key: str | None = None
    """The key under which a version before imports had ids kept this row."""
    old_ref: str | None = None
    """What that version called the workout."""

    @property
    def ref(self) -> str:
        """What makes rows belong to the same workout: its start to the minute, and its name."""
        return f"{self.start[:16]} {name_key(self.workout)}"
