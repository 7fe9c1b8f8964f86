"""Exercises: what can be done, and what was done of each."""

from fastapi import APIRouter, Request, Response

from apps.common.database import Database, Transaction
from apps.common.fields import Id
from apps.common.http import (
    LIMIT_DEFAULT,
    Cursor,
    IfMatch,
    IfNoneMatch,
    Limit,
    cursor_key,
    etag,
    json_response,
    list_response,
    matches,
    not_modified,
    require_if_match,
)
from apps.common.idempotency import Answer, IdempotencyKey, write_once
from apps.common.problem import PreconditionFailed
from apps.gym import logbook, store
from apps.gym.model import Exercise, ExerciseDraft
from apps.gym.pages import ExercisePage, exercises_page
from apps.gym.reports.history import HistoryPage, history

PATH = "/api/v1/gym/exercises"


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get(
        "/exercises", tags=["exercises"], operation_id="list_exercises", responses={200: {"model": ExercisePage}}
    )
    async def list_exercises(request: Request, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None) -> Response:
        """All exercises by name."""
        after = cursor_key(cursor, str, str) if cursor else None
        page = await database.read(lambda reader: exercises_page(reader, after, limit))
        return list_response(request, page)

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

        def work(tx: Transaction) -> Answer:
            return _made(logbook.make_exercise(draft, tx.new_id(), tx))

        return await write_once(database, "gym", request, idempotency_key, work)

    @router.get(
        "/exercises/{exercise_id}",
        tags=["exercises"],
        operation_id="read_exercise",
        responses={200: {"model": Exercise}},
    )
    async def read_exercise(exercise_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One exercise."""
        found = await database.read(lambda reader: logbook.find_exercise(exercise_id, reader))
        if matches(if_none_match, found.version):
            return not_modified(found.version)
        return json_response(_json(found), version=found.version)

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

        def work(tx: Transaction) -> Answer:
            old = store.exercise(exercise_id, tx)
            if old is not None and _says(old, draft) and (if_match or if_none_match):
                return Answer(_json(old), version=old.version)
            if if_none_match is not None and if_match is None:
                if old is None:
                    return _made(logbook.make_exercise(draft, exercise_id, tx))
                raise PreconditionFailed(
                    f"there is another exercise {exercise_id} already; read it, then change it by If-Match",
                    headers={"ETag": etag(old.version)},
                )
            found = old or logbook.find_exercise(exercise_id, tx)
            require_if_match(if_match, found.version)
            changed = logbook.change_exercise(found, draft, tx)
            return Answer(_json(changed), version=changed.version)

        return (await database.write("gym", work)).response()

    @router.delete("/exercises/{exercise_id}", tags=["exercises"], operation_id="remove_exercise", status_code=204)
    async def remove_exercise(exercise_id: Id, if_match: IfMatch = None) -> Response:
        """Delete an exercise that no workout has."""

        def work(tx: Transaction) -> None:
            old = logbook.find_exercise(exercise_id, tx)
            require_if_match(if_match, old.version)
            logbook.remove_exercise(old, tx)

        await database.write("gym", work)
        return Response(status_code=204)

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
        after = cursor_key(cursor, str, str) if cursor else None
        page = await database.read(
            lambda reader: history(logbook.find_exercise(exercise_id, reader), after, limit, reader)
        )
        return list_response(request, page)


def _made(new: Exercise) -> Answer:
    return Answer(_json(new), 201, new.version, {"Location": f"{PATH}/{new.id}"})


def _json(exercise: Exercise) -> bytes:
    return exercise.model_dump_json().encode()


def _says(kept: Exercise, draft: ExerciseDraft) -> bool:
    return all(getattr(kept, name) == value for name, value in draft)
