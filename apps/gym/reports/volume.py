"""Volume: what was done of each exercise in a span of days."""

from apps.common.database import Reader
from apps.common.fields import Kept
from apps.gym.model import Mode
from apps.gym.reports import COUNTED, JOINED, TONNAGE


class ExerciseVolume(Kept):
    """What was done of one exercise."""

    exercise_id: str
    name: str
    mode: Mode
    workouts: int
    sets: int
    reps: int
    tonnage_g: int
    duration_s: int
    distance_m: int


class VolumeReport(Kept):
    """Volume by exercise, in the order of their names, without warm-ups."""

    items: list[ExerciseVolume]
    tonnage_g: int


def volume(first: str | None, last: str | None, reader: Reader) -> bytes:
    """The volume report of these local days, as JSON."""
    return reader.json(
        "SELECT json_object('items', json_group_array(json_object('exercise_id', id, 'name', name, 'mode', mode,"  # noqa: S608 -- constants
        " 'workouts', workouts, 'sets', sets, 'reps', reps, 'tonnage_g', tonnage_g, 'duration_s', duration_s,"
        " 'distance_m', distance_m)), 'tonnage_g', coalesce(sum(tonnage_g), 0))"
        " FROM (SELECT e.id, e.name, e.mode, count(DISTINCT w.id) AS workouts, count(*) AS sets,"
        f" coalesce(sum(s.reps), 0) AS reps, {TONNAGE} AS tonnage_g, coalesce(sum(s.duration_s), 0) AS duration_s,"
        f" coalesce(sum(s.distance_m), 0) AS distance_m FROM {JOINED} WHERE {COUNTED}"
        " AND substr(w.started_at, 1, 10) BETWEEN :first AND :last"
        " GROUP BY e.id, e.name, e.mode, e.name_key ORDER BY e.name_key)",
        first=first or "0000",
        last=last or "9999",
    )
