"""Expenses: recorded, listed, changed, deleted."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database, Transaction
from apps.common.fields import Day, Id
from apps.common.http import (
    LIMIT_DEFAULT,
    Cursor,
    IfMatch,
    IfNoneMatch,
    Limit,
    cursor_key,
    etag,
    json_response,
    list_response,
    matches,
    not_modified,
    require_if_match,
)
from apps.common.idempotency import Answer, IdempotencyKey, write_once
from apps.common.problem import PreconditionFailed
from apps.expenses import ledger, store
from apps.expenses.api.answers import UNCHANGED
from apps.expenses.model import Expense, ExpenseDraft
from apps.expenses.pages import ExpensePage, Filter, expenses_page

PATH = "/api/v1/expenses/expenses"


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
        chosen = Filter(first, last, category, cursor_key(cursor, str, str) if cursor else None)
        page = await database.read(lambda reader: expenses_page(reader, chosen, limit))
        return list_response(request, page)

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
            return _recorded(ledger.record_expense(draft, tx))

        return await write_once(database, "expenses", request, idempotency_key, work)

    @router.get(
        "/expenses/{expense_id}",
        tags=["expenses"],
        operation_id="read_expense",
        responses={200: {"model": Expense}, 304: UNCHANGED},
    )
    async def read_expense(expense_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One expense."""
        found = await database.read(lambda reader: ledger.find_expense(expense_id, reader))
        if matches(if_none_match, found.version):
            return not_modified(found.version)
        return json_response(_json(found), version=found.version)

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

        def work(tx: Transaction) -> Answer:
            old = store.expense(expense_id, tx)
            if old is not None and _says(old, draft) and (if_match or if_none_match):
                return Answer(_json(old), version=old.version)
            if if_none_match == "*" and if_match is None:
                if old is None:
                    return _recorded(ledger.record_expense(draft, tx, expense_id=expense_id))
                raise PreconditionFailed(
                    f"there is another expense {expense_id} already; read it, then change it by If-Match",
                    headers={"ETag": etag(old.version)},
                )
            found = old or ledger.find_expense(expense_id, tx)
            require_if_match(if_match, found.version)
            changed = ledger.change_expense(found, draft, tx)
            return Answer(_json(changed), version=changed.version)

        return (await database.write("expenses", work)).response()

    @router.delete("/expenses/{expense_id}", tags=["expenses"], operation_id="remove_expense", status_code=204)
    async def remove_expense(expense_id: Id, if_match: IfMatch = None) -> Response:
        """Delete an expense. One made from a heating bill goes when its bill is withdrawn."""

        def work(tx: Transaction) -> None:
            old = ledger.find_expense(expense_id, tx)
            require_if_match(if_match, old.version)
            ledger.remove_expense(old, tx)

        await database.write("expenses", work)
        return Response(status_code=204)


def _recorded(new: Expense) -> Answer:
    return Answer(_json(new), 201, new.version, {"Location": f"{PATH}/{new.id}"})


def _json(expense: Expense) -> bytes:
    return expense.model_dump_json().encode()


def _says(kept: Expense, draft: ExpenseDraft) -> bool:
    return all(getattr(kept, name) == value for name, value in draft)
