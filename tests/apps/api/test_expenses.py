"""Expenses over HTTP."""

from typing import Any
from uuid import uuid4

import pytest

EXPENSES = "expenses/expenses"


def test_an_expense_is_recorded_and_read(api: Any, draft_of: Any) -> None:
    """A recorded expense has an address and a version, and is read as it was written."""
    category = api.category()
    answer = api("POST", EXPENSES, json=draft_of(category, payee="Corner shop", note="bread\nmilk"))
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/expenses/expenses/{made['id']}"
    assert made == {
        "id": made["id"],
        "occurred_on": "2026-11-02",
        "amount_minor": 1250,
        "currency": "EUR",
        "category_id": category["id"],
        "subcategory": None,
        "payee": "Corner shop",
        "account": None,
        "note": "bread\nmilk",
        "source": "manual",
        "source_ref": None,
        "version": 1,
    }
    read = api("GET", f"{EXPENSES}/{made['id']}")
    assert (read.json(), read.headers["etag"]) == (made, '"1"')


def test_what_did_not_change_is_not_sent_again(api: Any) -> None:
    """Who has the present version gets 304 and no body."""
    made = api.expense(api.category())
    answer = api("GET", f"{EXPENSES}/{made['id']}", headers={"If-None-Match": '"1"'})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"1"')


def test_a_change_names_the_version_it_changes(api: Any, draft_of: Any) -> None:
    """A change needs the present version as If-Match; the same one sent again, as after a lost answer, is answered."""
    category = api.category()
    made = api.expense(category)
    path, body = f"{EXPENSES}/{made['id']}", draft_of(category, amount_minor=-300)
    assert api("PUT", path, json=body).status_code == 428
    changed = api("PUT", path, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"], changed.json()["amount_minor"]) == (200, '"2"', -300)
    again = api("PUT", path, json=body, headers={"If-Match": '"1"'})
    assert (again.status_code, again.json()) == (200, changed.json())
    stale = api("PUT", path, json=draft_of(category, amount_minor=5), headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.headers["content-type"]) == (412, "application/problem+json")
    assert stale.headers["etag"] == '"2"'


def test_a_deleted_expense_is_gone(api: Any) -> None:
    """Deleting needs the version as well; afterwards there is nothing."""
    made = api.expense(api.category())
    path = f"{EXPENSES}/{made['id']}"
    assert api("DELETE", path).status_code == 428
    assert api("DELETE", path, headers={"If-Match": '"7"'}).status_code == 412
    assert api("DELETE", path, headers={"If-Match": '"1"'}).status_code == 204
    assert api("GET", path).status_code == 404


def test_an_expense_made_offline_keeps_its_id(api: Any, draft_of: Any) -> None:
    """A client may choose the id; the same content sent again is answered as done, another is not taken."""
    category, expense_id = api.category(), str(uuid4())
    path, new = f"{EXPENSES}/{expense_id}", {"If-None-Match": "*"}
    made = api("PUT", path, json=draft_of(category), headers=new)
    assert (made.status_code, made.json()["id"], made.json()["version"]) == (201, expense_id, 1)
    again = api("PUT", path, json=draft_of(category), headers=new)
    assert (again.status_code, again.json()) == (200, made.json())
    other = api("PUT", path, json=draft_of(category, amount_minor=1), headers=new)
    assert other.status_code == 412


def test_a_repeated_post_is_done_once(api: Any, draft_of: Any) -> None:
    """A POST repeated with its Idempotency-Key gets the first answer; the key with another body is refused."""
    category, key = api.category(), {"Idempotency-Key": str(uuid4())}
    first = api("POST", EXPENSES, json=draft_of(category), headers=key)
    second = api("POST", EXPENSES, json=draft_of(category), headers=key)
    assert (second.status_code, second.json(), second.headers["etag"]) == (201, first.json(), '"1"')
    assert api("POST", EXPENSES, json=draft_of(category, amount_minor=2), headers=key).status_code == 422
    assert len(api("GET", EXPENSES, params={"category": category["id"]}).json()["items"]) == 1


def test_a_list_is_read_page_by_page(api: Any) -> None:
    """Pages follow each other, the newest day first, without gap or repeat, also when something is added meanwhile."""
    category = api.category()
    days = ["2026-10-03", "2026-10-01", "2026-10-03", "2026-09-30", "2026-10-02"]
    for day in days:
        api.expense(category, occurred_on=day)
    seen: list[str] = []
    parameters = {"category": category["id"], "limit": "2"}
    page = api("GET", EXPENSES, params=parameters)
    assert f"cursor={page.json()['next']}" in page.headers["link"]
    api.expense(category, occurred_on="2026-10-31")
    while True:
        seen += [item["occurred_on"] for item in page.json()["items"]]
        if page.json()["next"] is None:
            break
        page = api("GET", EXPENSES, params=parameters | {"cursor": page.json()["next"]})
    assert seen == sorted(days, reverse=True)


def test_a_list_is_narrowed(api: Any) -> None:
    """A list can be narrowed to days and a category."""
    category = api.category()
    for day in ("2026-08-31", "2026-09-01", "2026-09-30", "2026-10-01"):
        api.expense(category, occurred_on=day)
    parameters = {"category": category["id"], "from": "2026-09-01", "to": "2026-09-30"}
    items = api("GET", EXPENSES, params=parameters).json()["items"]
    assert [item["occurred_on"] for item in items] == ["2026-09-30", "2026-09-01"]


def test_a_listed_expense_looks_like_a_read_one(api: Any) -> None:
    """The JSON a list is made of is the JSON of the single expense."""
    category = api.category()
    made = api.expense(category, note='"quoted" \\ é 💶', payee="Ü")
    (listed,) = api("GET", EXPENSES, params={"category": category["id"]}).json()["items"]
    assert listed == made


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"amount_minor": 0}, "/amount_minor"),
        ({"amount_minor": 12.5}, "/amount_minor"),
        ({"amount_minor": "12"}, "/amount_minor"),
        ({"amount_minor": True}, "/amount_minor"),
        ({"occurred_on": "2026-02-30"}, "/occurred_on"),
        ({"occurred_on": 20260230}, "/occurred_on"),
        ({"currency": "eur"}, "/currency"),
        ({"currency": "XYZ"}, "/currency"),
        ({"category_id": str(uuid4())}, "/category_id"),
        ({"payee": ""}, "/payee"),
        ({"payee": "a\u0000b"}, "/payee"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_wrong_field_is_named(api: Any, draft_of: Any, change: dict[str, Any], pointer: str) -> None:
    """What breaks a rule is refused with a pointer to the field, and nothing is recorded."""
    category = api.category()
    answer = api("POST", EXPENSES, json=draft_of(category) | change)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert api("GET", EXPENSES, params={"category": category["id"]}).json()["items"] == []


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"limit": "0"}, 422),
        ({"limit": "201"}, 422),
        ({"from": "yesterday"}, 422),
        ({"cursor": "AAAA"}, 422),
        ({"category": "food"}, 422),
        ({"sort": "amount"}, 400),
    ],
)
def test_a_wrong_question_is_refused(api: Any, parameters: dict[str, str], status: int) -> None:
    """A parameter that is wrong or unknown is refused rather than ignored."""
    answer = api("GET", EXPENSES, params=parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_categories_are_kept(api: Any) -> None:
    """A category is made, renamed under its version, and cannot take another's name or be deleted once used."""
    first, second = api.category(), api.category()
    path = f"expenses/categories/{second['id']}"
    taken = api("PUT", path, json={"name": first["name"].upper()}, headers={"If-Match": '"1"'})
    assert taken.status_code == 409
    renamed = api("PUT", path, json={"name": f"{second['name']} too"}, headers={"If-Match": '"1"'})
    assert (renamed.status_code, renamed.headers["etag"], renamed.json()["name"]) == (
        200,
        '"2"',
        f"{second['name']} too",
    )
    api.expense(renamed.json())
    used = api("DELETE", path, headers={"If-Match": '"2"'})
    assert used.status_code == 409
    assert "archive it instead" in used.json()["detail"]
    unused = f"expenses/categories/{first['id']}"
    assert api("DELETE", unused, headers={"If-Match": '"1"'}).status_code == 204
    assert api("GET", unused).status_code == 404


def test_categories_are_listed_by_name(api: Any) -> None:
    """Categories are listed by name whatever the case, the archived ones apart if wished."""
    names = {f"zz{number}" for number in range(3)}
    made = [api.category(name=name.upper() if name == "zz1" else name) for name in sorted(names, reverse=True)]
    api(
        "PUT", f"expenses/categories/{made[0]['id']}", json={"name": "zz2", "archived": True}, headers={"If-Match": "*"}
    )

    def listed(**parameters: str) -> list[str]:
        items = api("GET", "expenses/categories", params={"limit": "200", **parameters}).json()["items"]
        return [item["name"] for item in items if item["name"].lower() in names]

    assert listed() == ["zz0", "ZZ1", "zz2"]
    assert listed(archived="true") == ["zz2"]
    assert listed(archived="false") == ["zz0", "ZZ1"]
    page = api("GET", "expenses/categories", params={"limit": "1"}).json()
    following = api("GET", "expenses/categories", params={"limit": "1", "cursor": page["next"]}).json()
    assert page["items"][0]["name"].casefold() < following["items"][0]["name"].casefold()


def test_a_month_is_reported(api: Any) -> None:
    """The monthly report sums a month per category beside the month before."""
    category = api.category()
    api.expense(category, occurred_on="2031-03-31", amount_minor=700, currency="CHF")
    api.expense(category, occurred_on="2031-04-01", amount_minor=1000, currency="CHF")
    (month,) = api("GET", "expenses/reports/monthly", params={"from": "2031-04"}).json()["months"]
    (francs,) = month["currencies"]
    assert (francs["currency"], francs["spent_minor"], francs["previous_spent_minor"]) == ("CHF", 1000, 700)
    assert [row["category_id"] for row in francs["categories"]] == [category["id"]]
    backwards = api("GET", "expenses/reports/monthly", params={"from": "2031-04", "to": "2031-03"})
    assert backwards.status_code == 422


STATEMENT = (
    "Date,Mode,Category,Subcategory,Note,Amount,Income/Expense,Currency\r\n"
    "20/09/2018 12:04:08,Cash,Trains {0},Train,,30.5,Expense,INR\r\n"
    "13/09/2018,Bank,Fund,,,5000,Transfer-Out,INR\r\n"
)


def test_a_statement_is_imported_once(api: Any) -> None:
    """A CSV statement is taken row by row, a second time known, and undone, in either architecture."""
    text = STATEMENT.format(uuid4()).encode()

    def send(**parameters: str) -> Any:
        answer = api("POST", "expenses/imports", content=text, params=parameters, headers={"Content-Type": "text/csv"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def counts(report: Any) -> tuple[int, int, int, int]:
        return report["taken"], report["known"], report["skipped"], report["refused"]

    assert counts(send(dry_run="true")) == (1, 0, 1, 0)
    first = send(file_name="mine.csv")
    assert counts(first) == (1, 0, 1, 0)
    assert counts(send()) == (0, 1, 1, 0)
    (listed,) = [run for run in api("GET", "expenses/imports").json()["items"] if run["id"] == first["import_id"]]
    assert (listed["file_name"], listed["taken"]) == ("mine.csv", 1)
    assert api("DELETE", f"expenses/imports/{first['import_id']}").json()["removed"] == 1
    assert counts(send()) == (1, 0, 1, 0)


def test_a_strange_file_is_refused(api: Any) -> None:
    """A file with unknown columns, or one that is no CSV at all, is refused as a whole."""
    headers = {"Content-Type": "text/csv"}
    unknown = api("POST", "expenses/imports", content=b"a,b\r\n1,2\r\n", headers=headers)
    assert unknown.status_code == 422
    assert "income/expense" in unknown.json()["detail"]
    assert api("POST", "expenses/imports", content=b"", headers=headers).status_code == 422
    assert api("POST", "expenses/imports", content=b"a,b\n\xff\xff,1\n", headers=headers).status_code == 400
    assert api("POST", "expenses/imports", json={"a": 1}).status_code == 415
