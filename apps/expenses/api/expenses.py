"""Expenses: recorded, listed, changed, deleted."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database, Transaction
from apps.common.documents import Documents
from apps.common.fields import Day, Id
from apps.common.http import LIMIT_DEFAULT, Cursor, IfMatch, IfNoneMatch, Limit
from apps.common.idempotency import Answer, IdempotencyKey, write_once
from apps.expenses import ledger
from apps.expenses.api.answers import UNCHANGED
from apps.expenses.model import Expense, ExpenseDraft
from apps.expenses.pages import EXPENSE_LIST, ExpensePage


def _record(draft: ExpenseDraft, expense_id: str, tx: Transaction) -> Expense:
    return ledger.record_expense(draft, tx, expense_id=expense_id)


EXPENSES = Documents(
    "expenses",
    "expense",
    "expenses",
    find=ledger.find_expense,
    make=_record,
    change=ledger.change_expense,
    remove=ledger.remove_expense,
)


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get("/expenses", tags=["expenses"], operation_id="list_expenses", responses={200: {"model": ExpensePage}})
    async def list_expenses(
        request: Request,
        first: Annotated[Day | None, Query(alias="from", description="First day")] = None,
        last: Annotated[Day | None, Query(alias="to", description="Last day")] = None,
        category: Annotated[Id | None, Query(description="Only this category")] = None,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Response:
        """Expenses and incomes, the newest first."""
        return await EXPENSE_LIST.answer(database, request, limit, cursor, first=first, last=last, category=category)

    @router.post(
        "/expenses",
        tags=["expenses"],
        operation_id="record_expense",
        status_code=201,
        responses={201: {"model": Expense}},
    )
    async def record_expense(draft: ExpenseDraft, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Record an expense, or with a category of income an income."""

        def work(tx: Transaction) -> Answer:
            # Its id comes from us, so none was removed under it before: that look-up is for a PUT.
            return EXPENSES.made(ledger.record_expense(draft, tx))

        return await write_once(database, "expenses", request, idempotency_key, work)

    @router.get(
        "/expenses/{expense_id}",
        tags=["expenses"],
        operation_id="read_expense",
        responses={200: {"model": Expense}, 304: UNCHANGED},
    )
    async def read_expense(expense_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One expense."""
        return await EXPENSES.show(database, expense_id, if_none_match)

    @router.put(
        "/expenses/{expense_id}",
        tags=["expenses"],
        operation_id="put_expense",
        responses={200: {"model": Expense}, 201: {"model": Expense, "description": "Made"}},
    )
    async def put_expense(
        expense_id: Id, draft: ExpenseDraft, if_match: IfMatch = None, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Make an expense under an id of your own (`If-None-Match: *`), or replace one (`If-Match`).

        Sent again with the same content, as after a lost answer, it is answered with what is there.
        """
        return await EXPENSES.put(database, expense_id, draft, if_match, if_none_match)

    @router.delete("/expenses/{expense_id}", tags=["expenses"], operation_id="remove_expense", status_code=204)
    async def remove_expense(expense_id: Id, if_match: IfMatch = None) -> Response:
        """Delete an expense. One made from a heating bill goes when its bill is withdrawn."""
        return await EXPENSES.delete(database, expense_id, if_match)
