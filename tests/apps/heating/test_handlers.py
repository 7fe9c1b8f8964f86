"""What heating makes of the expenses it receives."""

from datetime import date
from pathlib import Path
from typing import Any

from apps import contracts
from apps.common.events import Envelope
from apps.contracts import ExpenseChanged, ExpenseRecorded, ExpenseRemoved
from apps.contracts.expenses import Source, Tag
from apps.heating.handlers import HANDLERS

SAMPLES = Path(contracts.__file__).parent / "samples"


def expense(
    kind: type, version: int, minor: int = 8500, tag: Tag | None = "heating", source: Source = "manual", **fields: Any
) -> Any:
    given = {"expense_id": "expense-1", "occurred_on": date(2026, 10, 1), "currency": "EUR"} | fields
    return kind(
        amount_minor=minor,
        category_id="category-1",
        category_name="Heating",
        tag=tag,
        source=source,
        version=version,
        **given,
    )


def handle(heating: Any, *events: Any) -> None:
    for event in events:
        heating.write(lambda tx, event=event: HANDLERS[type(event)](event, tx))


def advances(heating: Any) -> list[tuple[str, int]]:
    months = heating.get("reports/cost", first="2026-10", to="2026-11")["months"]
    return [(month["month"], each["advances_minor"]) for month in months for each in month["currencies"]]


def test_an_expense_tagged_heating_is_an_advance(heating: Any) -> None:
    """What was paid in categories tagged heating is an advance of its month, received once or twice."""
    handle(heating, expense(ExpenseRecorded, 1), expense(ExpenseRecorded, 1))
    handle(heating, expense(ExpenseRecorded, 1, 500, expense_id="expense-2"))
    assert advances(heating) == [("2026-10", 9000)]


def test_the_expense_of_a_bill_is_no_advance(heating: Any) -> None:
    """The expense that was made from a heating bill does not come back as an advance."""
    handle(heating, expense(ExpenseRecorded, 1, 123_456, source="heating"))
    assert advances(heating) == []
    assert heating.get("reports/cost", first="2026-10", to="2026-10")["as_of"] is not None


def test_an_older_event_that_comes_late_changes_nothing(heating: Any) -> None:
    """The newest version counts, in whatever order the events come."""
    handle(heating, expense(ExpenseChanged, 2, 9000), expense(ExpenseRecorded, 1))
    assert advances(heating) == [("2026-10", 9000)]


def test_a_removed_expense_does_not_come_back(heating: Any) -> None:
    """An event from before the removal, delivered after it, does not bring the expense back."""
    handle(heating, expense(ExpenseRemoved, 2), expense(ExpenseRecorded, 1))
    assert advances(heating) == []


def test_an_expense_that_moves_to_another_category_counts_no_more(heating: Any) -> None:
    """An expense whose category is no longer tagged heating leaves; one that becomes so comes."""
    handle(heating, expense(ExpenseRecorded, 1), expense(ExpenseChanged, 2, tag=None, previous_tag="heating"))
    handle(heating, expense(ExpenseRecorded, 1, 300, tag="gym", expense_id="expense-2"))
    assert advances(heating) == []
    handle(heating, expense(ExpenseChanged, 2, 300, previous_tag="gym", expense_id="expense-2"))
    assert advances(heating) == [("2026-10", 300)]


def test_the_committed_samples_are_understood(heating: Any) -> None:
    """The samples of expenses, as they travel, change what heating keeps: recorded, moved to heating, removed."""
    kept = []
    for kind in (ExpenseRecorded, ExpenseChanged, ExpenseRemoved):
        sample = SAMPLES / f"{kind.type.removeprefix('dev.trackstack.')}.json"
        handle(heating, Envelope.from_json(sample.read_bytes()).event(kind))
        kept += heating.rows("SELECT month, amount_minor, counted FROM heating_expense")
    assert kept == [("2026-10", 4990, 0), ("2026-10", 8500, 1), ("2026-10", 8500, 0)]
