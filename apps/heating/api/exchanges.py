"""Exchanges: one meter taken out, the next one put in its place."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents, Operation
from apps.common.fields import Id
from apps.common.http import LIMIT_DEFAULT, Cursor, Limit
from apps.heating import meterbook
from apps.heating.model import Exchange, ExchangeDraft
from apps.heating.pages import EXCHANGE_LIST, ExchangePage

EXCHANGES = Documents(
    "heating",
    "exchange",
    "exchanges",
    Exchange,
    ExchangeDraft,
    find=meterbook.find_exchange,
    make=meterbook.record_exchange,
    change=meterbook.change_exchange,
    remove=meterbook.remove_exchange,
)


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get(
        "/exchanges", tags=["exchanges"], operation_id="list_exchanges", responses={200: {"model": ExchangePage}}
    )
    async def list_exchanges(
        request: Request,
        meter: Annotated[Id | None, Query(description="Only this meter")] = None,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Response:
        """Exchanges, the newest first."""
        return await EXCHANGE_LIST.answer(database, request, limit, cursor, meter=meter)

    EXCHANGES.mount(
        router,
        database,
        post=Operation(
            "record_exchange", "Keep that a meter was exchanged: what the old one showed last, and the new one first."
        ),
        delete=Operation("remove_exchange", "Delete an exchange that the readings around it can do without."),
    )
