"""Exchanges: one meter taken out, the next one put in its place."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

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
from apps.heating.model import Exchange, ExchangeDraft
from apps.heating.pages import ExchangePage, exchanges_page


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
        after = cursor_key(cursor, str, str) if cursor else None
        page = await database.read(lambda reader: exchanges_page(reader, meter, after, limit))
        return list_response(request, page)

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

        def work(tx: Transaction) -> Answer:
            return made(meterbook.record_exchange(draft, tx.new_id(), tx), "exchanges")

        return await write_once(database, "heating", request, idempotency_key, work)

    @router.get(
        "/exchanges/{exchange_id}",
        tags=["exchanges"],
        operation_id="read_exchange",
        responses={200: {"model": Exchange}},
    )
    async def read_exchange(exchange_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One exchange."""
        return shown(await database.read(lambda reader: meterbook.find_exchange(exchange_id, reader)), if_none_match)

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

        def work(tx: Transaction) -> Answer:
            return put(
                store.exchange(exchange_id, tx),
                draft,
                what=f"exchange {exchange_id}",
                path="exchanges",
                if_match=if_match,
                if_none_match=if_none_match,
                make=lambda: meterbook.record_exchange(draft, exchange_id, tx),
                change=lambda old: meterbook.change_exchange(old, draft, tx),
            )

        return (await database.write("heating", work)).response()

    @router.delete("/exchanges/{exchange_id}", tags=["exchanges"], operation_id="remove_exchange", status_code=204)
    async def remove_exchange(exchange_id: Id, if_match: IfMatch = None) -> Response:
        """Delete an exchange that the readings around it can do without."""

        def work(tx: Transaction) -> None:
            old = meterbook.find_exchange(exchange_id, tx)
            require_if_match(if_match, old.version)
            meterbook.remove_exchange(old, tx)

        await database.write("heating", work)
        return Response(status_code=204)
