"""Exchanges: one meter taken out, the next one put in its place."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents
from apps.common.fields import Id
from apps.common.http import LIMIT_DEFAULT, Cursor, IfMatch, IfNoneMatch, Limit
from apps.common.idempotency import IdempotencyKey
from apps.heating import meterbook
from apps.heating.model import Exchange, ExchangeDraft
from apps.heating.pages import EXCHANGE_LIST, ExchangePage

EXCHANGES = Documents(
    "heating",
    "exchange",
    "exchanges",
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

    @router.post(
        "/exchanges",
        tags=["exchanges"],
        operation_id="record_exchange",
        status_code=201,
        responses={201: {"model": Exchange}},
    )
    async def record_exchange(
        draft: ExchangeDraft, request: Request, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Keep that a meter was exchanged: what the old one showed last, and the new one first."""
        return await EXCHANGES.post(database, request, idempotency_key, draft)

    @router.get(
        "/exchanges/{exchange_id}",
        tags=["exchanges"],
        operation_id="read_exchange",
        responses={200: {"model": Exchange}},
    )
    async def read_exchange(exchange_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One exchange."""
        return await EXCHANGES.show(database, exchange_id, if_none_match)

    @router.put(
        "/exchanges/{exchange_id}",
        tags=["exchanges"],
        operation_id="put_exchange",
        responses={200: {"model": Exchange}, 201: {"model": Exchange, "description": "Made"}},
    )
    async def put_exchange(
        exchange_id: Id, draft: ExchangeDraft, if_match: IfMatch = None, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Make an exchange under an id of your own (`If-None-Match: *`), or replace one (`If-Match`).

        Sent again with the same content, as after a lost answer, it is answered with what is there.
        """
        return await EXCHANGES.put(database, exchange_id, draft, if_match, if_none_match)

    @router.delete("/exchanges/{exchange_id}", tags=["exchanges"], operation_id="remove_exchange", status_code=204)
    async def remove_exchange(exchange_id: Id, if_match: IfMatch = None) -> Response:
        """Delete an exchange that the readings around it can do without."""
        return await EXCHANGES.delete(database, exchange_id, if_match)
