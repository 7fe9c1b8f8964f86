"""Exercises: what can be done, and what was done of each."""

from fastapi import APIRouter, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents
from apps.common.fields import Id
from apps.common.http import LIMIT_DEFAULT, Cursor, IfMatch, IfNoneMatch, Limit, cursor_key, list_response
from apps.common.idempotency import IdempotencyKey
from apps.gym import logbook
from apps.gym.model import Exercise, ExerciseDraft
from apps.gym.pages import EXERCISE_LIST, ExercisePage
from apps.gym.reports.history import HistoryPage, history

EXERCISES = Documents(
    "gym",
    "exercise",
    "exercises",
    find=logbook.find_exercise,
    make=logbook.make_exercise,
    change=logbook.change_exercise,
    remove=logbook.remove_exercise,
)


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get(
        "/exercises", tags=["exercises"], operation_id="list_exercises", responses={200: {"model": ExercisePage}}
    )
    async def list_exercises(request: Request, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None) -> Response:
        """All exercises by name."""
        return await EXERCISE_LIST.answer(database, request, limit, cursor)

    @router.post(
        "/exercises",
        tags=["exercises"],
        operation_id="make_exercise",
        status_code=201,
        responses={201: {"model": Exercise}},
    )
    async def make_exercise(draft: ExerciseDraft, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Add an exercise. Its mode says which of reps, weight_g, duration_s and distance_m its sets need.

        weight_reps: reps and weight_g. bodyweight_reps: reps, and weight_g for what is hung on. assisted: reps, and
        weight_g for what the machine takes off. duration: duration_s, and weight_g if any. distance_duration:
        distance_m, and duration_s if it was taken.
        """
        return await EXERCISES.post(database, request, idempotency_key, draft)

    @router.get(
        "/exercises/{exercise_id}",
        tags=["exercises"],
        operation_id="read_exercise",
        responses={200: {"model": Exercise}},
    )
    async def read_exercise(exercise_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One exercise."""
        return await EXERCISES.show(database, exercise_id, if_none_match)

    @router.put(
        "/exercises/{exercise_id}",
        tags=["exercises"],
        operation_id="put_exercise",
        responses={200: {"model": Exercise}, 201: {"model": Exercise, "description": "Made"}},
    )
    async def put_exercise(
        exercise_id: Id, draft: ExerciseDraft, if_match: IfMatch = None, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Make an exercise under an id of your own (`If-None-Match: *`), or change one (`If-Match`).

        Sent again with the same content, as after a lost answer, it is answered with what is there. The mode of an
        exercise cannot change once it has sets.
        """
        return await EXERCISES.put(database, exercise_id, draft, if_match, if_none_match)

    @router.delete("/exercises/{exercise_id}", tags=["exercises"], operation_id="remove_exercise", status_code=204)
    async def remove_exercise(exercise_id: Id, if_match: IfMatch = None) -> Response:
        """Delete an exercise that no workout has."""
        return await EXERCISES.delete(database, exercise_id, if_match)

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
