"""Imports: what meters showed, or what they used, as CSV files."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.fields import Name
from apps.common.imports.days import Order
from apps.common.imports.decimals import Sign
from apps.common.imports.formats import open_sheet
from apps.common.imports.history import add_history_routes
from apps.common.imports.parameters import CSV_BODY, Again, DryRun, Encoding, FileName, ImportId
from apps.common.imports.report import ImportReport
from apps.common.imports.sheet import read_text
from apps.common.imports.upload import Options, Uploads
from apps.common.zone import ZoneName
from apps.heating.imports.intake import MeterIntake, formats
from apps.heating.imports.intervals import Stamp
from apps.heating.imports.layouts import Values
from apps.heating.imports.taking import UndoReadings
from apps.heating.imports.units import Unit
from apps.heating.imports.wishes import Wishes
from apps.heating.model import Kind


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""
    uploads = Uploads(database, "heating")

    @router.post(
        "/imports",
        tags=["imports"],
        operation_id="import_readings",
        responses={200: {"model": ImportReport}},
        openapi_extra=CSV_BODY,
    )
    async def import_readings(
        request: Request,
        dry_run: DryRun = False,
        again: Again = False,
        file_name: FileName = "",
        import_id: ImportId = None,
        encoding: Encoding = None,
        kind: Annotated[Kind | None, Query(description="What the meters count, where the file does not say")] = None,
        unit: Annotated[
            Unit | None, Query(description="Of the values; default: what the file or the kind says")
        ] = None,
        meter: Annotated[
            Name | None, Query(description="The meter's serial, where the file has no column for it")
        ] = None,
        decimal: Annotated[Sign | None, Query(description="The sign before the decimals")] = None,
        dates: Annotated[Order | None, Query(description="The order of day and month")] = None,
        zone: Annotated[ZoneName | None, Query(description="Of times without an offset, such as Europe/Berlin")] = None,
        values: Annotated[
            Values | None, Query(description="What the meter showed, or what it used from one row to the next")
        ] = None,
        stamp: Annotated[Stamp | None, Query(description="Which end of an interval its time names")] = None,
        gaps: Annotated[
            Literal["zero"] | None, Query(description="Count nothing where intervals are missing, instead of refusing")
        ] = None,
        digits: Annotated[
            int | None, Query(ge=1, le=9, description="Of the meters, before the point: where they start again at 0")
        ] = None,
        max_kw: Annotated[
            int | None, Query(ge=1, le=1_000_000, description="The power above which a step is false; default: 100")
        ] = None,
    ) -> Response:
        """Import what meters showed or used, in one of the layouts of docs/imports.md.

        A reading is known by its meter and instant; the same file twice changes nothing. A meter that is not known is
        made. Rows that what follows or what is kept proves false are refused, each with the reason.
        """
        wishes = Wishes(kind, unit, meter, decimal, dates, zone, values, stamp, gaps, digits, max_kw)

        def open_file(body: bytes) -> tuple[MeterIntake, MeterIntake]:
            _, intake = open_sheet(read_text(body, encoding), formats(wishes))
            assert isinstance(intake, MeterIntake), "what `formats` opens"
            return intake, intake

        return await uploads.receive(request, open_file, Options(dry_run, again, file_name, import_id))

    add_history_routes(router, database, "heating", UndoReadings())
