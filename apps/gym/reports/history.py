"""History: workout by workout, what was done of one exercise; the newest first."""

from apps.common.database import Reader
from apps.common.fields import Kept
from apps.common.http import CursorPart
from apps.common.transaction import Page
from apps.gym.model import LIFTING, Exercise, SetType
from apps.gym.strength import CONFIDENT_REPS

_SETS = "gym_set s WHERE s.workout_id = page.id AND s.exercise_id = :exercise"


class HistorySet(Kept):
    """A set of an exercise; `confident` says whether its estimate rests on at most 10 repetitions."""

    pos: int
    type: SetType
    reps: int | None
    weight_g: int | None
    duration_s: int | None
    distance_m: int | None
    assist_g: int | None
    rpe10: int | None
    e1rm_g: int | None
    confident: bool


class HistoryEntry(Kept):
    """One workout's sets of an exercise."""

    workout_id: str
    on: str
    tonnage_g: int
    best_e1rm_g: int | None
    sets: list[HistorySet]


class HistoryPage(Kept):
    """A page of an exercise's history; `next` is the cursor of the next one, null on the last."""

    items: list[HistoryEntry]
    next: str | None


def history(exercise: Exercise, after: tuple[CursorPart, ...] | None, limit: int, reader: Reader) -> Page:
    """The newest first; the sort key is the start and the workout's id."""
    lifted = f"s.weight_g > 0 AND s.reps > 0 AND {int(exercise.mode in LIFTING)} = 1"
    confident = f"{lifted} AND s.reps <= {CONFIDENT_REPS}"
    # Epley in whole grams, as in strength.e1rm_g; a test holds the two together.
    e1rm = "CASE WHEN s.reps = 1 THEN s.weight_g ELSE (s.weight_g * (30 + s.reps) + 15) / 30 END"
    where = " AND (w.started_utc, w.id) < (:after_start, :after_id)" if after else ""
    after_start, after_id = after or (None, None)
    return reader.page(
        "SELECT json_object('workout_id', id, 'on', day, 'tonnage_g',"  # noqa: S608 -- made of constants
        f" (SELECT coalesce(sum(s.weight_g * s.reps), 0) FROM {_SETS} AND s.type <> 'warmup' AND {lifted}),"
        f" 'best_e1rm_g', (SELECT max({e1rm}) FROM {_SETS} AND s.type <> 'warmup' AND {confident}),"
        f" 'sets', json((SELECT json_group_array(json(item)) FROM (SELECT json_object('pos', s.pos, 'type', s.type,"
        " 'reps', s.reps, 'weight_g', s.weight_g, 'duration_s', s.duration_s, 'distance_m', s.distance_m,"
        f" 'assist_g', s.assist_g, 'rpe10', s.rpe10, 'e1rm_g', CASE WHEN {lifted} THEN {e1rm} END,"
        f" 'confident', json(CASE WHEN {confident} THEN 'true' ELSE 'false' END)) AS item"
        f" FROM {_SETS} ORDER BY s.pos)))) AS item, started_utc, id"
        " FROM (SELECT w.id, w.started_utc, substr(w.started_at, 1, 10) AS day FROM gym_workout w"
        f" WHERE w.completed = 1 AND w.id IN (SELECT workout_id FROM gym_set WHERE exercise_id = :exercise){where}"
        " ORDER BY w.started_utc DESC, w.id DESC LIMIT :rows) AS page ORDER BY started_utc DESC, id DESC",
        exercise=exercise.id,
        after_start=after_start,
        after_id=after_id,
        limit=limit,
        rows=limit + 1,
    )
