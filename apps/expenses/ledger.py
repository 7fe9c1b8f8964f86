"""The rules of expenses and categories, and which changes are published.

Other domains follow tagged categories: gym the membership, heating the advances. An expense is published when
its category is tagged before or after the change, and about all expenses of a category that gets another tag or name.
"""

from datetime import date
from typing import Final

from apps.common.clock import instant_text
from apps.common.database import Transaction
from apps.common.problem import Conflict, FieldError, NotFound, Unprocessable
from apps.common.transaction import Readable
from apps.contracts.expenses import ExpenseChanged, ExpenseEvent, ExpenseRecorded, ExpenseRemoved
from apps.expenses import store
from apps.expenses.model import Category, CategoryDraft, Expense, ExpenseDraft, Source, Tag

# What a bill fixes; the rest of an expense made from one is its owner's.
FIXED_BY_BILL: Final = ("occurred_on", "amount_minor", "currency")


# Categories


def find_category(category_id: str, tx: Readable) -> Category:
    found = store.category(category_id, tx)
    if found is None:
        raise NotFound(f"there is no category {category_id}")
    return found


def make_category(draft: CategoryDraft, category_id: str, tx: Transaction) -> Category:
    """Add a category; its name must be free among those of its kind."""
    new = Category(id=category_id, version=1, **draft.model_dump())
    _check_category(new, tx)
    store.put_category(new, tx)
    return new


def change_category(old: Category, draft: CategoryDraft, tx: Transaction) -> Category:
    """Rename, tag, archive. A new tag or name of a followed category is published for each of its expenses."""
    new = Category(id=old.id, version=old.version + 1, **draft.model_dump())
    _check_category(new, tx)
    if new.kind != old.kind and store.is_used(old.id, tx):
        raise Conflict(f"category {old.name!r} has entries, so it stays a category of {old.kind}; make a new one")
    store.put_category(new, tx)
    if (new.tag, new.name) != (old.tag, old.name) and (new.tag or old.tag):
        for each in store.touch_expenses_of(old.id, tx):
            _publish(ExpenseChanged, each, new, tx, previous_tag=old.tag)
    return new


def remove_category(old: Category, tx: Transaction) -> None:
    """Delete a category nothing was booked under."""
    if store.is_used(old.id, tx):
        raise Conflict(f"category {old.name!r} has entries; archive it instead: change it with archived = true")
    store.delete_category(old.id, tx)


def _check_category(wanted: Category, tx: Transaction) -> None:
    if wanted.tag is not None and wanted.kind != "spend":
        raise Unprocessable(
            "only a category of spending can be tagged",
            errors=[FieldError("/tag", f"the kind is {wanted.kind}; leave the tag out")],
        )
    taken = store.category_named(wanted.name, wanted.kind, tx)
    if taken is not None and taken.id != wanted.id:
        state = ", archived" if taken.archived else ""
        raise Conflict(f"a category of {taken.kind} called {taken.name!r} already exists ({taken.id}{state})")


# Expenses


def find_expense(expense_id: str, tx: Readable) -> Expense:
    found = store.expense(expense_id, tx)
    if found is None:
        raise NotFound(f"there is no expense {expense_id}")
    return found


def record_expense(
    draft: ExpenseDraft,
    tx: Transaction,
    *,
    expense_id: str | None = None,
    source: Source = "manual",
    source_ref: str | None = None,
) -> Expense:
    """Record an expense; without an id it gets a new one."""
    category = _category_for(draft, tx)
    version = 1 if expense_id is None else store.last_version_of_removed(expense_id, tx) + 1
    new = Expense(
        id=expense_id or tx.new_id(), source=source, source_ref=source_ref, version=version, **draft.model_dump()
    )
    store.insert_expense(new, tx)
    if category.tag:
        _publish(ExpenseRecorded, new, category, tx)
    return new


def change_expense(old: Expense, draft: ExpenseDraft, tx: Transaction) -> Expense:
    """Replace what an expense says. What comes from a heating bill follows that bill alone."""
    if old.source == "heating":
        differing = [name for name in FIXED_BY_BILL if getattr(draft, name) != getattr(old, name)]
        if differing:
            raise Conflict(
                f"expense {old.id} was made from heating bill {old.source_ref}, which fixes {', '.join(differing)};"
                " correct the bill instead"
            )
    return rebook(old, draft, tx)


def rebook(old: Expense, draft: ExpenseDraft, tx: Transaction) -> Expense:
    """Write a changed expense; publish it if its category is followed, or was until now."""
    before = store.category(old.category_id, tx)
    after = _category_for(draft, tx, present=old.category_id)
    changed = Expense(
        id=old.id, source=old.source, source_ref=old.source_ref, version=old.version + 1, **draft.model_dump()
    )
    store.update_expense(changed, tx)
    tag_before = before.tag if before else None
    if tag_before or after.tag:
        _publish(ExpenseChanged, changed, after, tx, previous_tag=tag_before)
    return changed


def remove_expense(old: Expense, tx: Transaction) -> None:
    """Delete an expense its owner made."""
    if old.source == "heating":
        raise Conflict(f"expense {old.id} was made from heating bill {old.source_ref}; withdraw the bill instead")
    strike(old, tx)


def strike(old: Expense, tx: Transaction) -> None:
    """Delete an expense and keep its version; publish that if its category is followed."""
    gone = old.model_copy(update={"version": old.version + 1})
    store.delete_expense(gone, instant_text(tx.now), tx)
    category = find_category(old.category_id, tx)
    if category.tag:
        _publish(ExpenseRemoved, gone, category, tx)


def heating_category(tx: Transaction) -> Category:
    """Where heating bills are booked: the category of spending called Heating, made or taken out of the archive."""
    found = store.category_named("Heating", "spend", tx)
    if found is None:
        return make_category(CategoryDraft(name="Heating", kind="spend", tag="heating"), tx.new_id(), tx)
    if not found.archived:
        return found
    draft = CategoryDraft(name=found.name, kind=found.kind, tag=found.tag, archived=False)
    return change_category(found, draft, tx)


def _category_for(draft: ExpenseDraft, tx: Transaction, *, present: str | None = None) -> Category:
    """The category of a draft. An archived one takes nothing new, but what is in it may stay there."""
    found = store.category(draft.category_id, tx)
    if found is None:
        raise Unprocessable(
            f"there is no category {draft.category_id}", errors=[FieldError("/category_id", "no such category")]
        )
    if found.archived and found.id != present:
        raise Unprocessable(
            f"category {found.name!r} is archived; choose another, or take it out of the archive",
            errors=[FieldError("/category_id", "the category is archived")],
        )
    return found


def _publish(
    kind: type[ExpenseEvent], about: Expense, category: Category, tx: Transaction, *, previous_tag: Tag | None = None
) -> None:
    event = kind(
        expense_id=about.id,
        occurred_on=date.fromisoformat(about.occurred_on),
        amount_minor=about.amount_minor,
        currency=about.currency,
        category_id=category.id,
        category_name=category.name,
        tag=category.tag,
        previous_tag=previous_tag if previous_tag != category.tag else None,
        payee=about.payee,
        source=about.source,
        version=about.version,
    )
    tx.publish(event, sequence=about.version)
