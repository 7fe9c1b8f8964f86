"""What expenses does about the events of heating and gym. Guarded by version: order and duplicates do not matter."""

from collections.abc import Mapping

from apps.common.clock import instant_text
from apps.common.database import Transaction
from apps.common.events import Event
from apps.common.service import Handler
from apps.contracts.gym import WorkoutAmended, WorkoutCompleted, WorkoutEvent, WorkoutRemoved
from apps.contracts.heating import HeatingBillCorrected, HeatingBillEvent, HeatingBillRecorded, HeatingBillWithdrawn
from apps.expenses import ledger, projections, store
from apps.expenses.model import ExpenseDraft


def book_heating_bill(event: HeatingBillRecorded | HeatingBillCorrected, tx: Transaction) -> None:
    """Book a heating bill as one expense on the last day it covers, or bring that expense in line with it."""
    if not projections.keep_bill(event.bill_id, event.version, withdrawn=False, tx=tx):
        return
    booked = store.expense_from("heating", event.bill_id, tx)
    if event.amount_minor == 0:
        # Nothing to pay is nothing spent; a later correction may still book it.
        if booked:
            ledger.strike(booked, tx)
    elif booked:
        ledger.rebook(booked, _draft(event, booked.model_dump()), tx)
    else:
        category = ledger.heating_category(tx)
        draft = _draft(event, {"category_id": category.id})
        ledger.record_expense(draft, tx, source="heating", source_ref=event.bill_id)


def unbook_heating_bill(event: HeatingBillWithdrawn, tx: Transaction) -> None:
    """Delete the expense of a withdrawn bill, and remember that it was withdrawn, should an older event come late."""
    if not projections.keep_bill(event.bill_id, event.version, withdrawn=True, tx=tx):
        return
    booked = store.expense_from("heating", event.bill_id, tx)
    if booked:
        ledger.strike(booked, tx)


def count_visit(event: WorkoutCompleted | WorkoutAmended, tx: Transaction) -> None:
    """Count a workout as a visit to the gym in its month."""
    _keep_visit(event, removed=False, tx=tx)


def uncount_visit(event: WorkoutRemoved, tx: Transaction) -> None:
    """Count a removed workout no more."""
    _keep_visit(event, removed=True, tx=tx)


def _keep_visit(event: WorkoutEvent, *, removed: bool, tx: Transaction) -> None:
    # The month as the event writes it: an offset other than UTC is the local time of the visit.
    month = f"{event.started_at:%Y-%m}"
    told_at = instant_text(tx.event_time or tx.now)
    projections.keep_visit(event.workout_id, month, event.version, removed=removed, told_at=told_at, tx=tx)


def _draft(event: HeatingBillEvent, rest: dict[str, object]) -> ExpenseDraft:
    """The bill's day, amount and currency; category and texts as they are."""
    texts = ("category_id", "subcategory", "payee", "account", "note")
    return ExpenseDraft.model_validate(
        {name: rest.get(name) for name in texts}
        | {
            "occurred_on": event.period_to.isoformat(),
            "amount_minor": event.amount_minor,
            "currency": event.currency,
        }
    )


HANDLERS: Mapping[type[Event], Handler] = {
    HeatingBillRecorded: book_heating_bill,
    HeatingBillCorrected: book_heating_bill,
    HeatingBillWithdrawn: unbook_heating_bill,
    WorkoutCompleted: count_visit,
    WorkoutAmended: count_visit,
    WorkoutRemoved: uncount_visit,
}
