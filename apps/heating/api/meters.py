"""Meters: what is read, and how its units become kilowatt hours."""

from fastapi import APIRouter, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents
from apps.common.fields import Id
from apps.common.http import LIMIT_DEFAULT, Cursor, IfMatch, IfNoneMatch, Limit
from apps.common.idempotency import IdempotencyKey
from apps.heating import meterbook
from apps.heating.model import Meter, MeterDraft
from apps.heating.pages import METER_LIST, MeterPage

METERS = Documents(
    "heating",
    "meter",
    "meters",
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

    @router.post(
        "/meters", tags=["meters"], operation_id="make_meter", status_code=201, responses={201: {"model": Meter}}
    )
    async def make_meter(draft: MeterDraft, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Add a meter. A gas or oil meter needs conversions before its use can be said in kWh."""
        return await METERS.post(database, request, idempotency_key, draft)

    @router.get("/meters/{meter_id}", tags=["meters"], operation_id="read_meter", responses={200: {"model": Meter}})
    async def read_meter(meter_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One meter."""
        return await METERS.show(database, meter_id, if_none_match)

    @router.put(
        "/meters/{meter_id}",
        tags=["meters"],
        operation_id="put_meter",
        responses={200: {"model": Meter}, 201: {"model": Meter, "description": "Made"}},
    )
    async def put_meter(
        meter_id: Id, draft: MeterDraft, if_match: IfMatch = None, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Make a meter under an id of your own (`If-None-Match: *`), or replace one (`If-Match`).

        Sent again with the same content, as after a lost answer, it is answered with what is there.
        """
        return await METERS.put(database, meter_id, draft, if_match, if_none_match)

    @router.delete("/meters/{meter_id}", tags=["meters"], operation_id="remove_meter", status_code=204)
    async def remove_meter(meter_id: Id, if_match: IfMatch = None) -> Response:
        """Delete a meter that has no readings, exchanges or tariffs."""
        return await METERS.delete(database, meter_id, if_match)
