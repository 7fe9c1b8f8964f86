"""What expenses publishes: expenses whose category another domain follows.

An event is published when the category is tagged before or after the change. A consumer looks at `tag` alone: an
expense that moved to another category arrives as changed, with the new tag, and replaces what was kept under its id.
"""

from datetime import date
from typing import ClassVar, Literal

from apps.common.events import Event
from apps.contracts.fields import Currency, Identifier, MinorUnits, Version

Tag = Literal["gym", "heating"]
Source = Literal["manual", "import", "recurring", "heating"]


class ExpenseEvent(Event):
    """One expense as it stands after the change, or as it last stood before its removal."""

    expense_id: Identifier
    occurred_on: date
    amount_minor: MinorUnits  # spent; a refund is negative
    currency: Currency
    category_id: Identifier
    category_name: str
    tag: Tag | None
    previous_tag: Tag | None = None  # set only when this change took the expense from one tag to another, or to none
    payee: str | None = None
    source: Source  # `heating`: made from a heating bill, so heating must not count it as an advance
    version: Version

    def subject(self) -> str:
        return f"expense/{self.expense_id}"


class ExpenseRecorded(ExpenseEvent):
    """An expense was recorded in a tagged category."""

    type: ClassVar[str] = "dev.trackstack.expenses.expense.recorded.v1"


class ExpenseChanged(ExpenseEvent):
    """An expense changed, or its category was renamed or tagged differently."""

    type: ClassVar[str] = "dev.trackstack.expenses.expense.changed.v1"


class ExpenseRemoved(ExpenseEvent):
    """An expense was removed; this is how it last stood."""

    type: ClassVar[str] = "dev.trackstack.expenses.expense.removed.v1"
