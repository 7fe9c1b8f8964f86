"""The events domains publish for each other: the only words they share.

Each event carries the full state of its aggregate and the aggregate's version, never a difference, so that a consumer
may see events twice, late or out of order and still end up right. Within a version only optional fields are added;
consumers ignore fields they do not know. A removal carries the last state and its own version: consumers keep that
version as a tombstone.
"""

from apps.common.events import Event
from apps.contracts.expenses import ExpenseChanged, ExpenseRecorded, ExpenseRemoved
from apps.contracts.gym import WorkoutAmended, WorkoutCompleted, WorkoutRemoved
from apps.contracts.heating import HeatingBillCorrected, HeatingBillRecorded, HeatingBillWithdrawn

EVENTS: tuple[type[Event], ...] = (
    ExpenseRecorded,
    ExpenseChanged,
    ExpenseRemoved,
    WorkoutCompleted,
    WorkoutAmended,
    WorkoutRemoved,
    HeatingBillRecorded,
    HeatingBillCorrected,
    HeatingBillWithdrawn,
)

__all__ = [
    "EVENTS",
    "ExpenseChanged",
    "ExpenseRecorded",
    "ExpenseRemoved",
    "HeatingBillCorrected",
    "HeatingBillRecorded",
    "HeatingBillWithdrawn",
    "WorkoutAmended",
    "WorkoutCompleted",
    "WorkoutRemoved",
]
