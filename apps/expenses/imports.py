"""Imports: a statement's rows become expenses and incomes, each once, however often the file comes."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from pydantic import Field

from apps.common.database import Database, Transaction
from apps.common.imports.old import ImportResult, RowResult, Sheet, take_rows
from apps.expenses import ledger, store
from apps.expenses.model import CategoryDraft, ExpenseDraft
from apps.expenses.statement import Entry, Reading, day_of, reading_of

# Other requests wait while a transaction of an import runs: about 60 µs a row.
ROWS_AT_ONCE = 500

NOTES: dict[Reading, str] = {
    "year-month-day": "Dates like 2018-12-09 were read as year-month-day.",
    "year-day-month": (
        "Dates like 2018-12-09 were read as year-day-month, here the 12th of September: a spreadsheet has swapped"
        " day and month of every date it could (none of the dates with slashes has a day up to 12)."
        " If that is wrong, import with dashed_dates=year-month-day."
    ),
}


class StatementResult(ImportResult):
    """What became of a statement, and how its dates were read."""

    notes: list[str] = Field(description="What was decided for the file as a whole, in words")


async def import_statement(
    sheet: Sheet[Entry], database: Database, *, reading: Reading | None = None, dry_run: bool
) -> StatementResult:
    """Take the rows of a statement, some hundred a transaction; an import that broke off is simply repeated."""
    chosen = reading if reading and reading_of(sheet.rows) else reading_of(sheet.rows)
    take = partial(take_entry, reading=chosen)
    results = [
        await database.write("expenses", lambda tx, part=part: take_rows(tx, part, take, dry_run=dry_run))  # type: ignore[misc]
        for part in _parts(sheet)
    ]
    rows: list[RowResult] = [row for result in results for row in result.rows]
    return StatementResult(
        taken=sum(result.taken for result in results),
        known=sum(result.known for result in results),
        refused=sum(result.refused for result in results),
        rows=rows,
        notes=[NOTES[chosen]] if chosen else [],
    )


def take_entry(tx: Transaction, entry: Entry, import_key: str, *, reading: Reading | None) -> bool:
    """Record one row, its category made on demand and never tagged; False when the row was taken before."""
    day = day_of(entry.dated, reading)
    expense_id = tx.new_id()
    if not store.remember_import(import_key, expense_id, tx):
        return False
    category = store.category_named(entry.category, entry.kind, tx) or ledger.make_category(
        CategoryDraft(name=entry.category, kind=entry.kind), tx.new_id(), tx
    )
    draft = ExpenseDraft(
        occurred_on=day,
        amount_minor=entry.amount_minor,
        currency=entry.currency,
        category_id=category.id,
        subcategory=entry.subcategory or None,
        account=entry.account or None,
        note=entry.note or None,
    )
    ledger.record_expense(draft, tx, expense_id=expense_id, source="import")
    return True


def _parts(sheet: Sheet[Entry]) -> Iterator[Sheet[Entry]]:
    for first in range(0, len(sheet.rows), ROWS_AT_ONCE):
        yield replace(sheet, rows=sheet.rows[first : first + ROWS_AT_ONCE])
