"""Lists: ordered, filtered, read page by page, and unmoved by what happens between two pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from example_domains.library_domain import MIGRATIONS, Caller

from apps.common.database import Database, Transaction
from apps.common.http import cursor_of

# Two books share a title and three a day, so that the order among equals shows; ids are given against the alphabet.
SHELVED = [
    ("9", "Dracula", "hall", "2026-02-01", 0),
    ("8", "Emma", "hall", "2026-03-01", 1),
    ("7", "Emma", "attic", "2026-01-01", 0),
    ("6", "Ulysses", "attic", "2026-02-01", 1),
    ("5", "Middlemarch", "hall", "2026-02-01", 0),
]
BY_TITLE = ["9", "7", "8", "5", "6"]
NEWEST_FIRST = ["8", "9", "6", "5", "7"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A library of five books."""
    with Database(tmp_path / "app.db", {"library": MIGRATIONS}) as opened:
        shelve(opened, *SHELVED)
        yield opened


@pytest.fixture
def call(database: Database) -> Caller:
    """Calls the library."""
    return Caller(database)


@pytest.fixture(scope="module")
def shared_call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """The same for tests that only read: one library for all of them."""
    with Database(tmp_path_factory.mktemp("shared") / "app.db", {"library": MIGRATIONS}) as opened:
        shelve(opened, *SHELVED)
        yield Caller(opened)


def shelve(database: Database, *books: tuple[str, str, str, str, int]) -> None:
    """Put books in."""

    def work(tx: Transaction) -> None:
        for id_, title, shelf, day, lent in books:
            tx.execute(
                "INSERT INTO library_book VALUES (:id, :title, :shelf, :day, :lent, 1)",
                id=id_,
                title=title,
                shelf=shelf,
                day=day,
                lent=lent,
            )

    database.write_now("library", work)


def listed(call: Caller, path: str, **params: str | int) -> tuple[list[str], str | None]:
    """The ids on one page, and the cursor of the next."""
    answer = call("GET", path, params=params)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    return [item["id"] for item in page["items"]], page["next"]


def walk(call: Caller, path: str, **params: str | int) -> list[list[str]]:
    """The ids on all pages."""
    ids, cursor = listed(call, path, **params)
    pages = [ids]
    while cursor is not None:
        ids, cursor = listed(call, path, **params, cursor=cursor)
        pages.append(ids)
        assert len(pages) <= 10, "the pages do not come to an end"
    return pages


def test_a_list_is_made_of_whole_items(shared_call: Caller) -> None:
    """An item of a list is what a GET of it answers: flags are true and false, not 1 and 0."""
    items = shared_call("GET", "books", params={"limit": 2}).json()["items"]
    day = "2026-01-01"
    assert items[1] == {"id": "7", "title": "Emma", "shelf": "attic", "bought_on": day, "lent": False, "version": 1}
    lent = shared_call("GET", "newest", params={"limit": 1}).json()["items"][0]
    assert lent["lent"] is True


@pytest.mark.parametrize(
    ("path", "order"), [("books", BY_TITLE), ("newest", NEWEST_FIRST)], ids=["rising", "newest-first"]
)
def test_a_list_has_one_order_whatever_the_page(shared_call: Caller, path: str, order: list[str]) -> None:
    """A list rises or falls by its key and, among equals, by id; pages of any size put together are the whole."""
    assert listed(shared_call, path) == (order, None)
    assert walk(shared_call, path, limit=1) == [[each] for each in order]
    assert walk(shared_call, path, limit=2) == [order[0:2], order[2:4], order[4:5]]
    assert walk(shared_call, path, limit=5) == [order]


def test_titles_added_between_pages_do_not_move_the_others(call: Caller, database: Database) -> None:
    """What is added before the place one has read to is not shown, what is added behind it is; nothing comes twice."""
    first, cursor = listed(call, "books", limit=2)
    assert first == ["9", "7"]
    before, equal, behind = ("1", "Beloved"), ("73", "Emma"), ("3", "Solaris")
    shelve(database, *((id_, title, "hall", "2026-04-01", 0) for id_, title in (before, equal, behind)))
    second, cursor = listed(call, "books", limit=3, cursor=str(cursor))
    assert second == ["73", "8", "5"]
    assert listed(call, "books", limit=3, cursor=str(cursor)) == (["3", "6"], None)


def test_newer_ones_added_between_pages_do_not_move_the_others(call: Caller, database: Database) -> None:
    """Newest first it is the same: a newer item is missed until the list is begun anew, none is shown twice."""
    first, cursor = listed(call, "newest", limit=2)
    assert first == ["8", "9"]
    newer, older, equal = ("1", "2026-05-01"), ("2", "2026-01-15"), ("4", "2026-02-01")
    shelve(database, *((id_, "New", "hall", day, 0) for id_, day in (newer, older, equal)))
    second, cursor = listed(call, "newest", limit=3, cursor=str(cursor))
    assert second == ["6", "5", "4"]
    assert listed(call, "newest", limit=3, cursor=str(cursor)) == (["2", "7"], None)
    assert listed(call, "newest", limit=2)[0] == ["1", "8"]


def test_the_last_one_read_may_go_between_pages(call: Caller, database: Database) -> None:
    """When the item a page ended with is deleted, the next page goes on behind where it was."""
    first, cursor = listed(call, "books", limit=2)
    assert first == ["9", "7"]
    database.write_now("library", lambda tx: tx.execute("DELETE FROM library_book WHERE id IN ('7', '9')"))
    assert listed(call, "books", cursor=str(cursor)) == (["8", "5", "6"], None)


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"shelf": "attic"}, ["7", "6"]),
        ({"first": "2026-02-01"}, ["9", "8", "5", "6"]),
        ({"lent": "true"}, ["8", "6"]),
        ({"lent": "false"}, ["9", "7", "5"]),
        ({"shelf": "hall", "first": "2026-02-01", "lent": "false"}, ["9", "5"]),
        ({"shelf": "cellar"}, []),
        ({"shelf": "' OR 1=1 --"}, []),
    ],
    ids=lambda value: "+".join(value.values()) if isinstance(value, dict) else "",
)
def test_filters_narrow_a_list(shared_call: Caller, filters: dict[str, str], ids: list[str]) -> None:
    """Each filter narrows the list, together they narrow it further, and pages go on within them."""
    assert listed(shared_call, "books", **filters) == (ids, None)
    assert [each for page in walk(shared_call, "books", limit=1, **filters) for each in page] == ids


def test_the_next_page_is_linked_with_its_filters(shared_call: Caller) -> None:
    """The Link header is the address of the next page, filters and limit included; the last page has none."""
    first = shared_call("GET", "books", params={"shelf": "hall", "limit": 2})
    assert [item["id"] for item in first.json()["items"]] == ["9", "8"]
    cursor = first.json()["next"]
    assert first.headers["link"] == f'</api/v1/library/books?shelf=hall&limit=2&cursor={cursor}>; rel="next"'
    second = shared_call("GET", f"books?shelf=hall&limit=2&cursor={cursor}")
    assert [item["id"] for item in second.json()["items"]] == ["5"]
    assert second.json()["next"] is None
    assert "link" not in second.headers


def test_a_page_has_50_items_unless_told_and_never_more_than_200(call: Caller, database: Database) -> None:
    """Without a limit a page has 50 items; 1 to 200 may be asked for."""
    shelve(database, *((f"n{number:03}", "Notes", "desk", "2026-06-01", 0) for number in range(201)))
    assert len(listed(call, "books", shelf="desk")[0]) == 50
    assert len(listed(call, "books", shelf="desk", limit=1)[0]) == 1
    assert [len(page) for page in walk(call, "books", shelf="desk", limit=200)] == [200, 1]


@pytest.mark.parametrize("limit", ["0", "-1", "201", "9" * 400, "many", "1.5", ""])
def test_other_limits_are_refused(shared_call: Caller, limit: str) -> None:
    """A limit below 1, above 200 or that is no whole number is answered 422 and names the parameter."""
    answer = shared_call("GET", "books", params={"limit": limit})
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["limit"]


@pytest.mark.parametrize(
    "cursor",
    [
        "",  # a null `next` sent as text: page one again would loop for ever
        "forged",
        "IkVtbWEi",  # "Emma"
        "e30",  # {}
        "W10",  # []
        "WyJFbW1hIl0",  # ["Emma"]
        "WyJFbW1hIiw3XQ",  # ["Emma",7]
        "WyJFbW1hIixudWxsXQ",  # ["Emma",null]
        "WyJFbW1hIiwiNyIsIjgiXQ",  # ["Emma","7","8"]
        "WyJFbW1hIiwiXHUwMDAwIl0",  # ["Emma","\u0000"]
        "WyJFbW1hIiwiNyJ",  # cut off
    ],
)
@pytest.mark.parametrize("path", ["books", "newest"])
def test_a_forged_cursor_is_refused(shared_call: Caller, path: str, cursor: str) -> None:
    """A cursor the list cannot have given out is answered 422, names the parameter and says what to do."""
    answer = shared_call("GET", path, params={"cursor": cursor})
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["cursor"]
    assert "start again without it" in answer.json()["detail"]


def test_a_cursor_is_a_place_not_a_secret(shared_call: Caller) -> None:
    """A cursor only says behind which key and id to go on, whatever letters they are made of; it is never SQL."""
    assert listed(shared_call, "books", cursor=cursor_of("Emma", "7")) == (["8", "5", "6"], None)
    assert listed(shared_call, "books", cursor=cursor_of("Élan", "")) == ([], None)
    assert listed(shared_call, "books", cursor=cursor_of("') OR 1=1 --", "")) == (BY_TITLE, None)
