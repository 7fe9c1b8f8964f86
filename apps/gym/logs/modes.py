"""Modes: what kind of exercise the rows of a file speak of. The majority decides: one odd row changes nothing."""

from dataclasses import dataclass

from apps.common.fields import name_key
from apps.gym.model import Mode


@dataclass
class _Seen:
    """How many rows of an exercise there are, and what they say."""

    rows: int = 0
    far: int = 0
    timed: int = 0
    weighted: int = 0


class Modes:
    """The exercises of one file."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        self._keys: dict[str, str] = {}

    def survey(self, exercise: str, *, weight: bool, reps: bool, distance: bool, seconds: bool) -> None:
        """Count a row: which of its numbers are not 0."""
        key = self._keys.get(exercise)
        if key is None:
            key = self._keys[exercise] = name_key(exercise)
        seen = self._seen.get(key)
        if seen is None:
            seen = self._seen[key] = _Seen()
        seen.rows += 1
        seen.far += distance
        seen.timed += seconds and not reps
        seen.weighted += weight

    def of(self, exercise: str) -> Mode:
        """The mode of a new exercise. Strong ends the names of assisted ones with (Assisted)."""
        key = name_key(exercise)
        seen = self._seen.get(key, _Seen(rows=1))
        if 2 * seen.far >= seen.rows:
            return "distance_duration"
        if 2 * seen.timed >= seen.rows:
            return "duration"
        if key.endswith("(assisted)"):
            return "assisted"
        return "weight_reps" if 2 * seen.weighted >= seen.rows else "bodyweight_reps"
