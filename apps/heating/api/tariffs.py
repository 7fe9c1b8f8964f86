"""Tariffs: what energy costs from a day on."""

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
from apps.heating import accounts, billbook
from apps.heating.api.documents import made, put, shown
from apps.heating.model import Tariff, TariffDraft
from apps.heating.pages import TariffPage, tariffs_page


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get("/tariffs", tags=["tariffs"], operation_id="list_tariffs", responses={200: {"model": TariffPage}})
    async def list_tariffs(
        request: Request,
        meter: Annotated[Id | None, Query(description="Only this meter")] = None,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Response:
        """Tariffs, the newest first."""
        after = cursor_key(cursor, str, str) if cursor else None
        page = await database.read(lambda reader: tariffs_page(reader, meter, after, limit))
        return list_response(request, page)

    @router.post(
        "/tariffs", tags=["tariffs"], operation_id="add_tariff", status_code=201, responses={201: {"model": Tariff}}
    )
    async def add_tariff(draft: TariffDraft, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Add a tariff of a meter. It holds until the next one begins, so two never hold at once."""

        def work(tx: Transaction) -> Answer:
            return made(billbook.add_tariff(draft, tx.new_id(), tx), "tariffs")

        return await write_once(database, "heating", request, idempotency_key, work)

    @router.get(
        "/tariffs/{tariff_id}", tags=["tariffs"], operation_id="read_tariff", responses={200: {"model": Tariff}}
    )
    async def read_tariff(tariff_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One tariff."""
        return shown(await database.read(lambda reader: billbook.find_tariff(tariff_id, reader)), if_none_match)

    @router.put(
        "/tariffs/{tariff_id}",
        tags=["tariffs"],
        operation_id="put_tariff",
        responses={200: {"model": Tariff}, 201: {"model": Tariff, "description": "Made"}},
    )
    async def put_tariff(
        tariff_id: Id, draft: TariffDraft, if_match: IfMatch = None, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Make a tariff under an id of your own (`If-None-Match: *`), or replace one (`If-Match`).

        Sent again with the same content, as after a lost answer, it is answered with what is there.
        """

        def work(tx: Transaction) -> Answer:
            return put(
                accounts.tariff(tariff_id, tx),
                draft,
                what=f"tariff {tariff_id}",
                path="tariffs",
                if_match=if_match,
                if_none_match=if_none_match,
                make=lambda: billbook.add_tariff(draft, tariff_id, tx),
                change=lambda old: billbook.change_tariff(old, draft, tx),
            )

        return (await database.write("heating", work)).response()

    @router.delete("/tariffs/{tariff_id}", tags=["tariffs"], operation_id="remove_tariff", status_code=204)
    async def remove_tariff(tariff_id: Id, if_match: IfMatch = None) -> Response:
        """Delete a tariff; the one before it holds on."""

        def work(tx: Transaction) -> None:
            old = billbook.find_tariff(tariff_id, tx)
            require_if_match(if_match, old.version)
            accounts.delete_tariff(old.id, tx)

        await database.write("heating", work)
        return Response(status_code=204)
