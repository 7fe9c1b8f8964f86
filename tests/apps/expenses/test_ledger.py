"""The rules of expenses and categories, and which changes are published."""

from typing import Any

import pytest

from apps.common.problem import Conflict, NotFound, Unprocessable
from apps.expenses import ledger, store
from apps.expenses.model import CategoryDraft


def test_an_expense_in_an_untagged_category_is_nobodys_business(book: Any) -> None:
    """Other domains hear of an expense only when its owner tagged the category for them."""
    food = book.category("Food")
    lunch = book.expense(food, "2026-11-02", 1250)
    changed = book.write(lambda tx: ledger.change_expense(lunch, book.draft(food, "2026-11-02", 1300), tx))
    book.write(lambda tx: ledger.remove_expense(changed, tx))
    assert book.published() == []


def test_a_tagged_expense_is_told_whole(book: Any) -> None:
    """Gym hears of a membership with everything it needs, and again with a higher version when it changes or goes."""
    gym = book.category("Iron Hall", tag="gym")
    paid = book.expense(gym, "2026-11-02", 4990, payee="Iron Hall Ltd")
    changed = book.write(
        lambda tx: ledger.change_expense(paid, book.draft(gym, "2026-11-03", 3990, payee="Iron Hall Ltd"), tx)
    )
    book.write(lambda tx: ledger.remove_expense(changed, tx))
    state = {
        "expense_id": paid.id,
        "occurred_on": "2026-11-02",
        "amount_minor": 4990,
        "currency": "EUR",
        "category_id": gym.id,
        "category_name": "Iron Hall",
        "tag": "gym",
        "previous_tag": None,
        "payee": "Iron Hall Ltd",
        "source": "manual",
        "version": 1,
    }
    later = state | {"occurred_on": "2026-11-03", "amount_minor": 3990}
    assert book.published() == [
        ("expense.recorded.v1", state),
        ("expense.changed.v1", later | {"version": 2}),
        ("expense.removed.v1", later | {"version": 3}),
    ]


def test_an_expense_that_leaves_a_tagged_category_is_told_once_more(book: Any) -> None:
    """Who moves an expense out of a followed category takes it out of the follower's sums."""
    gym, food = book.category("Gym", tag="gym"), book.category("Food")
    paid = book.expense(gym, "2026-11-02", 4990)
    moved = book.write(lambda tx: ledger.change_expense(paid, book.draft(food, "2026-11-02", 4990), tx))
    book.write(lambda tx: ledger.change_expense(moved, book.draft(food, "2026-11-02", 100), tx))
    kinds = [(kind, data["tag"], data["previous_tag"], data["version"]) for kind, data in book.published()]
    assert kinds == [("expense.recorded.v1", "gym", None, 1), ("expense.changed.v1", None, "gym", 2)]


def test_a_tag_given_later_tells_all_expenses_of_the_category(book: Any) -> None:
    """Tagging a category afterwards brings its past expenses to the domain that follows it, with new versions."""
    category = book.category("Fitness")
    first = book.expense(category, "2026-09-01", 1000)
    second = book.expense(category, "2026-10-01", 2000)
    book.write(lambda tx: ledger.change_category(category, CategoryDraft(name="Fitness", tag="gym"), tx))
    changes = [(kind, data["expense_id"], data["tag"], data["version"]) for kind, data in book.published()]
    assert changes == [("expense.changed.v1", first.id, "gym", 2), ("expense.changed.v1", second.id, "gym", 2)]
    assert [book.write(lambda tx, each=each: store.expense(each.id, tx)).version for each in (first, second)] == [2, 2]


def test_archiving_a_tagged_category_tells_nobody(book: Any) -> None:
    """Archiving changes nothing about what was spent, so nothing is published."""
    category = book.category("Gym", tag="gym")
    book.expense(category, "2026-09-01", 1000)
    book.write(lambda tx: ledger.change_category(category, CategoryDraft(name="Gym", tag="gym", archived=True), tx))
    assert len(book.published()) == 1


def test_names_are_not_guessed(book: Any) -> None:
    """A category called Gym or Fitness carries no tag until its owner sets one."""
    assert book.category("Gym").tag is None
    assert book.category("fitness").tag is None


def test_an_archived_category_takes_nothing_new(book: Any) -> None:
    """Nothing new is booked under an archived category, but what is there can still be corrected."""
    category = book.category("Old flat")
    paid = book.expense(category, "2020-01-01", 90000)
    book.write(lambda tx: ledger.change_category(category, CategoryDraft(name="Old flat", archived=True), tx))
    with pytest.raises(Unprocessable, match="'Old flat' is archived"):
        book.expense(category, "2026-01-01", 1)
    changed = book.write(lambda tx: ledger.change_expense(paid, book.draft(category, "2020-01-02", 91000), tx))
    assert (changed.amount_minor, changed.version) == (91000, 2)


def test_a_used_category_is_not_deleted(book: Any) -> None:
    """Deleting a category with entries is refused and says what to do instead; an unused one goes."""
    used, unused = book.category("Food"), book.category("Travel")
    book.expense(used, "2026-11-02", 100)
    with pytest.raises(Conflict, match="archive it instead"):
        book.write(lambda tx: ledger.remove_category(used, tx))
    book.write(lambda tx: ledger.remove_category(unused, tx))
    assert book.rows("SELECT name FROM expenses_category") == [("Food",)]


def test_a_name_is_taken_whatever_its_case(book: Any) -> None:
    """Two categories of a kind cannot have the same name; one of income may share it with one of spending."""
    book.category("Other")
    book.category("other", kind="income")
    with pytest.raises(Conflict, match="'Other' already"):
        book.category("  OTHER ")


def test_income_cannot_be_tagged(book: Any) -> None:
    """A tag is for spending: gym's sums would count an income as cost."""
    with pytest.raises(Unprocessable, match="only a category of spending"):
        book.category("Refunds", kind="income", tag="gym")


def test_the_kind_of_a_used_category_stays(book: Any) -> None:
    """Spending cannot become income by a change of its category."""
    category = book.category("Food")
    book.expense(category, "2026-11-02", 100)
    with pytest.raises(Conflict, match="stays a category of spend"):
        book.write(lambda tx: ledger.change_category(category, CategoryDraft(name="Food", kind="income"), tx))


def test_an_expense_made_again_counts_on(book: Any) -> None:
    """An expense deleted and made again under its id gets the next version, so that followers believe it."""
    gym = book.category("Gym", tag="gym")
    made = book.expense(gym, "2026-11-02", 4990)
    book.write(lambda tx: ledger.remove_expense(made, tx))
    draft = book.draft(gym, "2026-11-02", 4990)
    again = book.write(lambda tx: ledger.record_expense(draft, tx, expense_id=made.id))
    assert (made.version, again.version) == (1, 3)
    assert [data["version"] for _, data in book.published()] == [1, 2, 3]


def test_what_is_missing_is_named(book: Any) -> None:
    """An unknown expense or category is named in the error."""
    food = book.category("Food")
    draft = book.draft(food, "2026-11-02", 100).model_copy(update={"category_id": "nowhere"})
    with pytest.raises(NotFound, match="there is no expense e1"):
        book.write(lambda tx: ledger.find_expense("e1", tx))
    with pytest.raises(NotFound, match="there is no category c1"):
        book.write(lambda tx: ledger.find_category("c1", tx))
    with pytest.raises(Unprocessable, match="there is no category nowhere"):
        book.write(lambda tx: ledger.record_expense(draft, tx))
