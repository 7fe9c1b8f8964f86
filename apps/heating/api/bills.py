"""Bills: what a heating period cost. Expenses books each as one expense."""

from fastapi import APIRouter, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents, Operation
from apps.common.http import LIMIT_DEFAULT, Cursor, Limit
from apps.heating import billbook
from apps.heating.model import Bill, BillDraft
from apps.heating.pages import BILL_LIST, BillPage

BILLS = Documents(
    "heating",
    "bill",
    "bills",
    Bill,
    BillDraft,
    find=billbook.find_bill,
    make=billbook.record_bill,
    change=billbook.correct_bill,
    remove=billbook.withdraw_bill,
)


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get("/bills", tags=["bills"], operation_id="list_bills", responses={200: {"model": BillPage}})
    async def list_bills(request: Request, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None) -> Response:
        """Bills, the newest period first."""
        return await BILL_LIST.answer(database, request, limit, cursor)

    BILLS.mount(
        router,
        database,
        post=Operation("record_bill", "Keep a bill. It becomes one expense in expenses."),
        delete=Operation("withdraw_bill", "Withdraw a bill. Its expense goes as well."),
    )
