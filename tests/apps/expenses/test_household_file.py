"""A real statement: 2,461 rows of a household's money, 2015 to 2018, spoiled by a spreadsheet on the way."""

from pathlib import Path
from typing import Any

import pytest

from apps.expenses.reports import monthly

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "expenses.csv"

SPENT = (
    "SELECT sum(e.amount_minor) FROM expenses_expense e JOIN expenses_category c ON c.id = e.category_id"
    " WHERE c.kind = 'spend'"
)


@pytest.fixture
def statement() -> bytes:
    if not DATA.exists():
        pytest.skip("the shared data is not beside this checkout")
    return DATA.read_bytes()


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    return report["taken"], report["known"], report["skipped"], report["refused"]


def test_a_real_statement_is_taken_whole(book: Any, statement: bytes) -> None:
    """Every expense and income is taken to the paisa, every transfer skipped, and a second import changes nothing."""
    assert counts(book.take(statement)) == (2176 + 125, 0, 160, 0)
    assert book.rows(SPENT) == [(195_739_053,)]
    assert counts(book.take(statement)) == (0, 2301, 160, 0)
    assert book.rows(SPENT) == [(195_739_053,)]


def test_its_days_are_the_days_of_the_purchases(book: Any, statement: bytes) -> None:
    """The rows run backwards in time without a jump, once the swapped dates are read as they were meant."""
    report = book.take(statement)
    assert [(each["name"], each["value"]) for each in report["decisions"]] == [
        ("dates", "day-first"),
        ("dashed_dates", "year-day-month"),
    ]
    days = [day for (day,) in book.rows("SELECT occurred_on FROM expenses_expense ORDER BY id")]
    assert days == sorted(days, reverse=True)
    found = book.database.read_now(lambda reader: monthly("2018-09", "2018-09", reader))
    (rupees,) = found.months[0].currencies
    (food,) = [row for row in rupees.categories if row.name == "Food"]
    assert (rupees.currency, rupees.spent_minor, food.amount_minor) == ("INR", 472_400, 106_800)


def test_undoing_it_leaves_nothing(book: Any, statement: bytes) -> None:
    """Undo removes all 2,301 of them; then the file can be taken again."""
    first = book.take(statement)
    undone = book.ask("DELETE", f"/api/v1/expenses/imports/{first['import_id']}").json()
    assert (undone["removed"], undone["complete"]) == (2301, True)
    assert book.rows("SELECT count(*) FROM expenses_expense") == [(0,)]
    assert book.take(statement)["taken"] == 2301
