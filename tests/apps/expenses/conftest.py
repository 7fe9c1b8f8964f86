"""A database of expenses alone, as its service has it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from apps.common.compose import create_app
from apps.common.database import Database, Transaction
from apps.common.settings import settings_of
from apps.expenses import ledger, service
from apps.expenses.model import Category, CategoryDraft, Expense, ExpenseDraft

T = TypeVar("T")
IMPORTS = "/api/v1/expenses/imports"

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Book:
    """One household's book, written to directly."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def write(self, work: Callable[[Transaction], T]) -> T:
        return self.database.write_now("expenses", work)

    def category(self, name: str, **fields: Any) -> Category:
        draft = CategoryDraft(name=name, **fields)
        return self.write(lambda tx: ledger.make_category(draft, tx.new_id(), tx))

    def expense(self, category: Category, day: str, minor: int, currency: str = "EUR", **fields: Any) -> Expense:
        draft = self.draft(category, day, minor, currency, **fields)
        return self.write(lambda tx: ledger.record_expense(draft, tx))

    def draft(self, category: Category, day: str, minor: int, currency: str = "EUR", **fields: Any) -> ExpenseDraft:
        return ExpenseDraft(occurred_on=day, amount_minor=minor, currency=currency, category_id=category.id, **fields)

    def rows(self, sql: str, **binds: Any) -> list[tuple[Any, ...]]:
        return self.database.read_now(lambda reader: [tuple(row) for row in reader.all(sql, **binds)])

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """What the service answers to a request, over ASGI."""

        async def answer() -> httpx.Response:
            settings = settings_of({"DATA_DIR": str(self.database.path.parent), "AUTH": "off"})
            transport = httpx.ASGITransport(create_app([service], settings, self.database))
            async with httpx.AsyncClient(transport=transport, base_url="http://expenses") as client:
                return await client.request(method, path, **request)

        return asyncio.run(answer())

    def send(self, file: str | bytes, **parameters: str) -> httpx.Response:
        """The answer to an import."""
        return self.ask("POST", IMPORTS, content=file, headers={"Content-Type": "text/csv"}, params=parameters)

    def take(self, file: str | bytes, **parameters: str) -> dict[str, Any]:
        """The report of an import that is not refused whole."""
        answer = self.send(file, **parameters)
        assert answer.status_code == 200, answer.text
        report: dict[str, Any] = answer.json()
        return report

    def published(self) -> list[tuple[str, dict[str, Any]]]:
        """What was published to the other domains: the last parts of the type, and the data."""
        rows = self.rows("SELECT type, body FROM expenses_outbox ORDER BY seq")
        return [(kind.removeprefix("dev.trackstack.expenses."), json.loads(body)["data"]) for kind, body in rows]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    domains = {service.name: service.migrations}
    with Database(tmp_path / "app.db", domains, clock=lambda: NOW) as database:
        yield Book(database)
