"""A real statement: 2,461 rows of a household's money, 2015 to 2018, spoiled by a spreadsheet on the way."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from apps.common.imports.old import parse
from apps.expenses.imports import StatementResult, import_statement
from apps.expenses.reports import monthly
from apps.expenses.statement import HOUSEHOLD

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "expenses.csv"


@pytest.fixture
def statement() -> bytes:
    if not DATA.exists():
        pytest.skip("the shared data is not beside this checkout")
    return DATA.read_bytes()


def run(book: Any, statement: bytes) -> StatementResult:
    return asyncio.run(import_statement(parse(statement, [HOUSEHOLD]), book.database, dry_run=False))


def test_a_real_statement_is_taken_whole(book: Any, statement: bytes) -> None:
    """Every expense and income is taken to the paisa, every transfer refused, and a second import changes nothing."""
    first = run(book, statement)
    assert (first.taken, first.known, first.refused) == (2176 + 125, 0, 160)
    spent = (
        "SELECT sum(e.amount_minor) FROM expenses_expense e JOIN expenses_category c ON c.id = e.category_id"
        " WHERE c.kind = 'spend'"
    )
    assert book.rows(spent) == [(195_739_053,)]
    again = run(book, statement)
    assert (again.taken, again.known, again.refused) == (0, 2301, 160)
    assert book.rows(spent) == [(195_739_053,)]


def test_its_days_are_the_days_of_the_purchases(book: Any, statement: bytes) -> None:
    """The rows run backwards in time without a jump, once the swapped dates are read as they were meant."""
    run(book, statement)
    days = [day for (day,) in book.rows("SELECT occurred_on FROM expenses_expense ORDER BY id")]
    assert days == sorted(days, reverse=True)
    report = book.database.read_now(lambda reader: monthly("2018-09", "2018-09", reader))
    (rupees,) = report.months[0].currencies
    (food,) = [row for row in rupees.categories if row.name == "Food"]
    assert (rupees.currency, rupees.spent_minor, food.amount_minor) == ("INR", 472_400, 106_800)
