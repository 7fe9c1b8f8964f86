"""Readings: what a meter showed at an instant."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents, Operation
from apps.common.fields import Id, Instant
from apps.common.http import LIMIT_DEFAULT, Cursor, Limit
from apps.heating import meterbook
from apps.heating.model import Reading, ReadingDraft
from apps.heating.pages import READING_LIST, ReadingPage

READINGS = Documents(
    "heating",
    "reading",
    "readings",
    Reading,
    ReadingDraft,
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

    READINGS.mount(
        router,
        database,
        post=Operation(
            "take_reading",
            "Keep what a meter showed: not less than before, unless it was exchanged or has rolled over.",
        ),
        delete=Operation("remove_reading", "Delete a reading that its neighbours can do without."),
    )
