"""The events each domain listens to: agreed with apps/contracts, which tests/stacks compares."""

from collections.abc import Mapping
from typing import Final


def _events(*names: str) -> tuple[str, ...]:
    return tuple(f"dev.trackstack.{name}.v1" for name in names)


_BILLS = _events("heating.bill.recorded", "heating.bill.corrected", "heating.bill.withdrawn")
_WORKOUTS = _events("gym.workout.completed", "gym.workout.amended", "gym.workout.removed")
_EXPENSES = _events("expenses.expense.recorded", "expenses.expense.changed", "expenses.expense.removed")

LISTENS_TO: Final[Mapping[str, tuple[str, ...]]] = {
    "expenses": (*_BILLS, *_WORKOUTS),
    "gym": _EXPENSES,
    "heating": _EXPENSES,
}
