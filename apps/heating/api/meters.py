"""Meters: what is read, and how its units become kilowatt hours."""

from fastapi import APIRouter, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents, Operation
from apps.common.http import LIMIT_DEFAULT, Cursor, Limit
from apps.heating import meterbook
from apps.heating.model import Meter, MeterDraft
from apps.heating.pages import METER_LIST, MeterPage

METERS = Documents(
    "heating",
    "meter",
    "meters",
    Meter,
    MeterDraft,
    find=meterbook.find_meter,
    make=meterbook.make_meter,
    change=meterbook.change_meter,
    remove=meterbook.remove_meter,
)


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get("/meters", tags=["meters"], operation_id="list_meters", responses={200: {"model": MeterPage}})
    async def list_meters(request: Request, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None) -> Response:
        """All meters by kind, the oldest first."""
        return await METER_LIST.answer(database, request, limit, cursor)

    METERS.mount(
        router,
        database,
        post=Operation(
            "make_meter", "Add a meter. A gas or oil meter needs conversions before its use can be said in kWh."
        ),
        delete=Operation("remove_meter", "Delete a meter that has no readings, exchanges or tariffs."),
    )
