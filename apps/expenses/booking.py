"""Booking: rows of a statement become expenses and incomes, some hundred in one transaction.

What a person sends one by one goes through the ledger. Here the same rules are applied to many rows with few
statements: what is known is looked up at once, and what is new written at once; only rows of followed categories go
through the ledger, which publishes them.
"""

from collections import Counter
from collections.abc import Sequence

from apps.common.fields import name_key
from apps.common.imports import runs
from apps.common.imports.intake import CHANGED, KNOWN, TAKEN, Outcome, Run
from apps.common.transaction import SqlValue, Transaction
from apps.expenses import ledger, store
from apps.expenses.entry import Entry
from apps.expenses.model import Category, CategoryDraft, ExpenseDraft, Kind


class Booking:
    """The bookings of one import."""

    def __init__(self, *, update: bool) -> None:
        self._update = update
        self._counts: Counter[str] = Counter()

    def book(self, rows: Sequence[tuple[Entry, str]], tx: Transaction, run: Run) -> list[Outcome]:
        """Book rows, each with its key; one outcome a row."""
        part = _Part(rows, tx, run, update=self._update)
        outcomes = [part.book(entry, key) for entry, key in rows]
        part.write()
        self._counts.update(part.counts)
        return outcomes

    def notes(self) -> list[str]:
        """What became of known rows with another category."""
        notes = []
        if self._counts["offered"]:
            notes.append(
                f"{_known_rows(self._counts['offered'])} another category in the file;"
                " import with categories=update to take the file's."
            )
        if self._counts["updated"]:
            notes.append(f"Known rows that took the category of the file: {self._counts['updated']}.")
        return notes


def _known_rows(count: int) -> str:
    return "1 known row has" if count == 1 else f"{count} known rows have"


class _Part:
    """The rows of one transaction."""

    def __init__(self, rows: Sequence[tuple[Entry, str]], tx: Transaction, run: Run, *, update: bool) -> None:
        keys = [key for _, key in rows]
        keys.extend(entry.old_key for entry, _ in rows if entry.old_key is not None)
        self._tx, self._run, self._update = tx, run, update
        self._kept = runs.kept_rows(tx, tx.domain, keys)
        self._booked = store.expenses_by_id([each.record_id for each in self._kept.values()], tx)
        self._categories = {(each.kind, name_key(each.name)): each for each in store.all_categories(tx)}
        self._by_name: dict[tuple[Kind, str], Category] = {}
        self._names = {each.id: each for each in self._categories.values()}
        self._new: list[dict[str, SqlValue]] = []
        self._taken: list[tuple[str, str]] = []
        self.counts: Counter[str] = Counter()

    def book(self, entry: Entry, key: str) -> Outcome:
        """Say what becomes of a row, and keep it for `write` when it is new."""
        before = self._kept.get(key) or (self._kept.get(entry.old_key) if entry.old_key else None)
        if before is not None and (before.record_id in self._booked or not self._run.again):
            return self._known(entry, before.record_id)
        category = self._category(entry)
        if category.archived:
            return Outcome(
                "refused", f"category {category.name!r} is archived; choose another, or take it out of the archive"
            )
        expense_id = self._tx.new_id()
        if category.tag is None:
            self._new.append(
                {
                    "id": expense_id,
                    "occurred_on": entry.day,
                    "amount_minor": entry.amount_minor,
                    "currency": entry.currency,
                    "category_id": category.id,
                    "subcategory": entry.subcategory or None,
                    "payee": entry.payee or None,
                    "account": entry.account or None,
                    "note": entry.note or None,
                }
            )
        else:
            ledger.record_expense(_draft(entry, category), self._tx, expense_id=expense_id, source="import")
        self._taken.append((key, expense_id))
        return TAKEN

    def write(self) -> None:
        """Write what was taken."""
        store.insert_imported(self._new, self._tx)
        runs.keep_rows(self._tx, self._run.id, self._taken)

    def _known(self, entry: Entry, expense_id: str) -> Outcome:
        old = self._booked.get(expense_id)
        if old is None:
            return KNOWN
        present = self._names[old.category_id]
        same = (name_key(present.name), old.subcategory or "") == (name_key(entry.category), entry.subcategory)
        if same or present.kind != entry.kind:
            return KNOWN
        if not self._update:
            self.counts["offered"] += 1
            return KNOWN
        category = self._category(entry)
        if category.archived:
            return Outcome("refused", f"category {category.name!r} is archived; take it out of the archive first")
        draft = ExpenseDraft(
            occurred_on=old.occurred_on,
            amount_minor=old.amount_minor,
            currency=old.currency,
            category_id=category.id,
            subcategory=entry.subcategory or None,
            payee=old.payee,
            account=old.account,
            note=old.note,
        )
        ledger.rebook(old, draft, self._tx)
        self.counts["updated"] += 1
        return CHANGED

    def _category(self, entry: Entry) -> Category:
        """The category of a row, made on demand and never tagged."""
        found = self._by_name.get((entry.kind, entry.category))
        if found is None:
            place = (entry.kind, name_key(entry.category))
            found = self._categories.get(place)
            if found is None:
                draft = CategoryDraft(name=entry.category, kind=entry.kind)
                found = ledger.make_category(draft, self._tx.new_id(), self._tx)
                self._categories[place] = found
                self._names[found.id] = found
            self._by_name[entry.kind, entry.category] = found
        return found


def _draft(entry: Entry, category: Category) -> ExpenseDraft:
    return ExpenseDraft(
        occurred_on=entry.day,
        amount_minor=entry.amount_minor,
        currency=entry.currency,
        category_id=category.id,
        subcategory=entry.subcategory or None,
        payee=entry.payee or None,
        account=entry.account or None,
        note=entry.note or None,
    )
