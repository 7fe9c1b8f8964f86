"""Expenses and their categories: what callers send, and what is kept."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from apps.common.fields import Body, Currency, Day, Id, Kept, Minor, Name, Note

Kind = Literal["spend", "income"]
Tag = Literal["gym", "heating"]
Source = Literal["manual", "import", "recurring", "heating"]


def _not_zero(minor: int) -> int:
    if minor == 0:
        raise ValueError("must not be 0; a refund is negative")
    return minor


Amount = Annotated[
    Minor,
    AfterValidator(_not_zero),
    Field(description="In the currency's smallest unit, never 0: 4990 EUR is 49.90 €; a refund is negative"),
]


class CategoryDraft(Body):
    """A category as its owner wants it. Only a category of spending can carry a tag for another domain."""

    name: Name
    kind: Kind = "spend"
    tag: Tag | None = Field(
        default=None, description="The domain that follows this category's expenses; only its owner sets it"
    )
    archived: bool = Field(default=False, description="Kept for what was booked under it, but takes nothing new")


class ExpenseDraft(Body):
    """An expense, or with a category of income an income, as its owner wants it."""

    occurred_on: Day
    amount_minor: Amount
    currency: Currency
    category_id: Id
    subcategory: Name | None = None
    payee: Name | None = None
    account: Name | None = Field(default=None, description="What it was paid from: cash, a card, a bank account")
    note: Note | None = None


class Category(Kept):
    """A category as it is kept."""

    id: str
    name: str
    kind: Kind
    tag: Tag | None
    archived: bool
    version: int


class Expense(Kept):
    """An expense as it is kept."""

    id: str
    occurred_on: Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
    amount_minor: int
    currency: str
    category_id: str
    subcategory: str | None
    payee: str | None
    account: str | None
    note: str | None
    source: Source
    source_ref: str | None = Field(description="What it was made from, such as the id of a heating bill")
    version: int
