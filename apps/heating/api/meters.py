"""Meters: what is read, and how its units become kilowatt hours."""

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
    list_response,
    require_if_match,
)
from apps.common.idempotency import Answer, IdempotencyKey, write_once
from apps.heating import meterbook, store
from apps.heating.api.documents import made, put, shown
from apps.heating.model import Meter, MeterDraft
from apps.heating.pages import MeterPage, meters_page


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get("/meters", tags=["meters"], operation_id="list_meters", responses={200: {"model": MeterPage}})
    async def list_meters(request: Request, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None) -> Response:
        """All meters by kind, the oldest first."""
        after = cursor_key(cursor, str, str) if cursor else None
        page = await database.read(lambda reader: meters_page(reader, after, limit))
        return list_response(request, page)

    @router.post(
        "/meters", tags=["meters"], operation_id="make_meter", status_code=201, responses={201: {"model": Meter}}
    )
    async def make_meter(draft: MeterDraft, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Add a meter. A gas or oil meter needs conversions before its use can be said in kWh."""

        def work(tx: Transaction) -> Answer:
            return made(meterbook.make_meter(draft, tx.new_id(), tx), "meters")

        return await write_once(database, "heating", request, idempotency_key, work)

    @router.get("/meters/{meter_id}", tags=["meters"], operation_id="read_meter", responses={200: {"model": Meter}})
    async def read_meter(meter_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One meter."""
        return shown(await database.read(lambda reader: meterbook.find_meter(meter_id, reader)), if_none_match)

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

        def work(tx: Transaction) -> Answer:
            return put(
                store.meter(meter_id, tx),
                draft,
                what=f"meter {meter_id}",
                path="meters",
                if_match=if_match,
                if_none_match=if_none_match,
                make=lambda: meterbook.make_meter(draft, meter_id, tx),
                change=lambda old: meterbook.change_meter(old, draft, tx),
            )

        return (await database.write("heating", work)).response()

    @router.delete("/meters/{meter_id}", tags=["meters"], operation_id="remove_meter", status_code=204)
    async def remove_meter(meter_id: Id, if_match: IfMatch = None) -> Response:
        """Delete a meter that has no readings, exchanges or tariffs."""

        def work(tx: Transaction) -> None:
            old = meterbook.find_meter(meter_id, tx)
            require_if_match(if_match, old.version)
            meterbook.remove_meter(old, tx)

        await database.write("heating", work)
        return Response(status_code=204)
