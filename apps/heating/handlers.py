"""What heating does about the events of expenses: it keeps the advances paid, guarded by version."""

from apps.common.database import Transaction
from apps.common.events import Event
from apps.common.service import Handler
from apps.contracts.expenses import ExpenseChanged, ExpenseRecorded, ExpenseRemoved
from apps.heating.store import ADVANCES


def count_advance(event: ExpenseRecorded | ExpenseChanged, tx: Transaction) -> None:
    """Count an expense of a category tagged heating as an advance; not one that was made from a bill of ours."""
    ADVANCES.keep(event, tx, counted=event.tag == "heating" and event.source != "heating")


def uncount_advance(event: ExpenseRemoved, tx: Transaction) -> None:
    """Count a removed expense no more."""
    ADVANCES.keep(event, tx, counted=False)


HANDLERS: dict[type[Event], Handler] = {
    ExpenseRecorded: count_advance,
    ExpenseChanged: count_advance,
    ExpenseRemoved: uncount_advance,
}
