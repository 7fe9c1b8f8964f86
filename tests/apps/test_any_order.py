"""Queues deliver twice, late and in any order: what gym and heating keep of expenses must not depend on it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps import gym, heating
from apps.common.database import Database, Transaction
from apps.common.service import Service
from apps.contracts import ExpenseChanged, ExpenseRecorded, ExpenseRemoved
from apps.contracts.expenses import ExpenseEvent

Change = tuple[str, int, int, str | None, str]

changes = st.tuples(
    st.sampled_from(["keep", "keep", "drop"]),
    st.integers(-2, 3),
    st.integers(1, 3),
    st.sampled_from(["gym", "gym", "heating", "heating", None]),
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
            "category_name": "Of the house",
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


def counts(event: ExpenseEvent, domain: str) -> bool:
    # What was made from a bill of heating is no advance on one.
    from_a_bill = domain == "heating" and event.source == "heating"
    return event.tag == domain and not from_a_bill and not isinstance(event, ExpenseRemoved)


@pytest.fixture(params=[gym.service, heating.service], ids=["gym", "heating"])
def service(request: pytest.FixtureRequest) -> Any:
    """A domain that keeps what was paid for it."""
    return request.param


@pytest.fixture
def database(service: Service, tmp_path: Path) -> Iterator[Database]:
    """Its database, empty."""
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    with Database(tmp_path / "app.db", {service.name: service.migrations}, clock=lambda: now) as opened:
        yield opened


class TakenBackError(Exception):
    """Takes an example back, so that the next one begins with nothing."""


def kept(service: Service, database: Database, events: list[ExpenseEvent]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []

    def work(tx: Transaction) -> None:
        for event in events:
            service.handlers[type(event)](event, tx)
        columns = "expense_id, month, amount_minor, currency, counted, version"
        rows.extend(tuple(row) for row in tx.all(f"SELECT {columns} FROM {service.name}_expense ORDER BY expense_id"))
        raise TakenBackError

    try:
        database.write_now(service.name, work)
    except TakenBackError:
        return rows
    raise AssertionError("the example was not taken back")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events_and_delivery())
def test_any_delivery_ends_like_the_orderly_one(
    service: Service, database: Database, drawn: tuple[list[ExpenseEvent], list[ExpenseEvent]]
) -> None:
    """Whatever the order and however often they come, the same events leave the same costs or advances."""
    events, delivery = drawn
    orderly = kept(service, database, events)
    assert kept(service, database, delivery) == orderly
    last = {event.expense_id: event for event in events}
    expected = {event.expense_id: int(counts(event, service.name)) for event in last.values()}
    assert {row[0]: row[4] for row in orderly} == expected
