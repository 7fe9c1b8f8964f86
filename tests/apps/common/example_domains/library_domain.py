"""The library: books as documents, two lists of them, and what was paid for books."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import httpx
from fastapi import APIRouter, Request, Response

from apps.common.compose import create_app
from apps.common.database import Database, Transaction
from apps.common.documents import Documents, Operation
from apps.common.events import Event
from apps.common.fields import Body, Day, Id, Kept, Name
from apps.common.http import LIMIT_DEFAULT, Cursor, IfMatch, Limit
from apps.common.listing import Listing, json_flag, json_object
from apps.common.payments import Payments
from apps.common.problem import NotFound
from apps.common.service import Service
from apps.common.settings import settings_of
from apps.common.transaction import Readable

MIGRATIONS = Path(__file__).with_name("library")


class Draft(Body):
    """A book as somebody describes it."""

    title: Name
    shelf: Name = "hall"
    bought_on: Day = "2026-01-01"
    lent: bool = False


class Book(Kept):
    """A book as it is kept."""

    id: str
    title: str
    shelf: str
    bought_on: str
    lent: bool
    version: int


def find(book_id: str, reader: Readable) -> Book:
    """One book; 404 when there is none."""
    row = reader.one("SELECT * FROM library_book WHERE id = :id", id=book_id)
    if row is None:
        raise NotFound(f"there is no book {book_id}")
    return Book.model_validate(dict(row))


def make(draft: Draft, book_id: str, tx: Transaction) -> Book:
    """Put a book in."""
    tx.execute(
        "INSERT INTO library_book (id, title, shelf, bought_on, lent, version)"
        " VALUES (:id, :title, :shelf, :bought_on, :lent, 1)",
        id=book_id,
        **draft.model_dump(),
    )
    return find(book_id, tx)


def change(old: Book, draft: Draft, tx: Transaction) -> Book:
    """Describe a book anew."""
    tx.execute(
        "UPDATE library_book SET title = :title, shelf = :shelf, bought_on = :bought_on, lent = :lent,"
        " version = :version WHERE id = :id",
        id=old.id,
        version=old.version + 1,
        **draft.model_dump(),
    )
    return find(old.id, tx)


def remove(old: Book, tx: Transaction) -> None:
    """Take a book out."""
    tx.execute("DELETE FROM library_book WHERE id = :id", id=old.id)


BOOKS = Documents("library", "book", "books", Book, Draft, find=find, make=make, change=change, remove=remove)

_ITEM = json_object(Book.model_fields, lent=json_flag("lent"))
_FILTERS = {"shelf": "shelf = :shelf", "first": "bought_on >= :first", "lent": "lent = :lent"}
BY_TITLE = Listing(_ITEM, "library_book", "title", _FILTERS)
NEWEST = Listing(_ITEM, "library_book", "bought_on", _FILTERS, newest_first=True)


def routes(database: Database) -> APIRouter:
    """The library's addresses."""
    router = APIRouter()

    @router.get("/books")
    async def list_books(
        request: Request,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        shelf: str | None = None,
        first: Day | None = None,
        lent: bool | None = None,
    ) -> Response:
        return await BY_TITLE.answer(database, request, limit, cursor, shelf=shelf, first=first, lent=lent)

    @router.get("/newest")
    async def list_newest(request: Request, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None) -> Response:
        return await NEWEST.answer(database, request, limit, cursor)

    BOOKS.mount(
        router,
        database,
        post=Operation("make_book", "Put a book in."),
        delete=Operation("remove_book", "Take a book out."),
    )

    # Where ids are the domain's alone, a PUT only replaces; the same books by another address show it.
    @router.put("/ours/{book_id}")
    async def replace_book(book_id: Id, draft: Draft, if_match: IfMatch = None) -> Response:
        return await BOOKS.replace(database, book_id, draft, if_match)

    return router


class Spent(Event):
    """Money was spent, or what is known of it changed."""

    type: ClassVar[str] = "dev.trackstack.purse.expense.spent.v1"

    expense_id: str
    occurred_on: date
    amount_minor: int
    currency: str
    tag: str | None
    version: int

    def subject(self) -> str:
        """The expense."""
        return f"expense/{self.expense_id}"


class TakenBack(Spent):
    """Money was not spent after all; tells how the expense last stood."""

    type: ClassVar[str] = "dev.trackstack.purse.expense.taken-back.v1"


PAID = Payments("library")


def count_paid(event: Spent, tx: Transaction) -> None:
    """Count what was paid for the library, and no longer what was paid for something else."""
    PAID.keep(event, tx, counted=event.tag == "library")


def uncount_paid(event: TakenBack, tx: Transaction) -> None:
    """Count it no more."""
    PAID.keep(event, tx, counted=False)


service = Service("library", routes, {Spent: count_paid, TakenBack: uncount_paid}, MIGRATIONS)


class Caller:
    """Somebody who calls the library's app, request by request, without a network between."""

    def __init__(self, database: Database) -> None:
        settings = settings_of({"DATA_DIR": str(database.path.parent), "AUTH": "off"})
        self._app = create_app([service], settings, database)

    def __call__(self, method: str, path: str, body: object = None, **more: Any) -> httpx.Response:
        """The answer to one request below the domain's address."""

        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://library.test") as client:
                return await client.request(method, f"/api/v1/library/{path}", json=body, **more)

        return asyncio.run(call())
