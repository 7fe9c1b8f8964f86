"""What heating does about the events of expenses: it keeps the advances paid, guarded by version."""

from apps.common.clock import instant_text
from apps.common.database import Transaction
from apps.common.events import Event
from apps.common.service import Handler
from apps.contracts.expenses import ExpenseChanged, ExpenseEvent, ExpenseRecorded, ExpenseRemoved
from apps.heating import projections


def count_advance(event: ExpenseRecorded | ExpenseChanged, tx: Transaction) -> None:
    """Count an expense of a category tagged heating as an advance; not one that was made from a bill of ours."""
    _keep(event, counted=event.tag == "heating" and event.source != "heating", tx=tx)


def uncount_advance(event: ExpenseRemoved, tx: Transaction) -> None:
    """Count a removed expense no more."""
    _keep(event, counted=False, tx=tx)


def _keep(event: ExpenseEvent, *, counted: bool, tx: Transaction) -> None:
    projections.keep_expense(
        event.expense_id,
        f"{event.occurred_on:%Y-%m}",
        event.amount_minor,
        event.currency,
        event.version,
        counted=counted,
        as_of=instant_text(tx.event_time or tx.now),
        tx=tx,
    )


HANDLERS: dict[type[Event], Handler] = {
    ExpenseRecorded: count_advance,
    ExpenseChanged: count_advance,
    ExpenseRemoved: uncount_advance,
}
