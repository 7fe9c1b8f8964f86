"""Categories: what spending and income is booked under."""

from fastapi import APIRouter, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents, Operation
from apps.common.http import LIMIT_DEFAULT, Cursor, Limit
from apps.expenses import ledger
from apps.expenses.api.answers import UNCHANGED
from apps.expenses.model import Category, CategoryDraft
from apps.expenses.pages import CATEGORY_LIST, CategoryPage

CATEGORIES = Documents(
    "expenses",
    "category",
    "categories",
    Category,
    CategoryDraft,
    find=ledger.find_category,
    make=ledger.make_category,
    change=ledger.change_category,
    remove=ledger.remove_category,
    own_ids=False,
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

    CATEGORIES.mount(
        router,
        database,
        post=Operation(
            "make_category", "Add a category. Two of a kind cannot have the same name, however it is capitalised."
        ),
        get=Operation("read_category", "One category.", {304: UNCHANGED}),
        put=Operation(
            "change_category",
            "Rename, tag or archive a category. A new tag or name is published for each of its expenses.",
        ),
        delete=Operation(
            "remove_category", "Delete a category nothing was booked under; a used one is archived instead."
        ),
    )
