"""Readings: what a meter showed at an instant."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents
from apps.common.fields import Id, Instant
from apps.common.http import LIMIT_DEFAULT, Cursor, IfMatch, IfNoneMatch, Limit
from apps.common.idempotency import IdempotencyKey
from apps.heating import meterbook
from apps.heating.model import Reading, ReadingDraft
from apps.heating.pages import READING_LIST, ReadingPage

READINGS = Documents(
    "heating",
    "reading",
    "readings",
    find=meterbook.find_reading,
    make=meterbook.take_reading,
    change=meterbook.change_reading,
    remove=meterbook.remove_reading,
)


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get("/readings", tags=["readings"], operation_id="list_readings", responses={200: {"model": ReadingPage}})
    async def list_readings(
        request: Request,
        meter: Annotated[Id | None, Query(description="Only this meter")] = None,
        first: Annotated[Instant | None, Query(alias="from", description="From this instant on")] = None,
        before: Annotated[Instant | None, Query(description="Before this instant")] = None,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Response:
        """Readings, the newest first."""
        return await READING_LIST.answer(database, request, limit, cursor, meter=meter, first=first, before=before)

    @router.post(
        "/readings",
        tags=["readings"],
        operation_id="take_reading",
        status_code=201,
        responses={201: {"model": Reading}},
    )
    async def take_reading(draft: ReadingDraft, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Keep what a meter showed: not less than before, unless it was exchanged or has rolled over."""
        return await READINGS.post(database, request, idempotency_key, draft)

    @router.get(
        "/readings/{reading_id}", tags=["readings"], operation_id="read_reading", responses={200: {"model": Reading}}
    )
    async def read_reading(reading_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One reading."""
        return await READINGS.show(database, reading_id, if_none_match)

    @router.put(
        "/readings/{reading_id}",
        tags=["readings"],
        operation_id="put_reading",
        responses={200: {"model": Reading}, 201: {"model": Reading, "description": "Made"}},
    )
    async def put_reading(
        reading_id: Id, draft: ReadingDraft, if_match: IfMatch = None, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Make a reading under an id of your own (`If-None-Match: *`), or replace one (`If-Match`).

        Sent again with the same content, as after a lost answer, it is answered with what is there.
        """
        return await READINGS.put(database, reading_id, draft, if_match, if_none_match)

    @router.delete("/readings/{reading_id}", tags=["readings"], operation_id="remove_reading", status_code=204)
    async def remove_reading(reading_id: Id, if_match: IfMatch = None) -> Response:
        """Delete a reading that its neighbours can do without."""
        return await READINGS.delete(database, reading_id, if_match)
