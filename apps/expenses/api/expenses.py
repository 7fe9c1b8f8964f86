"""Expenses: recorded, listed, changed, deleted."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database, Transaction
from apps.common.documents import Documents, Operation
from apps.common.fields import Day, Id
from apps.common.http import LIMIT_DEFAULT, Cursor, Limit
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
    Expense,
    ExpenseDraft,
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

    EXPENSES.mount(
        router,
        database,
        get=Operation("read_expense", "One expense.", {304: UNCHANGED}),
        delete=Operation(
            "remove_expense", "Delete an expense. One made from a heating bill goes when its bill is withdrawn."
        ),
    )
