"""What gym does about the events of expenses: it keeps what the membership costs, guarded by version."""

from apps.common.database import Transaction
from apps.common.events import Event
from apps.common.service import Handler
from apps.contracts.expenses import ExpenseChanged, ExpenseRecorded, ExpenseRemoved
from apps.gym.store import COSTS


def count_cost(event: ExpenseRecorded | ExpenseChanged, tx: Transaction) -> None:
    """Count an expense of a category tagged gym, and no longer one that moved elsewhere."""
    COSTS.keep(event, tx, counted=event.tag == "gym")


def uncount_cost(event: ExpenseRemoved, tx: Transaction) -> None:
    """Count a removed expense no more."""
    COSTS.keep(event, tx, counted=False)


HANDLERS: dict[type[Event], Handler] = {
    ExpenseRecorded: count_cost,
    ExpenseChanged: count_cost,
    ExpenseRemoved: uncount_cost,
}
