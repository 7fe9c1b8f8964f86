"""Imports: workout logs as CSV files."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.http import json_response
from apps.common.imports.old import CSV_BODY, ImportResult, read_sheet
from apps.common.zone import ZoneName, zone_of
from apps.gym.imports import take_log
from apps.gym.strong import STRONG


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.post(
        "/imports",
        tags=["imports"],
        operation_id="import_log",
        responses={200: {"model": ImportResult}},
        openapi_extra=CSV_BODY,
    )
    async def import_log(
        request: Request,
        dry_run: Annotated[bool, Query(description="Only say what would happen")] = False,
        zone: Annotated[ZoneName, Query(description="Where the workouts took place: the file has local times")] = "UTC",
    ) -> Response:
        """Import the export of the Strong app: one row a set, a workout for each date and workout name.

        Each row is taken, known from an earlier import, or refused with the reason; the same file twice changes
        nothing. The workouts are completed. An exercise that is not known is made, its mode guessed from its rows.
        """
        sheet = await read_sheet(request, [STRONG])
        place = zone_of(zone)
        result = await database.write("gym", lambda tx: take_log(tx, sheet, place, dry_run=dry_run))
        return json_response(result.model_dump_json().encode())
