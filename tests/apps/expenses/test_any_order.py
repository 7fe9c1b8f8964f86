"""Queues deliver twice, late and in any order: what expenses keeps must not depend on it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.common.database import Transaction
from apps.common.events import Event
from apps.contracts import (
    HeatingBillCorrected,
    HeatingBillRecorded,
    HeatingBillWithdrawn,
    WorkoutAmended,
    WorkoutCompleted,
    WorkoutRemoved,
)
from apps.expenses import handlers

Outcome = dict[str, list[tuple[Any, ...]]]


def bill_event(bill_id: str, version: int, change: tuple[str, int, int]) -> Event:
    kind, minor, month = change
    kinds = {"keep": HeatingBillCorrected if version > 1 else HeatingBillRecorded, "drop": HeatingBillWithdrawn}
    return kinds[kind](
        bill_id=bill_id,
        period_from=date(2025, 1, 1),
        period_to=date(2026, month, 28),
        kwh_milli=1,
        amount_minor=minor,
        currency="EUR",
        version=version,
    )


def workout_event(workout_id: str, version: int, change: tuple[str, int, int]) -> Event:
    kind, _, month = change
    kinds = {"keep": WorkoutAmended if version > 1 else WorkoutCompleted, "drop": WorkoutRemoved}
    started_at = datetime(2026, month, 14, 18, 0, tzinfo=UTC)
    return kinds[kind](
        workout_id=workout_id,
        started_at=started_at,
        ended_at=started_at + timedelta(hours=1),
        sets=1,
        volume_g=0,
        version=version,
    )


changes = st.tuples(st.sampled_from(["keep", "keep", "drop"]), st.integers(-2, 3), st.integers(1, 3))
histories = st.lists(changes, min_size=1, max_size=4)


@st.composite
def events_and_delivery(draw: st.DrawFn) -> tuple[list[Event], list[Event]]:
    """Some aggregates' events in order, and a delivery of them: every one at least once, in any order."""
    events = [
        event(f"{event.__name__}-{number}", version, change)
        for event in (bill_event, workout_event)
        for number, history in enumerate(draw(st.lists(histories, min_size=1, max_size=2)))
        for version, change in enumerate(history, start=1)
    ]
    again = draw(st.lists(st.sampled_from(events), max_size=6))
    return events, draw(st.permutations([*events, *again]))


class TakenBackError(Exception):
    """Takes an example back, so that the next one begins with an empty book."""


def outcome(book: Any, events: list[Event]) -> Outcome:
    kept: Outcome = {}

    def work(tx: Transaction) -> None:
        for event in events:
            handlers.HANDLERS[type(event)](event, tx)
        for name, sql in {
            "expenses": "SELECT e.occurred_on, e.amount_minor, e.currency, e.source, e.source_ref, c.name, c.tag"
            " FROM expenses_expense e JOIN expenses_category c ON c.id = e.category_id ORDER BY e.source_ref",
            "bills": "SELECT bill_id, version, withdrawn FROM expenses_heating_bill ORDER BY bill_id",
            "visits": "SELECT workout_id, month, version, removed FROM expenses_gym_visit ORDER BY workout_id",
        }.items():
            kept[name] = [tuple(row) for row in tx.all(sql)]
        raise TakenBackError

    try:
        book.write(work)
    except TakenBackError:
        return kept
    raise AssertionError("the example was not taken back")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events_and_delivery())
def test_any_delivery_ends_like_the_orderly_one(book: Any, drawn: tuple[list[Event], list[Event]]) -> None:
    """Whatever the order and however often they come, the same events leave the same expenses, bills and visits."""
    events, delivery = drawn
    assert outcome(book, delivery) == outcome(book, events)
