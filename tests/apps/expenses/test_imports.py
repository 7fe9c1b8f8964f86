"""Importing statements: every row once, and each with its result."""

import hashlib
import json
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.expenses import ledger, store
from apps.expenses.model import CategoryDraft

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
TEA = "05/09/2018,Cash,Food,Tea,,10,Expense,INR\r\n"


def counts(report: dict[str, Any]) -> dict[str, int]:
    """The counts of a report that are not 0."""
    return {name: report[name] for name in ("taken", "known", "changed", "skipped", "refused") if report[name]}


def decided(report: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Value and reason of each decision."""
    return {each["name"]: (each["value"], each["how"]) for each in report["decisions"]}


def refused(report: dict[str, Any]) -> dict[int, str]:
    """Reasons by line."""
    return {each["line"]: each["reason"] for each in report["refusals"]}


def test_a_statement_becomes_expenses_and_incomes(book: Any) -> None:
    """Rows become expenses and incomes in categories of their kind; transfers are skipped; no tag is guessed."""
    report = book.take(STATEMENT)
    assert counts(report) == {"taken": 4, "skipped": 1}
    assert report["notes"] == [
        "1 row skipped: a transfer moves money between your own accounts; it is neither spent nor earned."
    ]
    train = "2 Place 5 to Place 0"
    assert book.rows(KEPT) == [
        ("2018-09-20", "spend", "Transportation", 3000, "Cash", "Train", train, "import", None),
        ("2018-09-12", "spend", "subscription", 66750, "Credit Card", "Mobile", "Data booster pack", "import", None),
        ("2018-09-11", "income", "Other", 350000, "Bank", None, "From Family", "import", None),
        ("2018-09-11", "spend", "Other", 1200, "Cash", None, None, "import", None),
    ]


def test_the_reading_of_dates_is_said_and_can_be_chosen(book: Any) -> None:
    """The report says how dashed dates were read, and the reader may say otherwise."""
    tried = book.take(STATEMENT, dry_run="true")
    assert decided(tried) == {"dates": ("day-first", "proved"), "dashed_dates": ("year-day-month", "proved")}
    chosen = book.take(STATEMENT, dashed_dates="year-month-day")
    assert decided(chosen)["dashed_dates"] == ("year-month-day", "given")
    assert sorted(row[0] for row in book.rows(KEPT)) == ["2018-09-20", "2018-11-09", "2018-11-09", "2018-12-09"]


def test_the_same_file_twice_changes_nothing(book: Any) -> None:
    """An import repeated finds every row known."""
    book.take(STATEMENT)
    before = book.rows(KEPT)
    assert counts(book.take(STATEMENT)) == {"known": 4, "skipped": 1}
    assert book.rows(KEPT) == before


def test_the_same_file_read_otherwise_is_refused(book: Any) -> None:
    """A file that is imported already must be undone before it is read otherwise: its rows would be there twice."""
    first = book.take(STATEMENT)
    again = book.send(STATEMENT, dashed_dates="year-month-day")
    assert again.status_code == 409
    assert f"import {first['import_id']} has taken this file with dashed_dates=year-day-month" in again.json()["detail"]
    book.ask("DELETE", f"/api/v1/expenses/imports/{first['import_id']}")
    assert counts(book.take(STATEMENT, dashed_dates="year-month-day"))["taken"] == 4


def test_one_date_proves_the_order_for_the_file(book: Any) -> None:
    """`09/28/2026` can only have the month first, so September 5 is no 9th of May."""
    rows = ("09/28/2026", "09/05/2026", "09/01/2026", "08/03/2026")
    file = HEADER + "".join(f"{day},Card,Food,,{day},41.20,Expense,USD\r\n" for day in rows)
    report = book.take(file)
    assert decided(report) == {"dates": ("month-first", "proved")}
    assert "line 2 (09/28/2026) can mean nothing else" in report["decisions"][0]["note"]
    assert [row[0] for row in book.rows(KEPT)] == ["2026-09-28", "2026-09-05", "2026-09-01", "2026-08-03"]


def test_dates_that_contradict_each_other_refuse_the_file(book: Any) -> None:
    """Both rows are named, nothing is taken; with the order given, the other row alone is refused."""
    file = HEADER + "09/28/2026,A,Food,,,1,Expense,EUR\r\n28/09/2026,A,Food,,,2,Expense,EUR\r\n"
    answer = book.send(file)
    assert answer.status_code == 422
    assert "line 2 (09/28/2026) proves month-first, line 3 (28/09/2026) proves day-first" in answer.json()["detail"]
    assert book.rows(KEPT) == []
    report = book.take(file, dates="day-first")
    assert refused(report) == {2: "Date says '09/28/2026', but there is no such day, read day-first"}


def test_dates_that_prove_nothing_are_read_as_before_or_assumed(book: Any) -> None:
    """The day comes first, or for amounts in USD alone the month, or whatever an earlier import of the kind had."""
    row = "05/09/2026,A,Food,,{},{},Expense,{}\r\n"
    assert decided(book.take(HEADER + row.format(1, 1, "EUR")))["dates"] == ("day-first", "assumed")
    assert decided(book.take(HEADER + row.format(2, 1, "USD")))["dates"] == ("month-first", "assumed")
    book.take(HEADER + "09/28/2026,A,Food,,,1,Expense,EUR\r\n")
    assert decided(book.take(HEADER + row.format(3, 1, "EUR")))["dates"] == ("month-first", "known")


def test_dates_may_be_written_in_many_ways(book: Any) -> None:
    """Padding and separators may differ; the order is one for the file."""
    days = ("13/11/2026", "12/11/2026", "9/11/2026", "9/9/2026", "20-10-2026", "20.10.2026", "1.2.26", "2026-10-20")
    file = HEADER + "".join(f"{day},Card,Food,,{day},10,Expense,EUR\r\n" for day in days)
    assert counts(book.take(file)) == {"taken": 8}
    assert [row[0] for row in book.rows(KEPT)] == [
        "2026-11-13",
        "2026-11-12",
        "2026-11-09",
        "2026-09-09",
        "2026-10-20",
        "2026-10-20",
        "2026-02-01",
        "2026-10-20",
    ]


def test_a_file_of_negative_expenses_is_money_spent(book: Any) -> None:
    """41.20 + 18.00 + 33.10 = 92.30 were spent, not paid back; a note says so, and the caller may say otherwise."""
    file = HEADER + (
        "02/06/2026,Cash,Groceries,,Store,-41.20,Expense,EUR\r\n"
        "05/06/2026,Cash,Groceries,,Store,-18.00,Expense,EUR\r\n"
        "15/06/2026,Cash,Salary,,Employer,2100.00,Income,EUR\r\n"
        "09/06/2026,Cash,Groceries,,Store,-33.10,Expense,EUR\r\n"
    )
    report = book.take(file)
    assert decided(report)["sign"] == ("negative-is-spent", "proved")
    assert sum(row[3] for row in book.rows(KEPT) if row[1] == "spend") == 9230
    assert sum(row[3] for row in book.rows(KEPT) if row[1] == "income") == 210000
    book.ask("DELETE", f"/api/v1/expenses/imports/{report['import_id']}")
    book.take(file, sign="as-booked")
    assert sum(row[3] for row in book.rows(KEPT) if row[1] == "spend") == -9230


def test_a_negative_expense_among_others_is_a_refund(book: Any) -> None:
    """It is written as it stands, and the report says that it was read so."""
    report = book.take(HEADER + "02/06/2026,A,Food,,x,41.20,Expense,EUR\r\n02/06/2026,A,Food,,y,-1.20,Expense,EUR\r\n")
    assert decided(report)["sign"] == ("as-booked", "proved")
    assert [row[3] for row in book.rows(KEPT)] == [4120, -120]


def test_a_part_of_a_file_is_read_like_the_whole(book: Any) -> None:
    """A refund that comes again alone is not money spent: the sign is the one that earlier imports had."""
    refund = "02/06/2026,A,Food,,y,-1.20,Expense,EUR\r\n"
    book.take(HEADER + "02/06/2026,A,Food,,x,41.20,Expense,EUR\r\n" + refund)
    alone = book.take(HEADER + refund)
    assert (counts(alone), decided(alone)["sign"][0]) == ({"known": 1}, "as-booked")


def test_a_decision_that_is_given_later_is_another_reading(book: Any) -> None:
    """A file that was taken is not taken again with its signs or dates turned round."""
    file = HEADER + "2018-03-04,Cash,Food,,a,2.50,Expense,EUR\r\n"
    book.take(file)
    for reading in ({"sign": "negative-is-spent"}, {"dashed_dates": "year-day-month"}):
        assert book.send(file, **reading).status_code == 409
    assert len(book.rows(KEPT)) == 1


def test_an_ambiguous_amount_is_read_with_the_files_sign(book: Any) -> None:
    """`1,234` is 1,234.00 where another amount has a decimal dot; where none tells, the row is refused, not guessed."""
    rows = '05/09/2018,Cash,Food,,a,"1,234",Expense,EUR\r\n'
    told = book.take(HEADER + rows)
    assert refused(told) == {
        2: "Amount says '1,234': '1,234' has two meanings, and no other amount tells which; import with decimal=dot"
        " or decimal=comma"
    }
    assert counts(book.take(HEADER + rows + "05/09/2018,Cash,Food,,b,1.50,Expense,EUR\r\n"))["taken"] == 2
    assert [row[3] for row in book.rows(KEPT)] == [123400, 150]
    assert refused(book.take(HEADER + rows.replace(",a,", ",c,"), decimal="comma")) == {
        2: "Amount says '1,234': '1,234' has 3 decimals, but EUR has 2"
    }


def test_identical_purchases_are_both_real(book: Any) -> None:
    """Two identical rows in one file are two purchases; a file with a third one adds only that."""
    assert counts(book.take(HEADER + TEA * 2)) == {"taken": 2}
    assert counts(book.take(HEADER + TEA * 3)) == {"taken": 1, "known": 2}
    assert len(book.rows(KEPT)) == 3


def test_a_row_that_changed_its_category_is_an_update_offered(book: Any) -> None:
    """The same purchase in another category is no second one; with categories=update it moves there."""
    tea = HEADER.replace("\r\n", "\r\n") + "05/09/2018,Cash,Food,Tea,Green tea,10,Expense,INR\r\n"
    book.take(tea)
    moved = tea.replace("Food,Tea", "Drinks,Hot")
    offered = book.take(moved)
    assert (counts(offered), offered["notes"]) == (
        {"known": 1},
        ["1 known row has another category in the file; import with categories=update to take the file's."],
    )
    assert [row[2] for row in book.rows(KEPT)] == ["Food"]
    updated = book.take(moved, categories="update")
    assert (counts(updated), updated["notes"]) == (
        {"changed": 1},
        ["Known rows that took the category of the file: 1."],
    )
    assert [(row[2], row[5]) for row in book.rows(KEPT)] == [("Drinks", "Hot")]
    assert counts(book.take(moved, categories="update")) == {"known": 1}


def test_what_its_owner_deleted_stays_deleted(book: Any) -> None:
    """An imported expense that was deleted comes back with `again`, and only then."""
    book.take(HEADER + TEA)
    ((expense_id,),) = book.rows("SELECT id FROM expenses_expense")
    book.write(lambda tx: ledger.remove_expense(ledger.find_expense(expense_id, tx), tx))
    assert counts(book.take(HEADER + TEA)) == {"known": 1}
    assert book.rows(KEPT) == []
    assert counts(book.take(HEADER + TEA, again="true")) == {"taken": 1}
    assert len(book.rows(KEPT)) == 1


def test_a_file_that_the_version_before_imported_is_known(book: Any) -> None:
    """Its keys were made of the row as written; they are still recognised, for the n-th equal row as well."""
    written = ["05/09/2018", "Cash", "Food", "spend", "Tea", "", "10", "INR"]
    identity = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
    for occurrence in (1, 2):
        key = hashlib.sha256(f"{identity}#{occurrence}".encode()).hexdigest()
        book.write(
            lambda tx, key=key: tx.execute(
                "INSERT INTO expenses_import_row (import_key, import_id, record_id) VALUES (:key, NULL, 'gone')",
                key=key,
            )
        )
    assert counts(book.take(HEADER + TEA * 3)) == {"taken": 1, "known": 2}


def test_a_dry_run_only_says_what_would_happen(book: Any) -> None:
    """A dry run answers like the import it stands for, and writes nothing, not even a category."""
    promised = book.take(STATEMENT, dry_run="true")
    assert book.rows(KEPT) == []
    assert book.rows("SELECT count(*) FROM expenses_category") == [(0,)]
    assert book.take(STATEMENT) | {"import_id": None} == promised


def test_a_wrong_row_is_refused_alone(book: Any) -> None:
    """A row that breaks a rule is refused with column and reason; the rows around it are taken."""
    rows = (
        TEA,
        "31/02/2018,Cash,Food,Tea,,10,Expense,INR\r\n",
        f"05/09/2018,Cash,{'F' * 101},Tea,,10,Expense,INR\r\n",
        "05/09/2018,Cash,Food,Tea,,10,Refund,INR\r\n",
        "05/09/2018,Cash,Food,Tea,,1.2E+03,Expense,INR\r\n",
        "05/09/2018,Cash,Food,Tea,,0.3333,Expense,INR\r\n",
        "05/09/2018,Cash,Food,Tea,,0,Expense,INR\r\n",
        "05/09/2018,Cash,Food,Tea,,10,Expense,XXX\r\n",
        "05/09/2018,Cash,,Tea,,10,Expense,INR\r\n",
        "soon,Cash,Food,Tea,,10,Expense,INR\r\n",
        "05/09/2018,Cash,Food,Te\x07a,,10,Expense,INR\r\n",
        "05/09/1066,Cash,Food,Tea,,10,Expense,INR\r\n",
        "06/09/2018,Cash,Food,Tea,,10,Expense,INR\r\n",
    )
    report = book.take(HEADER + "".join(rows))
    assert counts(report) == {"taken": 2, "refused": 11}
    assert refused(report) == {
        3: "Date says '31/02/2018', but there is no such day, read day-first",
        4: "Category has 101 characters; 100 are the most",
        5: "Income/Expense says 'Refund'; known are Expense, Income and transfers",
        6: "Amount says '1.2E+03': '1.2E+03' is not an amount; write it like 12.50",
        7: "Amount says '0.3333': '0.3333' has 4 decimals, but INR has 2",
        8: "Amount is 0: neither spent nor earned",
        9: "Currency says 'XXX'; write an ISO 4217 code like EUR",
        10: "Category is empty",
        11: "Date says 'soon'; write it like 20/09/2018 or 2018-09-20",
        12: "Subcategory contains the control character U+0007",
        13: "Date says '05/09/1066', which is outside the years 1970 to 2100",
    }
    assert book.rows("SELECT name FROM expenses_category") == [("Food",)]


def test_rows_join_the_categories_there_are(book: Any) -> None:
    """A row joins the category of its name whatever the case, with its tag; an archived one refuses it."""
    food, old = book.category("FOOD", tag="gym"), book.category("Old")
    book.write(lambda tx: ledger.change_category(old, CategoryDraft(name="Old", archived=True), tx))
    rows = "05/09/2018,Cash,food,,,10,Expense,INR\r\n05/09/2018,Cash,old,,,10,Expense,INR\r\n"
    report = book.take(HEADER + rows)
    assert refused(report) == {3: "category 'Old' is archived; choose another, or take it out of the archive"}
    assert [data["category_id"] for _, data in book.published()] == [food.id]
    book.ask("DELETE", f"/api/v1/expenses/imports/{report['import_id']}")
    assert [kind for kind, _ in book.published()] == ["expense.recorded.v1", "expense.removed.v1"]


def test_a_long_file_is_taken_in_parts(book: Any) -> None:
    """A file of more rows than one transaction takes is taken whole, row by row in order."""
    rows = "".join(f"05/09/2018,Cash,Food,,row {number},10,Expense,INR\r\n" for number in range(1, 1202))
    assert counts(book.take(HEADER + rows)) == {"taken": 1201}
    last = book.write(lambda tx: store.category_named("food", "spend", tx))
    assert last.name == "Food"
    assert book.rows(KEPT)[-1][6] == "row 1201"


purchases = st.lists(
    st.tuples(
        st.dates(min_value=date(2020, 1, 13), max_value=date(2026, 12, 31)),
        st.integers(1, 999_999),
        st.sampled_from(["Store", "Bäckerei Größe", "ÇA VA"]),
    ),
    min_size=1,
    max_size=8,
)
STYLES = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y 12:04:08")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=purchases, styles=st.tuples(st.sampled_from(STYLES), st.sampled_from(STYLES)), upper=st.booleans())
def test_a_file_saved_again_is_known(book: Any, rows: list[Any], styles: tuple[str, str], upper: bool) -> None:
    """30 for 30.00, another date style, another case, the time cut off: the same purchases, each once."""
    if "%Y-%m-%d" in styles:
        # A date beyond the 12th tells how the others were written.
        rows = [*rows, (date(2026, 1, 20), 1, "Store")]

    def file(style: str, *, plain: bool) -> str:
        lines = []
        for day, minor, payee in rows:
            amount = f"{minor / 100:g}" if plain and minor % 100 == 0 else f"{minor // 100}.{minor % 100:02d}"
            note = payee.upper() if plain and upper else payee
            lines.append(f"{day.strftime(style)},Bank,Food,,{note},{amount},Expense,EUR\r\n")
        return HEADER + "".join(lines)

    before = book.rows("SELECT count(*) FROM expenses_expense")[0][0]
    first = book.take(file(styles[0], plain=False), dates="day-first", dashed_dates="year-month-day")
    again = book.take(file(styles[1], plain=True), dates="day-first", dashed_dates="year-month-day")
    assert (first["refused"], again["refused"], again["taken"]) == (0, 0, 0)
    assert book.rows("SELECT count(*) FROM expenses_expense")[0][0] == before + first["taken"]
