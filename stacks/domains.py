"""The events each domain listens to: agreed with apps/contracts, which tests/stacks compares."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Domain:
    """One domain as the infrastructure sees it."""

    name: str
    listens_to: tuple[str, ...]


def _events(*names: str) -> tuple[str, ...]:
    return tuple(f"dev.trackstack.{name}.v1" for name in names)


_BILLS = _events("heating.bill.recorded", "heating.bill.corrected", "heating.bill.withdrawn")
_WORKOUTS = _events("gym.workout.completed", "gym.workout.amended", "gym.workout.removed")
_EXPENSES = _events("expenses.expense.recorded", "expenses.expense.changed", "expenses.expense.removed")

DOMAINS = (
    Domain("expenses", listens_to=(*_BILLS, *_WORKOUTS)),
    Domain("gym", listens_to=_EXPENSES),
    Domain("heating", listens_to=_EXPENSES),
)
NAMES = tuple(domain.name for domain in DOMAINS)
