"""Categories: what spending and income is booked under."""

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
    json_response,
    list_response,
    matches,
    not_modified,
    require_if_match,
)
from apps.common.idempotency import Answer, IdempotencyKey, write_once
from apps.expenses import ledger
from apps.expenses.api.answers import UNCHANGED
from apps.expenses.model import Category, CategoryDraft
from apps.expenses.pages import CategoryPage, categories_page

PATH = "/api/v1/expenses/categories"


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get(
        "/categories", tags=["categories"], operation_id="list_categories", responses={200: {"model": CategoryPage}}
    )
    async def list_categories(
        request: Request, archived: bool | None = None, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Response:
        """All categories by name; `archived` picks the archived or the others."""
        after = cursor_key(cursor, str, str) if cursor else None
        page = await database.read(lambda reader: categories_page(reader, archived=archived, after=after, limit=limit))
        return list_response(request, page)

    @router.post(
        "/categories",
        tags=["categories"],
        operation_id="make_category",
        status_code=201,
        responses={201: {"model": Category}},
    )
    async def make_category(draft: CategoryDraft, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Add a category. Two of a kind cannot have the same name, however it is capitalised."""

        def work(tx: Transaction) -> Answer:
            made = ledger.make_category(draft, tx.new_id(), tx)
            return Answer(_json(made), 201, made.version, {"Location": f"{PATH}/{made.id}"})

        return await write_once(database, "expenses", request, idempotency_key, work)

    @router.get(
        "/categories/{category_id}",
        tags=["categories"],
        operation_id="read_category",
        responses={200: {"model": Category}, 304: UNCHANGED},
    )
    async def read_category(category_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One category."""
        found = await database.read(lambda reader: ledger.find_category(category_id, reader))
        if matches(if_none_match, found.version):
            return not_modified(found.version)
        return json_response(_json(found), version=found.version)

    @router.put(
        "/categories/{category_id}",
        tags=["categories"],
        operation_id="change_category",
        responses={200: {"model": Category}},
    )
    async def change_category(category_id: Id, draft: CategoryDraft, if_match: IfMatch = None) -> Response:
        """Rename, tag or archive a category. Another tag or name is told to the domains that follow its expenses."""

        def work(tx: Transaction) -> Category:
            old = ledger.find_category(category_id, tx)
            require_if_match(if_match, old.version)
            return ledger.change_category(old, draft, tx)

        changed = await database.write("expenses", work)
        return json_response(_json(changed), version=changed.version)

    @router.delete("/categories/{category_id}", tags=["categories"], operation_id="remove_category", status_code=204)
    async def remove_category(category_id: Id, if_match: IfMatch = None) -> Response:
        """Delete a category nothing was booked under; a used one is archived instead."""

        def work(tx: Transaction) -> None:
            old = ledger.find_category(category_id, tx)
            require_if_match(if_match, old.version)
            ledger.remove_category(old, tx)

        await database.write("expenses", work)
        return Response(status_code=204)


def _json(category: Category) -> bytes:
    return category.model_dump_json().encode()
