"""What gym does about the events of expenses: it keeps what the membership costs, guarded by version."""

from apps.common.clock import instant_text
from apps.common.database import Transaction
from apps.common.events import Event
from apps.common.service import Handler
from apps.contracts.expenses import ExpenseChanged, ExpenseEvent, ExpenseRecorded, ExpenseRemoved
from apps.gym import projections


def count_cost(event: ExpenseRecorded | ExpenseChanged, tx: Transaction) -> None:
    """Count an expense of a category tagged gym, and no longer one that moved elsewhere."""
    _keep(event, counted=event.tag == "gym", tx=tx)


def uncount_cost(event: ExpenseRemoved, tx: Transaction) -> None:
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
    ExpenseRecorded: count_cost,
    ExpenseChanged: count_cost,
    ExpenseRemoved: uncount_cost,
}
