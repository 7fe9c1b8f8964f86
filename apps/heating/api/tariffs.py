"""Tariffs: what energy costs from a day on."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents
from apps.common.fields import Id
from apps.common.http import LIMIT_DEFAULT, Cursor, IfMatch, IfNoneMatch, Limit
from apps.common.idempotency import IdempotencyKey
from apps.heating import billbook
from apps.heating.model import Tariff, TariffDraft
from apps.heating.pages import TARIFF_LIST, TariffPage

TARIFFS = Documents(
    "heating",
    "tariff",
    "tariffs",
    find=billbook.find_tariff,
    make=billbook.add_tariff,
    change=billbook.change_tariff,
    remove=billbook.remove_tariff,
)


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
        return await TARIFF_LIST.answer(database, request, limit, cursor, meter=meter)

    @router.post(
        "/tariffs", tags=["tariffs"], operation_id="add_tariff", status_code=201, responses={201: {"model": Tariff}}
    )
    async def add_tariff(draft: TariffDraft, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Add a tariff of a meter. It holds until the next one begins, so two never hold at once."""
        return await TARIFFS.post(database, request, idempotency_key, draft)

    @router.get(
        "/tariffs/{tariff_id}", tags=["tariffs"], operation_id="read_tariff", responses={200: {"model": Tariff}}
    )
    async def read_tariff(tariff_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One tariff."""
        return await TARIFFS.show(database, tariff_id, if_none_match)

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
        return await TARIFFS.put(database, tariff_id, draft, if_match, if_none_match)

    @router.delete("/tariffs/{tariff_id}", tags=["tariffs"], operation_id="remove_tariff", status_code=204)
    async def remove_tariff(tariff_id: Id, if_match: IfMatch = None) -> Response:
        """Delete a tariff; the one before it holds on."""
        return await TARIFFS.delete(database, tariff_id, if_match)
