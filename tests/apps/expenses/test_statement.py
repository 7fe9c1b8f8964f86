"""Reading statements: amounts to the last cent, dates as they were meant, and a reason for each row that is refused."""

from typing import Any

import pytest

from apps.common.imports.old import Sheet, parse
from apps.common.problem import Unprocessable
from apps.expenses.statement import HOUSEHOLD, day_of, reading_of

HEADER = "Date,Mode,Category,Subcategory,Note,Amount,Income/Expense,Currency\r\n"


def sheet(*rows: str) -> Sheet[Any]:
    return parse((HEADER + "\r\n".join(rows)).encode(), [HOUSEHOLD])


def only(row: str) -> Any:
    (parsed,) = sheet(row).rows
    return parsed


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("30", "INR", 3000),
        ("49.9", "EUR", 4990),
        ("199.99", "EUR", 19999),
        ("0.1", "EUR", 10),
        ("-12.50", "EUR", -1250),
        ("4503599627.37", "EUR", 450359962737),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
    ],
)
def test_amounts_are_exact(amount: str, currency: str, minor: int) -> None:
    """An amount is taken to the last minor unit of its currency, without a detour through binary fractions."""
    assert only(f"20/09/2018,Cash,Food,,,{amount},Expense,{currency}").meaning.amount_minor == minor


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("13/09/2018,Bank,Fund,,,5000,Transfer-Out,INR", "Transfer-Out moves money between your own accounts"),
        ("13/09/2018,Bank,Fund,,,5000,transfer-in,INR", "transfer-in moves money between your own accounts"),
        ("13/09/2018,Bank,Food,,,5000,Loan,INR", "Income/Expense says 'Loan'"),
        ("2018/09/13,Bank,Food,,,50,Expense,INR", "Date says '2018/09/13'"),
        ("13/09/2018 25,Bank,Food,,,50,Expense,INR", "Date says '13/09/2018 25'"),
        ("13/09/2018,Bank,,,,50,Expense,INR", "Category is empty"),
        ("13/09/2018,Bank,Food,,,50,Expense,Rs", "Currency says 'Rs'"),
        ("13/09/2018,Bank,Food,,,0.00,Expense,INR", "Amount is 0"),
        ("13/09/2018,Bank,Food,,,12.345,Expense,INR", "12.345"),
        ("13/09/2018,Bank,Food,,,ten,Expense,INR", "'ten' is not an amount"),
        ("13/09/2018,Bank,Food,,,1e3,Expense,INR", "'1e3' is not an amount"),
        ("13/09/2018,Bank,Food,,,50,Expense", "has 7 cells"),
    ],
)
def test_a_refused_row_says_why(row: str, reason: str) -> None:
    """A row that cannot be taken says what is wrong with it, in the words of the file."""
    parsed = only(row)
    assert parsed.meaning is None
    assert reason in parsed.refusal


def test_quotes_and_columns_may_be_as_they_like() -> None:
    """Commas and line breaks inside quotes belong to the cell, and a row is named by the line it begins at."""
    parsed = sheet('13/09/2018,Cash,Food,,"Tea,\r\nbiscuits",50,Expense,INR', "13/09/2018,Cash,,,,50,Expense,INR")
    assert [row.line for row in parsed.rows] == [2, 4]
    assert parsed.rows[0].meaning.note == "Tea,\r\nbiscuits"


@pytest.mark.parametrize("content", [b"", b"day,what,how much\r\n1,2,3\r\n"])
def test_a_strange_file_is_refused_with_the_known_columns(content: bytes) -> None:
    """An empty file, or one with other columns, is refused as a whole, with the columns that are known."""
    with pytest.raises(Unprocessable, match="date, mode, category, subcategory, note, amount, income/expense, curr"):
        parse(content, [HOUSEHOLD])


def row(dated: str) -> str:
    return f"{dated},Cash,Food,,,50,Expense,INR"


@pytest.mark.parametrize(
    ("dated", "reading"),
    [
        # Dashed dates alone, or beside slashed ones with small days: written as ISO 8601 wants it.
        (["2018-12-09"], "year-month-day"),
        (["2018-12-09", "05/09/2018"], "year-month-day"),
        (["2018-12-09", "2018-09-13", "13/09/2018"], "year-month-day"),
        # The mark of the spreadsheet: it swapped what it could, days above 12 are left alone.
        (["13/09/2018", "2018-12-09", "2018-11-09", "31/08/2018 10:00:00"], "year-day-month"),
        (["13/09/2018", "05/09/2018"], None),
    ],
)
def test_a_spoiled_file_is_recognised_as_a_whole(dated: list[str], reading: str | None) -> None:
    """A spreadsheet that swaps day and month spoils a file in a way that can be recognised, and is."""
    assert reading_of(sheet(*map(row, dated)).rows) == reading


def test_days_are_read_as_meant() -> None:
    """The same text is another day in a spoiled file; a day that does not exist is refused."""
    assert day_of("20/09/2018 12:04:08", None) == "2018-09-20"
    assert day_of("2018-12-09", "year-month-day") == "2018-12-09"
    assert day_of("2018-12-09", "year-day-month") == "2018-09-12"
    with pytest.raises(ValueError, match="'31/02/2018', but there is no such day"):
        day_of("31/02/2018", None)


def test_the_reading_of_a_date_does_not_make_another_row() -> None:
    """A row keeps its identity when a later file makes its date clear, so that it is not taken twice."""
    alone = sheet(row("2018-12-09")).rows[0]
    together = sheet(row("13/09/2018"), row("2018-12-09")).rows[1]
    assert alone.import_key == together.import_key
