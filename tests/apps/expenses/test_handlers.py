"""What expenses makes of heating's bills and gym's workouts, in whatever order they come."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from apps.common.problem import Conflict
from apps.contracts import (
    HeatingBillCorrected,
    HeatingBillRecorded,
    HeatingBillWithdrawn,
    WorkoutAmended,
    WorkoutCompleted,
    WorkoutRemoved,
)
from apps.expenses import handlers, ledger, store
from apps.expenses.model import CategoryDraft


def bill(kind: type, version: int, minor: int = 123456, period_to: date = date(2026, 9, 30)) -> Any:
    return kind(
        bill_id="bill-1",
        period_from=date(2025, 10, 1),
        period_to=period_to,
        kwh_milli=11_250_000,
        amount_minor=minor,
        currency="EUR",
        version=version,
    )


def workout(kind: type, version: int, started_at: datetime = datetime(2026, 10, 5, 17, 30, tzinfo=UTC)) -> Any:
    return kind(
        workout_id="workout-1",
        started_at=started_at,
        ended_at=started_at + timedelta(hours=1),
        sets=12,
        volume_g=5_000_000,
        version=version,
    )


def handle(book: Any, *events: Any) -> None:
    for event in events:
        book.write(lambda tx, event=event: handlers.HANDLERS[type(event)](event, tx))


BOOKED = (
    "SELECT e.occurred_on, e.amount_minor, e.source, e.source_ref, c.name, c.tag"
    " FROM expenses_expense e JOIN expenses_category c ON c.id = e.category_id"
)
VISITS = "SELECT month, count(*) FROM expenses_gym_visit WHERE removed = 0 GROUP BY month"


def test_a_bill_is_one_expense_however_often_it_is_told(book: Any) -> None:
    """A heating bill becomes one expense, on the last day it covers, under a category Heating made for it."""
    event = bill(HeatingBillRecorded, 1)
    handle(book, event, event, event)
    assert book.rows(BOOKED) == [("2026-09-30", 123456, "heating", "bill-1", "Heating", "heating")]


def test_a_correction_changes_the_expense(book: Any) -> None:
    """A corrected bill changes its expense, and leaves the category and the note its owner gave it."""
    handle(book, bill(HeatingBillRecorded, 1))
    housing = book.category("Housing")
    expense = book.write(lambda tx: store.expense_from("heating", "bill-1", tx))
    mine = book.draft(housing, "2026-09-30", 123456, note="paid late")
    book.write(lambda tx: ledger.change_expense(expense, mine, tx))
    handle(book, bill(HeatingBillCorrected, 2, 120000))
    assert book.rows(BOOKED) == [("2026-09-30", 120000, "heating", "bill-1", "Housing", None)]
    assert book.rows("SELECT note FROM expenses_expense") == [("paid late",)]


def test_a_late_event_changes_nothing(book: Any) -> None:
    """The recorded event that arrives after the correction does not undo it."""
    handle(book, bill(HeatingBillCorrected, 2, 120000), bill(HeatingBillRecorded, 1))
    assert [row[1] for row in book.rows(BOOKED)] == [120000]


def test_a_withdrawn_bill_stays_away(book: Any) -> None:
    """A withdrawn bill takes its expense along, and an older event that comes late does not bring it back."""
    handle(book, bill(HeatingBillRecorded, 1), bill(HeatingBillWithdrawn, 3))
    assert book.rows(BOOKED) == []
    handle(book, bill(HeatingBillCorrected, 2))
    assert book.rows(BOOKED) == []


def test_a_bill_of_nothing_is_no_expense(book: Any) -> None:
    """A bill over 0 books nothing; its correction to an amount does, and back to 0 does not."""
    handle(book, bill(HeatingBillRecorded, 1, 0))
    assert book.rows(BOOKED) == []
    handle(book, bill(HeatingBillCorrected, 2, 500))
    assert [row[1] for row in book.rows(BOOKED)] == [500]
    handle(book, bill(HeatingBillCorrected, 3, 0))
    assert book.rows(BOOKED) == []


def test_the_expense_of_a_bill_follows_the_bill_alone(book: Any) -> None:
    """Amount, day and existence of a bill's expense cannot be changed by hand; the error says where to do it."""
    handle(book, bill(HeatingBillRecorded, 1))
    expense = book.write(lambda tx: store.expense_from("heating", "bill-1", tx))
    category = book.write(lambda tx: ledger.heating_category(tx))
    with pytest.raises(Conflict, match=r"fixes amount_minor; correct the bill instead"):
        book.write(lambda tx: ledger.change_expense(expense, book.draft(category, "2026-09-30", 1), tx))
    with pytest.raises(Conflict, match="withdraw the bill instead"):
        book.write(lambda tx: ledger.remove_expense(expense, tx))


def test_an_own_category_called_heating_is_used_as_it_is(book: Any) -> None:
    """Who has a category Heating already gets the bill there, and its tag is not touched."""
    book.category("heating")
    handle(book, bill(HeatingBillRecorded, 1))
    assert book.rows(BOOKED) == [("2026-09-30", 123456, "heating", "bill-1", "heating", None)]


def test_a_bill_is_booked_even_if_its_category_is_archived(book: Any) -> None:
    """An archived category Heating is taken out of the archive rather than failing the bill for ever."""
    made = book.category("Heating", tag="heating")
    book.write(lambda tx: ledger.change_category(made, CategoryDraft(name="Heating", tag="heating", archived=True), tx))
    handle(book, bill(HeatingBillRecorded, 1))
    assert book.rows("SELECT archived, version FROM expenses_category") == [(0, 3)]
    assert len(book.rows(BOOKED)) == 1


def test_the_expense_of_a_bill_is_told_with_its_source(book: Any) -> None:
    """What was made from a bill is published as such, so that heating does not take it for an advance."""
    handle(book, bill(HeatingBillRecorded, 1))
    assert [(kind, data["source"], data["tag"]) for kind, data in book.published()] == [
        ("expense.recorded.v1", "heating", "heating")
    ]


def test_a_workout_is_a_visit_in_its_month(book: Any) -> None:
    """A workout counts once in the month it began in; amended into another month it moves, removed it goes."""
    completed = workout(WorkoutCompleted, 1)
    handle(book, completed, completed)
    assert book.rows(VISITS) == [("2026-10", 1)]
    handle(book, workout(WorkoutAmended, 2, datetime(2026, 9, 30, 17, 0, tzinfo=UTC)), completed)
    assert book.rows(VISITS) == [("2026-09", 1)]
    handle(book, workout(WorkoutRemoved, 3), completed, workout(WorkoutAmended, 2))
    assert book.rows(VISITS) == []


def test_the_month_is_the_local_one_where_the_event_says_it(book: Any) -> None:
    """A late workout on the 31st counts for that month, if its time is published with the local offset."""
    late = datetime(2026, 10, 31, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    handle(book, workout(WorkoutCompleted, 1, late))
    assert book.rows(VISITS) == [("2026-10", 1)]
