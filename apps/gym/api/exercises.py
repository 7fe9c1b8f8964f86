"""Exercises: what can be done, and what was done of each."""

from fastapi import APIRouter, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents, Operation
from apps.common.fields import Id
from apps.common.http import LIMIT_DEFAULT, Cursor, Limit, cursor_key, list_response
from apps.gym import logbook
from apps.gym.model import Exercise, ExerciseDraft
from apps.gym.pages import EXERCISE_LIST, ExercisePage
from apps.gym.reports.history import HistoryPage, history

EXERCISES = Documents(
    "gym",
    "exercise",
    "exercises",
    Exercise,
    ExerciseDraft,
    find=logbook.find_exercise,
    make=logbook.make_exercise,
    change=logbook.change_exercise,
    remove=logbook.remove_exercise,
)

_MAKE = """Add an exercise. Its mode says which of reps, weight_g, duration_s and distance_m its sets need.

weight_reps: reps and weight_g. bodyweight_reps: reps, and weight_g for what is hung on. assisted: reps, and
weight_g for what the machine takes off. duration: duration_s, and weight_g if any. distance_duration:
distance_m, and duration_s if it was taken."""

_PUT = """Make an exercise under an id of your own (`If-None-Match: *`), or change one (`If-Match`).

Sent again with the same content, as after a lost answer, it is answered with what is there. The mode of an
exercise cannot change once it has sets."""


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get(
        "/exercises", tags=["exercises"], operation_id="list_exercises", responses={200: {"model": ExercisePage}}
    )
    async def list_exercises(request: Request, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None) -> Response:
        """All exercises by name."""
        return await EXERCISE_LIST.answer(database, request, limit, cursor)

    EXERCISES.mount(
        router,
        database,
        post=Operation("make_exercise", _MAKE),
        put=Operation("put_exercise", _PUT),
        delete=Operation("remove_exercise", "Delete an exercise that no workout has."),
    )

    @router.get(
        "/exercises/{exercise_id}/history",
        tags=["exercises"],
        operation_id="exercise_history",
        responses={200: {"model": HistoryPage}},
    )
    async def exercise_history(
        exercise_id: Id, request: Request, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Response:
        """What was done of an exercise, workout by workout, the newest first; completed workouts only."""
        after = cursor_key(cursor, str, str) if cursor is not None else None
        page = await database.read(
            lambda reader: history(logbook.find_exercise(exercise_id, reader), after, limit, reader)
        )
        return list_response(request, page)
