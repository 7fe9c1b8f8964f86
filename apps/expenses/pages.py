"""The lists of expenses."""

from typing import Final

from pydantic import BaseModel

from apps.common.listing import Listing, json_flag, json_object
from apps.expenses.model import Category, Expense

EXPENSE_LIST: Final = Listing(
    json_object(Expense.model_fields),
    "expenses_expense",
    "occurred_on",
    {"first": "occurred_on >= :first", "last": "occurred_on <= :last", "category": "category_id = :category"},
    newest_first=True,
)
CATEGORY_LIST: Final = Listing(
    json_object(Category.model_fields, archived=json_flag("archived")),
    "expenses_category",
    "name_key",
    {"archived": "archived = :archived"},
)


class ExpensePage(BaseModel):
    """A page of expenses; `next` is the cursor of the next one, null on the last."""

    items: list[Expense]
    next: str | None


class CategoryPage(BaseModel):
    """A page of categories; `next` is the cursor of the next one, null on the last."""

    items: list[Category]
    next: str | None
