"""Imports: meter readings as CSV files."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.http import json_response
from apps.common.imports.old import CSV_BODY, ImportResult, read_sheet
from apps.heating.danish import DANISH
from apps.heating.imports import take_readings


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.post(
        "/imports",
        tags=["imports"],
        operation_id="import_readings",
        responses={200: {"model": ImportResult}},
        openapi_extra=CSV_BODY,
    )
    async def import_readings(
        request: Request,
        dry_run: Annotated[bool, Query(description="Only say what would happen")] = False,
    ) -> Response:
        """Import heat meter readings: customer_id, meter_id, time_rounded, energy_heat_kwh, and columns not kept.

        Each row is taken, known by its meter and instant, or refused with the reason; the same file twice changes
        nothing. A meter that is not known is made, of kind heat_kwh with meter_id as its serial.
        """
        sheet = await read_sheet(request, [DANISH])
        result = await database.write("heating", lambda tx: take_readings(tx, sheet, dry_run=dry_run))
        return json_response(result.model_dump_json().encode())
