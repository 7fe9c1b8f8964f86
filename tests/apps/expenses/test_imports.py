"""Importing statements: every row once, and each with its result."""

import asyncio
from typing import Any

from apps.common.imports.old import parse
from apps.expenses import ledger, store
from apps.expenses.imports import StatementResult, import_statement
from apps.expenses.model import CategoryDraft
from apps.expenses.statement import HOUSEHOLD, Reading

HEADER = "Date,Mode,Category,Subcategory,Note,Amount,Income/Expense,Currency\r\n"

STATEMENT = HEADER + (
    "20/09/2018 12:04:08,Cash,Transportation,Train,2 Place 5 to Place 0,30,Expense,INR\r\n"
    "13/09/2018,Bank,Small cap fund 1,,,5000,Transfer-Out,INR\r\n"
    "2018-12-09,Credit Card,subscription,Mobile,Data booster pack,667.5,Expense,INR\r\n"
    "2018-11-09,Bank,Other,,From Family,3500,Income,INR\r\n"
    "2018-11-09,Cash,Other,,,12,Expense,INR\r\n"
)

KEPT = (
    "SELECT e.occurred_on, c.kind, c.name, e.amount_minor, e.account, e.subcategory, e.note, e.source, c.tag"
    " FROM expenses_expense e JOIN expenses_category c ON c.id = e.category_id ORDER BY e.id"
)


def run(book: Any, text: str, *, reading: Reading | None = None, dry_run: bool = False) -> StatementResult:
    sheet = parse(text.encode(), [HOUSEHOLD])
    return asyncio.run(import_statement(sheet, book.database, reading=reading, dry_run=dry_run))


def results(result: StatementResult) -> list[tuple[int, str]]:
    return [(each.row, each.result) for each in result.rows]


def test_a_statement_becomes_expenses_and_incomes(book: Any) -> None:
    """Rows become expenses and incomes in categories of their kind; transfers are refused; no tag is guessed."""
    result = run(book, STATEMENT)
    assert (result.taken, result.known, result.refused) == (4, 0, 1)
    assert results(result) == [(2, "taken"), (3, "refused"), (4, "taken"), (5, "taken"), (6, "taken")]
    train = "2 Place 5 to Place 0"
    assert book.rows(KEPT) == [
        ("2018-09-20", "spend", "Transportation", 3000, "Cash", "Train", train, "import", None),
        ("2018-09-12", "spend", "subscription", 66750, "Credit Card", "Mobile", "Data booster pack", "import", None),
        ("2018-09-11", "income", "Other", 350000, "Bank", None, "From Family", "import", None),
        ("2018-09-11", "spend", "Other", 1200, "Cash", None, None, "import", None),
    ]


def test_the_reading_of_dates_is_said_and_can_be_chosen(book: Any) -> None:
    """The answer says how dashed dates were read, and the reader may say otherwise."""
    assert "year-day-month" in run(book, STATEMENT, dry_run=True).notes[0]
    chosen = run(book, STATEMENT, reading="year-month-day")
    assert chosen.notes == ["Dates like 2018-12-09 were read as year-month-day."]
    assert sorted(row[0] for row in book.rows(KEPT)) == ["2018-09-20", "2018-11-09", "2018-11-09", "2018-12-09"]


def test_the_same_file_twice_changes_nothing(book: Any) -> None:
    """An import repeated finds every row known, with whatever reading of its dates."""
    run(book, STATEMENT)
    before = book.rows(KEPT)
    again = run(book, STATEMENT, reading="year-month-day")
    assert (again.taken, again.known, again.refused) == (0, 4, 1)
    assert book.rows(KEPT) == before


def test_identical_purchases_are_both_real(book: Any) -> None:
    """Two identical rows in one file are two purchases; a file with a third one adds only that."""
    tea = "05/09/2018,Cash,Food,Tea,,10,Expense,INR\r\n"
    assert results(run(book, HEADER + tea * 2)) == [(2, "taken"), (3, "taken")]
    assert results(run(book, HEADER + tea * 3)) == [(2, "known"), (3, "known"), (4, "taken")]
    assert len(book.rows(KEPT)) == 3


def test_what_its_owner_deleted_stays_deleted(book: Any) -> None:
    """An imported expense that was deleted does not come back with the next import of the file."""
    tea = HEADER + "05/09/2018,Cash,Food,Tea,,10,Expense,INR\r\n"
    run(book, tea)
    ((expense_id,),) = book.rows("SELECT id FROM expenses_expense")
    book.write(lambda tx: ledger.remove_expense(ledger.find_expense(expense_id, tx), tx))
    assert results(run(book, tea)) == [(2, "known")]
    assert book.rows(KEPT) == []


def test_a_dry_run_only_says_what_would_happen(book: Any) -> None:
    """A dry run answers like the import it stands for, and writes nothing, not even a category."""
    promised = run(book, STATEMENT, dry_run=True)
    assert book.rows(KEPT) == []
    assert book.rows("SELECT count(*) FROM expenses_category") == [(0,)]
    assert run(book, STATEMENT) == promised


def test_a_wrong_row_is_refused_alone(book: Any) -> None:
    """A row that breaks a rule is refused with the reason; the rows around it are taken."""
    rows = (
        "05/09/2018,Cash,Food,Tea,,10,Expense,INR\r\n"
        "31/02/2018,Cash,Food,Tea,,10,Expense,INR\r\n"
        f"05/09/2018,Cash,{'F' * 101},Tea,,10,Expense,INR\r\n"
        "06/09/2018,Cash,Food,Tea,,10,Expense,INR\r\n"
    )
    result = run(book, HEADER + rows)
    assert results(result) == [(2, "taken"), (3, "refused"), (4, "refused"), (5, "taken")]
    assert result.rows[1].reason == "Date says '31/02/2018', but there is no such day"
    assert "name" in str(result.rows[2].reason)
    assert book.rows("SELECT name FROM expenses_category") == [("Food",)]


def test_rows_join_the_categories_there_are(book: Any) -> None:
    """A row joins the category of its name whatever the case, with its tag; an archived one refuses it."""
    food, old = book.category("FOOD", tag="gym"), book.category("Old")
    book.write(lambda tx: ledger.change_category(old, CategoryDraft(name="Old", archived=True), tx))
    rows = "05/09/2018,Cash,food,,,10,Expense,INR\r\n05/09/2018,Cash,old,,,10,Expense,INR\r\n"
    result = run(book, HEADER + rows)
    assert results(result) == [(2, "taken"), (3, "refused")]
    assert "'Old' is archived" in str(result.rows[1].reason)
    assert [data["category_id"] for _, data in book.published()] == [food.id]
    assert book.rows("SELECT count(*) FROM expenses_import") == [(1,)]


def test_a_long_file_is_taken_in_parts(book: Any) -> None:
    """A file of more rows than one transaction takes is taken whole, row by row in order."""
    rows = "".join(f"05/09/2018,Cash,Food,,row {number},10,Expense,INR\r\n" for number in range(1, 1202))
    result = run(book, HEADER + rows)
    assert result.taken == 1201
    assert results(result)[-1] == (1202, "taken")
    last = book.write(lambda tx: store.category_named("food", "spend", tx))
    assert last.name == "Food"
