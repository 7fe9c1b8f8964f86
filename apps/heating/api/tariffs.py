"""Tariffs: what energy costs from a day on."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents, Operation
from apps.common.fields import Id
from apps.common.http import LIMIT_DEFAULT, Cursor, Limit
from apps.heating import billbook
from apps.heating.model import Tariff, TariffDraft
from apps.heating.pages import TARIFF_LIST, TariffPage

TARIFFS = Documents(
    "heating",
    "tariff",
    "tariffs",
    Tariff,
    TariffDraft,
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

    TARIFFS.mount(
        router,
        database,
        post=Operation(
            "add_tariff", "Add a tariff of a meter. It holds until the next one begins, so two never hold at once."
        ),
        delete=Operation("remove_tariff", "Delete a tariff; the one before it holds on."),
    )
