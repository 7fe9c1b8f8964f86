"""Workouts: written as a whole, completed, listed, deleted."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database, Transaction
from apps.common.documents import Documents, Operation
from apps.common.fields import Day, Id
from apps.common.http import (
    LIMIT_DEFAULT,
    Cursor,
    IfMatch,
    Limit,
    require_if_match,
)
from apps.common.idempotency import Answer, IdempotencyKey, write_once
from apps.gym import logbook
from apps.gym.model import Completion, Workout, WorkoutDraft
from apps.gym.pages import WORKOUT_LIST, WorkoutPage

WORKOUTS = Documents(
    "gym",
    "workout",
    "workouts",
    Workout,
    WorkoutDraft,
    find=logbook.find_workout,
    make=logbook.start_workout,
    change=logbook.change_workout,
    remove=logbook.remove_workout,
    says=logbook.says_already,
)

_PUT = """Start a workout under an id of your own (`If-None-Match: *`), or replace all of one (`If-Match`).

Sent again with the same content, as after a lost answer, it is answered with what is there. A completed workout
stays completed."""


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
        return await WORKOUT_LIST.answer(database, request, limit, cursor, first=first, last=last, completed=completed)

    WORKOUTS.mount(
        router,
        database,
        post=Operation("start_workout", "Start a workout under an id of ours; it stays open until it is completed."),
        get=Operation("read_workout", "One workout with its sets."),
        put=Operation("put_workout", _PUT, {201: {"description": "Started"}}),
        delete=Operation("remove_workout", "Delete a workout with its sets."),
    )

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
        """End an open workout. From then on it counts in reports, and every change of it is published."""
        end = completion.ended_at if completion else None

        def work(tx: Transaction) -> Answer:
            old = logbook.find_workout(workout_id, tx)
            require_if_match(if_match, old.version)
            return WORKOUTS.answer(logbook.complete_workout(old, end, tx))

        return await write_once(database, "gym", request, idempotency_key, work)
