"""The SQL of lists: SQLite makes the JSON of the items, which goes out as it is (three times as fast as objects)."""

from typing import NamedTuple

from pydantic import BaseModel

from apps.common.database import Reader
from apps.common.http import CursorPart
from apps.common.transaction import Page
from apps.gym.model import Exercise, WorkoutHead

_EXERCISE = (
    "json_object('id', id, 'name', name, 'mode', mode, 'primary_muscle', primary_muscle,"
    " 'secondary_muscles', json(secondary_muscles), 'version', version)"
)
_WORKOUT = (
    "json_object('id', id, 'name', name, 'started_at', started_at, 'ended_at', ended_at, 'note', note,"
    " 'completed', json(CASE completed WHEN 1 THEN 'true' ELSE 'false' END), 'set_count', set_count,"
    " 'volume_g', volume_g, 'version', version)"
)


class ExercisePage(BaseModel):
    """A page of exercises; `next` is the cursor of the next one, null on the last."""

    items: list[Exercise]
    next: str | None


class WorkoutPage(BaseModel):
    """A page of workouts without their sets; `next` is the cursor of the next one, null on the last."""

    items: list[WorkoutHead]
    next: str | None


class Filter(NamedTuple):
    """Which workouts are asked for, by their local days; `after` is the sort key of the last one seen."""

    first: str | None = None
    last: str | None = None
    completed: bool | None = None
    after: tuple[CursorPart, ...] | None = None


def exercises_page(reader: Reader, after: tuple[CursorPart, ...] | None, limit: int) -> Page:
    """By name; the sort key is comparable name, id."""
    where = " WHERE (name_key, id) > (:after_name, :after_id)" if after else ""
    after_name, after_id = after or (None, None)
    return reader.page(
        f"SELECT {_EXERCISE} AS item, name_key, id FROM gym_exercise{where} ORDER BY name_key, id",  # noqa: S608 -- made of constants
        after_name=after_name,
        after_id=after_id,
        limit=limit,
    )


def workouts_page(reader: Reader, chosen: Filter, limit: int) -> Page:
    """The newest first; the sort key is start, id."""
    conditions = []
    if chosen.first:
        conditions.append("substr(started_at, 1, 10) >= :first")
    if chosen.last:
        conditions.append("substr(started_at, 1, 10) <= :last")
    if chosen.completed is not None:
        conditions.append("completed = :completed")
    if chosen.after:
        conditions.append("(started_utc, id) < (:after_start, :after_id)")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    after_start, after_id = chosen.after or (None, None)
    return reader.page(
        f"SELECT {_WORKOUT} AS item, started_utc, id FROM gym_workout{where}"  # noqa: S608 -- made of constants
        " ORDER BY started_utc DESC, id DESC",
        first=chosen.first,
        last=chosen.last,
        completed=chosen.completed,
        after_start=after_start,
        after_id=after_id,
        limit=limit,
    )
