"""Workouts: written as a whole, completed, listed, deleted."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database, Transaction
from apps.common.fields import Day, Id
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
from apps.gym.model import Completion, Workout, WorkoutDraft
from apps.gym.pages import Filter, WorkoutPage, workouts_page

PATH = "/api/v1/gym/workouts"


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get("/workouts", tags=["workouts"], operation_id="list_workouts", responses={200: {"model": WorkoutPage}})
    async def list_workouts(
        request: Request,
        first: Annotated[Day | None, Query(alias="from", description="First local day")] = None,
        last: Annotated[Day | None, Query(alias="to", description="Last local day")] = None,
        completed: Annotated[bool | None, Query(description="Only completed or only open ones")] = None,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Response:
        """Workouts without their sets, the newest first."""
        chosen = Filter(first, last, completed, cursor_key(cursor, str, str) if cursor else None)
        page = await database.read(lambda reader: workouts_page(reader, chosen, limit))
        return list_response(request, page)

    @router.post(
        "/workouts",
        tags=["workouts"],
        operation_id="start_workout",
        status_code=201,
        responses={201: {"model": Workout}},
    )
    async def start_workout(draft: WorkoutDraft, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Start a workout under an id of ours; it stays open until it is completed."""

        def work(tx: Transaction) -> Answer:
            return _started(logbook.start_workout(draft, tx.new_id(), tx))

        return await write_once(database, "gym", request, idempotency_key, work)

    @router.get(
        "/workouts/{workout_id}", tags=["workouts"], operation_id="read_workout", responses={200: {"model": Workout}}
    )
    async def read_workout(workout_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One workout with its sets."""
        found = await database.read(lambda reader: logbook.find_workout(workout_id, reader))
        if matches(if_none_match, found.version):
            return not_modified(found.version)
        return json_response(_json(found), version=found.version)

    @router.put(
        "/workouts/{workout_id}",
        tags=["workouts"],
        operation_id="put_workout",
        responses={200: {"model": Workout}, 201: {"model": Workout, "description": "Started"}},
    )
    async def put_workout(
        workout_id: Id, draft: WorkoutDraft, if_match: IfMatch = None, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Start a workout under an id of your own (`If-None-Match: *`), or replace all of one (`If-Match`).

        Sent again with the same content, as after a lost answer, it is answered with what is there. A completed workout
        stays completed.
        """

        def work(tx: Transaction) -> Answer:
            old = store.workout(workout_id, tx)
            if old is not None and logbook.says_the_same(draft, old) and (if_match or if_none_match):
                return Answer(_json(old), version=old.version)
            if if_none_match is not None and if_match is None:
                if old is None:
                    return _started(logbook.start_workout(draft, workout_id, tx))
                raise PreconditionFailed(
                    f"there is another workout {workout_id} already; read it, then change it by If-Match",
                    headers={"ETag": etag(old.version)},
                )
            found = old or logbook.find_workout(workout_id, tx)
            require_if_match(if_match, found.version)
            changed = logbook.change_workout(found, draft, tx)
            return Answer(_json(changed), version=changed.version)

        return (await database.write("gym", work)).response()

    @router.post(
        "/workouts/{workout_id}/complete",
        tags=["workouts"],
        operation_id="complete_workout",
        responses={200: {"model": Workout}},
    )
    async def complete_workout(
        workout_id: Id,
        request: Request,
        completion: Completion | None = None,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """End an open workout. From then on it counts in reports, and every change of it is told to who follows it."""
        end = completion.ended_at if completion else None

        def work(tx: Transaction) -> Answer:
            old = logbook.find_workout(workout_id, tx)
            require_if_match(if_match, old.version)
            completed = logbook.complete_workout(old, end, tx)
            return Answer(_json(completed), version=completed.version)

        return await write_once(database, "gym", request, idempotency_key, work)

    @router.delete("/workouts/{workout_id}", tags=["workouts"], operation_id="remove_workout", status_code=204)
    async def remove_workout(workout_id: Id, if_match: IfMatch = None) -> Response:
        """Delete a workout with its sets."""

        def work(tx: Transaction) -> None:
            old = logbook.find_workout(workout_id, tx)
            require_if_match(if_match, old.version)
            logbook.remove_workout(old, tx)

        await database.write("gym", work)
        return Response(status_code=204)


def _started(new: Workout) -> Answer:
    return Answer(_json(new), 201, new.version, {"Location": f"{PATH}/{new.id}"})


def _json(workout: Workout) -> bytes:
    return workout.model_dump_json().encode()
