"""Bills: what a heating period cost. Expenses books each as one expense."""

from fastapi import APIRouter, Request, Response

from apps.common.database import Database
from apps.common.documents import Documents
from apps.common.fields import Id
from apps.common.http import LIMIT_DEFAULT, Cursor, IfMatch, IfNoneMatch, Limit
from apps.common.idempotency import IdempotencyKey
from apps.heating import billbook
from apps.heating.model import Bill, BillDraft
from apps.heating.pages import BILL_LIST, BillPage

BILLS = Documents(
    "heating",
    "bill",
    "bills",
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

    @router.post(
        "/bills", tags=["bills"], operation_id="record_bill", status_code=201, responses={201: {"model": Bill}}
    )
    async def record_bill(draft: BillDraft, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Keep a bill. It becomes one expense in expenses."""
        return await BILLS.post(database, request, idempotency_key, draft)

    @router.get("/bills/{bill_id}", tags=["bills"], operation_id="read_bill", responses={200: {"model": Bill}})
    async def read_bill(bill_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        """One bill."""
        return await BILLS.show(database, bill_id, if_none_match)

    @router.put(
        "/bills/{bill_id}",
        tags=["bills"],
        operation_id="put_bill",
        responses={200: {"model": Bill}, 201: {"model": Bill, "description": "Made"}},
    )
    async def put_bill(
        bill_id: Id, draft: BillDraft, if_match: IfMatch = None, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Make a bill under an id of your own (`If-None-Match: *`), or replace one (`If-Match`).

        Sent again with the same content, as after a lost answer, it is answered with what is there.
        """
        return await BILLS.put(database, bill_id, draft, if_match, if_none_match)

    @router.delete("/bills/{bill_id}", tags=["bills"], operation_id="withdraw_bill", status_code=204)
    async def withdraw_bill(bill_id: Id, if_match: IfMatch = None) -> Response:
        """Withdraw a bill. Its expense goes as well."""
        return await BILLS.delete(database, bill_id, if_match)
