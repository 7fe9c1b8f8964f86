"""The monthly report: sums of a month beside the month before, and the price of a visit to the gym."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.common.database import Transaction
from apps.contracts import WorkoutCompleted
from apps.expenses import handlers
from apps.expenses.reports import MonthlyReport, each, month_before, monthly, months_between


def report(book: Any, first: str, last: str) -> MonthlyReport:
    return book.database.read_now(lambda reader: monthly(first, last, reader))


def visit(book: Any, number: int, day: str) -> None:
    started_at = datetime.fromisoformat(f"{day}T18:00:00").replace(tzinfo=UTC)
    event = WorkoutCompleted(
        workout_id=f"w{number}", started_at=started_at, ended_at=started_at, sets=1, volume_g=0, version=1
    )

    def received(tx: Transaction) -> None:
        tx.event_time = started_at
        handlers.count_visit(event, tx)

    book.write(received)


def test_a_visit_has_its_price(book: Any) -> None:
    """Gym 49.90 €, 6 visits: 8.32 € each."""
    gym = book.category("Gym", tag="gym")
    book.expense(gym, "2026-10-01", 4990)
    for number in range(6):
        visit(book, number, f"2026-10-{number + 10}")
    (month,) = report(book, "2026-10", "2026-10").months
    (row,) = month.currencies[0].categories
    assert (month.visits, row.visits, row.amount_minor, row.per_visit_minor) == (6, 6, 4990, 832)


def test_a_month_without_visits_has_no_price(book: Any) -> None:
    """A paid month without a visit shows 0 visits and no price, rather than an endless one."""
    book.expense(book.category("Gym", tag="gym"), "2026-10-01", 4990)
    (row,) = report(book, "2026-10", "2026-10").months[0].currencies[0].categories
    assert (row.visits, row.per_visit_minor) == (0, None)


def test_months_stand_beside_the_one_before(book: Any) -> None:
    """Each category shows the month before; spending comes first, the largest amount first; refunds count down."""
    food, rent, salary = book.category("Food"), book.category("Rent"), book.category("Salary", kind="income")
    book.expense(food, "2026-09-30", 2000)
    book.expense(food, "2026-10-01", 1500)
    book.expense(food, "2026-10-31", -300)
    book.expense(rent, "2026-10-05", 90000)
    book.expense(salary, "2026-10-28", 250000)
    (month,) = report(book, "2026-10", "2026-10").months
    (euros,) = month.currencies
    assert (euros.spent_minor, euros.previous_spent_minor) == (91200, 2000)
    assert (euros.earned_minor, euros.previous_earned_minor) == (250000, 0)
    rows = [(row.name, row.amount_minor, row.previous_minor, row.count, row.visits) for row in euros.categories]
    assert rows == [("Rent", 90000, 0, 1, None), ("Food", 1200, 2000, 2, None), ("Salary", 250000, 0, 1, None)]


def test_currencies_are_not_added_up(book: Any) -> None:
    """Amounts in two currencies stay apart."""
    food = book.category("Food")
    book.expense(food, "2026-10-01", 1500)
    book.expense(food, "2026-10-02", 70000, "INR")
    (month,) = report(book, "2026-10", "2026-10").months
    assert [(each.currency, each.spent_minor) for each in month.currencies] == [("EUR", 1500), ("INR", 70000)]


def test_empty_months_are_shown(book: Any) -> None:
    """A range shows all its months, with what was before the first and across the new year."""
    book.expense(book.category("Food"), "2025-11-30", 700)
    months = report(book, "2025-12", "2026-01").months
    assert [month.month for month in months] == ["2025-12", "2026-01"]
    assert [row.previous_minor for row in months[0].currencies[0].categories] == [700]
    assert months[1].currencies == []


def test_the_report_says_how_fresh_the_visits_are(book: Any) -> None:
    """`as_of` is the time of the last event of gym that was taken in; at first there is none."""
    assert report(book, "2026-10", "2026-10").as_of is None
    visit(book, 1, "2026-10-10")
    assert report(book, "2026-10", "2026-10").as_of == "2026-10-10T18:00:00.000000Z"


@pytest.mark.parametrize(("minor", "count", "share"), [(4990, 6, 832), (5, 2, 3), (-5, 2, -2), (100, 3, 33), (0, 4, 0)])
def test_a_share_is_rounded_half_up(minor: int, count: int, share: int) -> None:
    """A share of an amount is rounded to the nearest minor unit, halves up."""
    assert each(minor, count) == share


def test_months_are_counted_across_years() -> None:
    """The month before January is December."""
    assert month_before("2026-01") == "2025-12"
    assert month_before("2026-11") == "2026-10"
    assert list(months_between("2025-11", "2026-02")) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(months_between("2026-02", "2026-01")) == []
