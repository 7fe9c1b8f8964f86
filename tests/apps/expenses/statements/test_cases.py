"""Small files that once went wrong, read from the folder beside the checkout where it is there."""

from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).parents[4].parent / "shared" / "cases"
KEPT = "SELECT occurred_on, amount_minor, note FROM expenses_expense ORDER BY id"


def case(name: str) -> bytes:
    """A file of the folder."""
    if not CASES.is_dir():
        pytest.skip("the shared cases are not beside this checkout")
    return (CASES / name).read_bytes()


def test_us_dates(book: Any) -> None:
    """All seven rows are read with the month first."""
    assert book.take(case("expenses-us-month-first.csv"))["taken"] == 7
    assert {row[0] for row in book.rows(KEPT)} >= {"2026-09-05", "2026-09-01", "2026-08-03"}


def test_negative_means_spent(book: Any) -> None:
    """41.20 + 18.00 + 33.10 = 92.30 spent."""
    book.take(case("expenses-negative-means-spent.csv"))
    assert sum(row[1] for row in book.rows(KEPT)) == 9230 + 210000


def test_saved_again(book: Any) -> None:
    """Three rows are taken, then known."""
    assert book.take(case("expenses-resaved-1.csv"))["taken"] == 3
    again = book.take(case("expenses-resaved-3.csv"))
    assert (again["taken"], again["known"]) == (0, 3)


def test_one_digit_dates(book: Any) -> None:
    """All six rows are read with the day first."""
    assert book.take(case("expenses-one-digit-dates.csv"))["taken"] == 6
    assert [row[0] for row in book.rows(KEPT)][2:4] == ["2026-11-09", "2026-09-09"]


def test_amounts(book: Any) -> None:
    """Each row by its note: an amount, or the reason for which it is refused."""
    report = book.take(case("expenses-amounts.csv"))
    taken = {row[2]: row[1] for row in book.rows(KEPT)}
    assert taken["comma"] == 123450
    assert (taken["trailing minus"], taken["parens"], taken["symbol"]) == (-1250, -1250, 1250)
    assert (taken["nnbsp"], taken["nbsp"], taken["lakh"]) == (123450, 123450, 12345600)
    assert (taken["jpy group"], taken["jpy dot zero"], taken["float noise"]) == (1234, 1234, 1250)
    assert not {"ambig", "four dec", "sci", "refund"} & set(taken)
    reasons = " | ".join(each["reason"] for each in report["refusals"])
    for words in ("'1,234' has two meanings", "has 4 decimals", "'1.2E+03' is not an amount", "says 'Refund'"):
        assert words in reasons


@pytest.mark.parametrize(("name", "taken", "line"), [("enc-bad-quote.csv", 2, 3), ("enc-unclosed-quote.csv", 4, 3)])
def test_a_bad_quote_costs_its_row(book: Any, name: str, taken: int, line: int) -> None:
    """Its line is named; the rows around it are taken."""
    report = book.take(case(name))
    assert (report["taken"], [each["line"] for each in report["refusals"]]) == (taken, [line])
