"""Imports: workout logs as CSV files."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.imports.days import Order
from apps.common.imports.history import add_history_routes
from apps.common.imports.parameters import CSV_BODY, Again, DryRun, Encoding, FileName, ImportId
from apps.common.imports.report import ImportReport
from apps.common.imports.upload import Options, Uploads
from apps.common.zone import ZoneName
from apps.gym.logs.logged import Given
from apps.gym.logs.opened import open_log
from apps.gym.undo import UndoWorkouts


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""
    uploads = Uploads(database, "gym")

    @router.post(
        "/imports",
        tags=["imports"],
        operation_id="import_log",
        responses={200: {"model": ImportReport}},
        openapi_extra=CSV_BODY,
    )
    async def import_log(
        request: Request,
        dry_run: DryRun = False,
        again: Again = False,
        file_name: FileName = "",
        import_id: ImportId = None,
        encoding: Encoding = None,
        weight: Annotated[Literal["kg", "lb"] | None, Query(description="The unit of weights without one")] = None,
        distance: Annotated[Literal["km", "mi"] | None, Query(description="The unit of distances without one")] = None,
        zone: Annotated[
            ZoneName | None, Query(description="Where the workouts took place: the file has local times")
        ] = None,
        dates: Annotated[Order | None, Query(description="What 05/09/2026 means in this file")] = None,
    ) -> Response:
        """Import a log of Strong, Hevy or FitNotes: one row a set, a workout for each start and workout name.

        Each row is taken, known from an earlier import, skipped or refused with the reason; the same file twice
        changes nothing. The workouts are completed. An exercise that is not known is made, its mode guessed from its
        rows. A file that does not say its units is not taken until they are given.
        """
        given = Given(weight, distance, zone, dates)
        return await uploads.receive(
            request, lambda body: open_log(body, given, encoding), Options(dry_run, again, file_name, import_id)
        )

    add_history_routes(router, database, "gym", UndoWorkouts())
