"""Categories: what spending and income is booked under."""

from fastapi import APIRouter, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents
from apps.common.fields import Id
from apps.common.http import LIMIT_DEFAULT, Cursor, IfMatch, IfNoneMatch, Limit
from apps.common.idempotency import IdempotencyKey
from apps.expenses import ledger
from apps.expenses.api.answers import UNCHANGED
from apps.expenses.model import Category, CategoryDraft
from apps.expenses.pages import CATEGORY_LIST, CategoryPage

CATEGORIES = Documents(
    "expenses",
    "category",
    "categories",
    find=ledger.find_category,
    make=ledger.make_category,
    change=ledger.change_category,
    remove=ledger.remove_category,
)


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get(
        "/categories", tags=["categories"], operation_id="list_categories", responses={200: {"model": CategoryPage}}
    )
    async def list_categories(
        request: Request, archived: bool | None = None, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Response:
        """All categories by name; `archived` picks the archived or the others."""
        return await CATEGORY_LIST.answer(database, request, limit, cursor, archived=archived)

    @router.post(
        "/categories",
        tags=["categories"],
        operation_id="make_category",
        status_code=201,
        responses={201: {"model": Category}},
    )
    async def make_category(draft: CategoryDraft, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Add a category. Two of a kind cannot have the same name, however it is capitalised."""
        return await CATEGORIES.post(database, request, idempotency_key, draft)

    @router.get(
        "/categories/{category_id}",
        tags=["categories"],
        operation_id="read_category",
        responses={200: {"model": Category}, 304: UNCHANGED},
    )
    async def read_category(category_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One category."""
        return await CATEGORIES.show(database, category_id, if_none_match)

    @router.put(
        "/categories/{category_id}",
        tags=["categories"],
        operation_id="change_category",
        responses={200: {"model": Category}},
    )
    async def change_category(category_id: Id, draft: CategoryDraft, if_match: IfMatch = None) -> Response:
        """Rename, tag or archive a category. Another tag or name is told to the domains that follow its expenses."""
        return await CATEGORIES.replace(database, category_id, draft, if_match)

    @router.delete("/categories/{category_id}", tags=["categories"], operation_id="remove_category", status_code=204)
    async def remove_category(category_id: Id, if_match: IfMatch = None) -> Response:
        """Delete a category nothing was booked under; a used one is archived instead."""
        return await CATEGORIES.delete(database, category_id, if_match)
