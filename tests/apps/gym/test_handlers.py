"""What gym makes of the expenses it receives."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from apps import contracts
from apps.common.events import Envelope
from apps.contracts import ExpenseChanged, ExpenseRecorded, ExpenseRemoved
from apps.contracts.expenses import Tag
from apps.gym.handlers import HANDLERS

SAMPLES = Path(contracts.__file__).parent / "samples"


def expense(kind: type, version: int, minor: int = 4990, tag: Tag | None = "gym", **fields: Any) -> Any:
    given = {
        "expense_id": "expense-1",
        "occurred_on": date(2026, 10, 1),
        "currency": "EUR",
        "source": "manual",
    } | fields
    return kind(
        amount_minor=minor, category_id="category-1", category_name="Membership", tag=tag, version=version, **given
    )


def handle(gym: Any, *events: Any) -> None:
    for event in events:
        gym.write(lambda tx, event=event: HANDLERS[type(event)](event, tx))


def months(gym: Any, **parameters: Any) -> list[tuple[Any, ...]]:
    """Month, visits, and cost and cost per visit of the first currency."""
    rows = gym.get("reports/cost-per-visit", **parameters)["months"]
    return [
        (
            row["month"],
            row["visits"],
            *((row["costs"][0]["cost_minor"], row["costs"][0]["per_visit_minor"]) if row["costs"] else ()),
        )
        for row in rows
    ]


def test_a_membership_paid_gives_the_cost_of_a_visit(gym: Any) -> None:
    """An expense of a category tagged gym, shared by the month's completed workouts, is the cost of a visit."""
    for day in range(10, 16):
        gym.workout([], f"2026-10-{day}T17:30:00+02:00")
    gym.workout([], "2026-10-16T17:30:00+02:00", completed=False)
    handle(gym, expense(ExpenseRecorded, 1))
    report = gym.get("reports/cost-per-visit", to="2026-10", **{"from": "2026-10"})
    cost = [{"currency": "EUR", "cost_minor": 4990, "per_visit_minor": 832}]  # 49.90 / 6
    assert report == {
        "as_of": "2026-11-24T12:00:00.000000Z",
        "months": [{"month": "2026-10", "visits": 6, "costs": cost, "rolling_visits": 6, "rolling_costs": cost}],
    }


def test_as_of_is_the_time_of_the_newest_event(gym: Any) -> None:
    """An answer says when the newest event it knows of happened, however late that came."""

    def late(tx: Any) -> None:
        tx.event_time = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
        HANDLERS[ExpenseRecorded](expense(ExpenseRecorded, 1), tx)

    gym.write(late)
    assert gym.get("reports/cost-per-visit")["as_of"] == "2026-11-20T08:00:00.000000Z"


def test_without_any_event_nothing_is_known_of_costs(gym: Any) -> None:
    """Before expenses has published anything, as_of is null and visits are counted alone."""
    assert gym.get("reports/cost-per-visit") == {"as_of": None, "months": []}
    gym.workout([])
    report = gym.get("reports/cost-per-visit")
    assert report["as_of"] is None
    assert (len(report["months"]), report["months"][-1]["month"], report["months"][-1]["visits"]) == (12, "2026-10", 1)


def test_an_expense_told_twice_counts_once(gym: Any) -> None:
    """The same event again changes nothing."""
    event = expense(ExpenseRecorded, 1)
    handle(gym, event, event)
    assert months(gym, **{"from": "2026-10"}) == [("2026-10", 0, 4990, None)]


def test_an_older_event_that_comes_late_changes_nothing(gym: Any) -> None:
    """The newest version counts, in whatever order the events come."""
    handle(gym, expense(ExpenseChanged, 2, 5990), expense(ExpenseRecorded, 1))
    assert months(gym, **{"from": "2026-10"}) == [("2026-10", 0, 5990, None)]


def test_a_removed_expense_does_not_come_back(gym: Any) -> None:
    """An event from before the removal, delivered after it, does not bring the expense back."""
    handle(gym, expense(ExpenseRecorded, 1), expense(ExpenseRemoved, 3), expense(ExpenseChanged, 2, 5990))
    assert months(gym, to="2026-10", **{"from": "2026-10"}) == [("2026-10", 0)]


def test_an_expense_that_moves_to_another_category_counts_no_more(gym: Any) -> None:
    """An expense whose category is no longer tagged gym leaves; one that becomes so comes."""
    handle(gym, expense(ExpenseRecorded, 1), expense(ExpenseChanged, 2, tag="heating", previous_tag="gym"))
    handle(gym, expense(ExpenseRecorded, 1, 300, tag="heating", expense_id="expense-2"))
    assert months(gym, to="2026-10", **{"from": "2026-10"}) == [("2026-10", 0)]
    handle(gym, expense(ExpenseChanged, 2, 300, previous_tag="heating", expense_id="expense-2"))
    assert months(gym, to="2026-10", **{"from": "2026-10"}) == [("2026-10", 0, 300, None)]


def test_an_expense_that_moves_to_another_month_moves(gym: Any) -> None:
    """A corrected day moves the cost to its month."""
    handle(gym, expense(ExpenseRecorded, 1), expense(ExpenseChanged, 2, occurred_on=date(2026, 11, 1)))
    assert months(gym, **{"from": "2026-10"}) == [("2026-10", 0), ("2026-11", 0, 4990, None)]


def test_a_report_covers_a_sensible_span(gym: Any) -> None:
    """Reversed and endless spans are refused."""
    for first, last in (("2026-11", "2026-10"), ("2000-01", "2026-10")):
        assert gym("GET", "reports/cost-per-visit", params={"from": first, "to": last}).status_code == 422


def test_the_committed_samples_are_understood(gym: Any) -> None:
    """The samples of expenses, as they travel, change what gym keeps: recorded, moved to heating, removed."""
    kept = []
    for kind in (ExpenseRecorded, ExpenseChanged, ExpenseRemoved):
        sample = SAMPLES / f"{kind.type.removeprefix('dev.trackstack.')}.json"
        handle(gym, Envelope.from_json(sample.read_bytes()).event(kind))
        kept += gym.rows("SELECT month, amount_minor, counted FROM gym_expense")
    assert kept == [("2026-10", 4990, 1), ("2026-10", 8500, 0), ("2026-10", 8500, 0)]
