"""Queues deliver twice, late and in any order: what heating keeps must not depend on it."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.common.database import Database, Transaction
from apps.contracts import ExpenseChanged, ExpenseRecorded, ExpenseRemoved
from apps.contracts.expenses import ExpenseEvent
from apps.heating.handlers import HANDLERS

Change = tuple[str, int, int, str | None, str]

changes = st.tuples(
    st.sampled_from(["keep", "keep", "drop"]),
    st.integers(-2, 3),
    st.integers(1, 3),
    st.sampled_from(["heating", "heating", "gym", None]),
    st.sampled_from(["manual", "manual", "heating"]),
)
histories = st.lists(st.lists(changes, min_size=1, max_size=4), min_size=1, max_size=3)


def expense_event(expense_id: str, version: int, change: Change) -> ExpenseEvent:
    kind, minor, month, tag, source = change
    kinds = {"keep": ExpenseChanged if version > 1 else ExpenseRecorded, "drop": ExpenseRemoved}
    return kinds[kind].model_validate(
        {
            "expense_id": expense_id,
            "occurred_on": date(2026, month, 14),
            "amount_minor": minor,
            "currency": "EUR",
            "category_id": "category-1",
            "category_name": "Heating",
            "tag": tag,
            "source": source,
            "version": version,
        }
    )


@st.composite
def events_and_delivery(draw: st.DrawFn) -> tuple[list[ExpenseEvent], list[ExpenseEvent]]:
    """Some expenses' events in order, and a delivery of them: every one at least once, in any order."""
    events = [
        expense_event(f"expense-{number}", version, change)
        for number, history in enumerate(draw(histories))
        for version, change in enumerate(history, start=1)
    ]
    again = draw(st.lists(st.sampled_from(events), max_size=6))
    return events, draw(st.permutations([*events, *again]))


def counts(event: ExpenseEvent) -> bool:
    return event.tag == "heating" and event.source != "heating" and not isinstance(event, ExpenseRemoved)


class TakenBackError(Exception):
    """Takes an example back, so that the next one begins with nothing."""


def kept(database: Database, events: list[ExpenseEvent]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []

    def work(tx: Transaction) -> None:
        for event in events:
            HANDLERS[type(event)](event, tx)
        columns = "expense_id, month, amount_minor, currency, counted, version"
        rows.extend(tuple(row) for row in tx.all(f"SELECT {columns} FROM heating_expense ORDER BY expense_id"))
        raise TakenBackError

    try:
        database.write_now("heating", work)
    except TakenBackError:
        return rows
    raise AssertionError("the example was not taken back")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events_and_delivery())
def test_any_delivery_ends_like_the_orderly_one(
    database: Database, drawn: tuple[list[ExpenseEvent], list[ExpenseEvent]]
) -> None:
    """Whatever the order and however often they come, the same events leave the same advances."""
    events, delivery = drawn
    orderly = kept(database, events)
    assert kept(database, delivery) == orderly
    last = {event.expense_id: event for event in events}
    expected = {event.expense_id: int(counts(event)) for event in last.values()}
    assert {row[0]: row[4] for row in orderly} == expected
