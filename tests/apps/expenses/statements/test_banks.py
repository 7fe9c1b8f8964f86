"""Banks' files, read with the shipped mappings and with one's own."""

import json
from typing import Any

import pytest

from apps.common.problem import Unprocessable
from apps.expenses.statements.mapping import mapping_of, shipped

KEPT = (
    "SELECT e.occurred_on, c.kind, c.name, e.amount_minor, e.currency, e.payee, e.note, e.account"
    " FROM expenses_expense e JOIN expenses_category c ON c.id = e.category_id ORDER BY e.id"
)

GERMAN = (
    "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Glaeubiger ID;Mandatsreferenz;"
    "Kundenreferenz (End-to-End);Sammlerreferenz;Lastschrift Ursprungsbetrag;Auslagenersatz Ruecklastschrift;"
    "Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;BIC (SWIFT-Code);Betrag;Waehrung;Info\r\n"
    "DE00;05.09.26;05.09.26;LASTSCHRIFT;Beitrag Größe;;;;;;;Café Müller;DE01;X;-1.234,50;EUR;Umsatz gebucht\r\n"
    "DE00;28.09.26;28.09.26;GUTSCHRIFT;Lohn;;;;;;;Arbeitgeber;DE02;X;2.100,00;EUR;Umsatz gebucht\r\n"
    "DE00;29.09.26;;LASTSCHRIFT;Strom;;;;;;;Werke;DE03;X;-40,00;EUR;Umsatz vorgemerkt\r\n"
)
N26 = (
    '"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name","Amount (EUR)",'
    '"Original Amount","Original Currency","Exchange Rate"\n'
    "2026-02-03,2026-02-03,Shop,,Presentment,,Main,-3.99,3.99,EUR,1\n"
    '2025-08-06,2025-08-06,,,"Credit Transfer","Reference 1",Main,374.830000000,,,\n'
)
REVOLUT = (
    "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
    "CARD_PAYMENT,Current,2026-07-15 09:12:00,2026-07-16 09:12:00,Shop,-42.30,0.50,EUR,COMPLETED,1200.00\n"
    "TRANSFER,Current,2026-07-16 10:00:00,2026-07-16 10:00:00,From somebody,200.00,0.00,EUR,COMPLETED,1\n"
    "EXCHANGE,Current,2026-07-16 10:00:00,2026-07-16 10:00:00,To USD,-50.00,0.00,EUR,COMPLETED,1\n"
    "CARD_PAYMENT,Current,2026-07-17 10:00:00,,Hotel,-90.00,0.00,EUR,PENDING,\n"
)
STARLING = (
    "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes\n"
    "03/06/2026,Cinema,TICKETS,CARD,-10.99,1210.44,ENTERTAINMENT,\n"
    "25/07/2026,Employer,SALARY,FASTER PAYMENT,1500.00,2710.44,INCOME,\n"
)
CHASE = (
    "Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"
    "03/05/2026,03/06/2026,STORE 1,Groceries,Sale,-49.00,\n"
    "03/06/2026,03/07/2026,STORE 1,Groceries,Return,12.99,\n"
    "03/16/2026,03/17/2026,Payment Thank You,,Payment,500.00,\n"
)


@pytest.mark.parametrize(
    ("name", "file", "kept"),
    [
        (
            "german-camt-csv",
            GERMAN.encode("windows-1252"),
            [
                # 1.234,50 in a file of decimal commas, on the 5th of September
                ("2026-09-05", "spend", "Uncategorised", 123450, "EUR", "Café Müller", "Beitrag Größe", "DE00"),
                ("2026-09-28", "income", "Uncategorised", 210000, "EUR", "Arbeitgeber", "Lohn", "DE00"),
            ],
        ),
        (
            "n26",
            N26.encode(),
            [
                ("2026-02-03", "spend", "Uncategorised", 399, "EUR", "Shop", None, "Main"),
                ("2025-08-06", "income", "Uncategorised", 37483, "EUR", None, "Reference 1", "Main"),
            ],
        ),
        (
            "revolut",
            REVOLUT.encode(),
            [
                # 42.30 and the fee of 0.50
                ("2026-07-16", "spend", "Uncategorised", 4280, "EUR", "Shop", None, "Current"),
                ("2026-07-16", "income", "Uncategorised", 20000, "EUR", "From somebody", None, "Current"),
            ],
        ),
        (
            "starling",
            STARLING.encode(),
            [
                ("2026-06-03", "spend", "ENTERTAINMENT", 1099, "GBP", "Cinema", "TICKETS", None),
                ("2026-07-25", "income", "INCOME", 150000, "GBP", "Employer", "SALARY", None),
            ],
        ),
        (
            "chase-card",
            CHASE.encode(),
            [
                ("2026-03-05", "spend", "Groceries", 4900, "USD", "STORE 1", None, None),
                ("2026-03-06", "spend", "Groceries", -1299, "USD", "STORE 1", None, None),
            ],
        ),
    ],
)
def test_a_banks_file_is_known_by_its_columns(book: Any, name: str, file: bytes, kept: list[Any]) -> None:
    """The mapping is found and named in the report; what is pending or moves between own accounts is skipped."""
    report = book.take(file)
    assert (report["format"], report["refused"]) == (name, 0)
    assert report["decisions"][0] == {
        "name": "mapping",
        "value": name,
        "how": "declared",
        "note": "Columns were read with this mapping, chosen by its columns; give mapping to choose another.",
    }
    assert book.rows(KEPT) == kept
    assert book.take(file)["taken"] == 0


OWN = {
    "name": "my-bank",
    "columns": {"date": "Booked", "debit": "Out", "credit": "In", "payee": "Who", "note": "What"},
    "dates": "month-first",
    "decimal": "dot",
    "currency": "USD",
    "account": "Checking",
    "categories": [{"contains": ["rent", "landlord"], "category": "Housing", "subcategory": "Rent"}],
    "spend_category": "Other",
}
OWN_FILE = (
    "Report of July\n\nBooked\tOut\tIn\tWho\tWhat\n09/05/2026\t1,450.00\t\tMy Landlord\tJuly\n"
    "09/06/2026\t-12.50\t\tDiner\t\n09/07/2026\t\t3200.00\tEmployer\t\n09/08/2026\t1\t2\tBoth\t\n09/09/2026\t\t\tNone\t\n"
)


def test_a_mapping_of_ones_own(book: Any) -> None:
    """Columns, order of dates, two columns of amounts, categories by rule: what the mapping says holds for the file."""
    report = book.take(OWN_FILE, mapping=json.dumps(OWN))
    assert book.rows(KEPT) == [
        ("2026-09-05", "spend", "Housing", 145000, "USD", "My Landlord", "July", "Checking"),
        ("2026-09-06", "spend", "Other", 1250, "USD", "Diner", None, "Checking"),
        ("2026-09-07", "income", "Uncategorised", 320000, "USD", "Employer", None, "Checking"),
    ]
    assert [(each["line"], each["reason"]) for each in report["refusals"]] == [
        (7, "Out and In must not both be filled, nor both be empty"),
        (8, "Out and In must not both be filled, nor both be empty"),
    ]


def test_the_direction_may_stand_in_a_column(book: Any) -> None:
    """Amounts without a sign go out where the column says so."""
    mapping = OWN | {"columns": {"date": "D", "amount": "A", "direction": "S", "payee": "P"}, "decimal": "comma"}
    rows = "12,50;Soll;x", "12,50;Haben;y", "-12,50;Soll;z", "12,50;Debit Card;z"
    report = book.take("D;A;S;P\n" + "".join(f"09/05/2026;{row}\n" for row in rows), mapping=json.dumps(mapping))
    assert [row[1] for row in book.rows(KEPT)] == ["spend", "income"]
    assert [each["reason"] for each in report["refusals"]] == [
        "A has a sign, and S says 'Soll': which holds?",
        "S says 'Debit Card'; name that in debit_says or credit_says of the mapping",
    ]


def test_another_mapping_of_the_same_name_is_another_reading(book: Any) -> None:
    """A file that was taken is not taken again in another currency, because the mapping has changed under its name."""
    book.take(OWN_FILE, mapping=json.dumps(OWN))
    again = book.send(OWN_FILE, mapping=json.dumps(OWN | {"currency": "EUR"}))
    assert (again.status_code, "has taken this file with mapping=my-bank#" in again.json()["detail"]) == (409, True)
    assert book.take(OWN_FILE, mapping=json.dumps(OWN))["known"] == 3


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("28/09/2026\t1.00\t\tx\t", "mapping my-bank says dates=month-first, but line 2 (28/09/2026) proves day-first"),
        ("09/05/2026\t1.234,50\t\tx\t", "mapping my-bank says decimal=dot, but line 2 (1.234,50) proves comma"),
    ],
)
def test_a_mapping_is_held_against_its_file(book: Any, row: str, words: str) -> None:
    """A row that can only be read otherwise refuses the file: the rows that could be read both ways would be wrong."""
    file = f"Booked\tOut\tIn\tWho\tWhat\n{row}\n09/06/2026\t15\t\ty\t\n"
    answer = book.send(file, mapping=json.dumps(OWN))
    assert (answer.status_code, words in answer.json()["detail"]) == (422, True), answer.text
    assert book.rows(KEPT) == []


def test_zeros_in_the_other_column_are_nothing(book: Any) -> None:
    """Some banks write 0.00 into the column that does not apply."""
    book.take("Booked\tOut\tIn\tWho\tWhat\n09/05/2026\t10.00\t0.00\tx\t\n", mapping=json.dumps(OWN))
    assert [row[3] for row in book.rows(KEPT)] == [1000]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"columns": {"date": "D"}}, "name the column amount, or the columns debit and credit"),
        ({"currency": None}, "say the currency, or name the column that does"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"dates": "year-first"}, "dates: Input should be"),
        ({"name": "../x"}, "name: String should match pattern"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(change: dict[str, Any], reason: str) -> None:
    """The whole file is refused with the place in the mapping."""
    with pytest.raises(Unprocessable, match="the mapping is wrong") as refused:
        mapping_of(json.dumps({name: value for name, value in (OWN | change).items() if value is not None}))
    assert reason in refused.value.detail


def test_an_unknown_mapping_names_the_shipped_ones(book: Any) -> None:
    """So does one that is no JSON."""
    answer = book.send(OWN_FILE, mapping="mybank")
    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "there is no mapping 'mybank'; shipped are chase-card, german-camt-csv, n26, revolut, starling",
    )
    assert "is not valid JSON" in book.send(OWN_FILE, mapping="{").json()["detail"]


def test_a_file_without_the_columns_of_its_mapping_is_refused(book: Any) -> None:
    """The message names the columns the mapping needs."""
    answer = book.send("a;b\n1;2\n", mapping="n26")
    assert "must name the columns: account name, amount (eur), booking date" in answer.json()["detail"]


def test_shipped_mappings_have_the_name_of_their_file() -> None:
    """So that `mapping=NAME` finds what the documentation lists."""
    assert [each.name for each in shipped()] == ["chase-card", "german-camt-csv", "n26", "revolut", "starling"]
