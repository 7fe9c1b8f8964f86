"""Documents: how they are made, read, replaced and deleted, and how two callers do not undo each other's changes."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from example_domains.library_domain import MIGRATIONS, Caller

from apps.common.database import Database

OURS = "0199c0de-7c11-7b3e-9d1c-000000000001"
THEIRS = "0199c0de-7c11-7b3e-9d1c-2f6f0a4f1c55"
PLACE = f"books/{THEIRS}"
EMMA = {"title": "Emma", "shelf": "hall", "bought_on": "2026-03-01", "lent": False}
LENT = EMMA | {"lent": True}
MAKE = {"If-None-Match": "*"}


@pytest.fixture
def call(tmp_path: Path) -> Iterator[Caller]:
    """Calls a library of its own; the first id it makes is OURS."""
    ids = (f"0199c0de-7c11-7b3e-9d1c-{number:012x}" for number in range(1, 100))
    with Database(tmp_path / "app.db", {"library": MIGRATIONS}, ids=lambda: next(ids)) as database:
        yield Caller(database)


@pytest.fixture
def emma(call: Caller) -> dict[str, object]:
    """Emma, made under the caller's id: version 1."""
    made = call("PUT", PLACE, EMMA, headers=MAKE)
    assert made.status_code == 201
    return {"id": THEIRS, **EMMA, "version": 1}


def refused(answer: httpx.Response, status: int) -> str:
    """The sentence of a problem with this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


def test_a_post_makes_a_document_under_an_id_of_ours(call: Caller) -> None:
    """A POST answers 201 with the whole document, where it is and its version; a GET there answers the same bytes."""
    made = call("POST", "books", EMMA)
    assert made.status_code == 201
    assert made.json() == {"id": OURS, **EMMA, "version": 1}
    assert made.headers["location"] == f"/api/v1/library/books/{OURS}"
    assert made.headers["etag"] == '"1"'
    read = call("GET", f"books/{OURS}")
    assert (read.status_code, read.content, read.headers["etag"]) == (200, made.content, '"1"')


def test_a_post_sent_again_with_its_key_makes_one_document(call: Caller) -> None:
    """A POST that is repeated with its Idempotency-Key gets the first answer again, Location and ETag included."""
    key = {"Idempotency-Key": "scan-17"}
    first, again = (call("POST", "books", EMMA, headers=key) for _ in range(2))
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["location"] == f"/api/v1/library/books/{OURS}"
    assert again.headers["etag"] == '"1"'
    assert len(call("GET", "books").json()["items"]) == 1


def test_a_put_makes_a_document_under_the_callers_id(call: Caller) -> None:
    """A PUT with If-None-Match: * makes a document under the caller's own id: 201 with Location and ETag."""
    made = call("PUT", PLACE, EMMA, headers=MAKE)
    assert made.status_code == 201
    assert made.json() == {"id": THEIRS, **EMMA, "version": 1}
    assert made.headers["location"] == f"/api/v1/library/books/{THEIRS}"
    assert made.headers["etag"] == '"1"'
    assert call("GET", PLACE).json() == made.json()


def test_what_the_caller_has_already_is_not_sent_again(call: Caller, emma: dict[str, object]) -> None:
    """A GET with the present ETag is answered 304 without a body, with an older one 200 with the document."""
    same = call("GET", PLACE, headers={"If-None-Match": '"1"'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"1"')
    assert call("GET", PLACE, headers={"If-None-Match": 'W/"1", "7"'}).status_code == 304
    call("PUT", PLACE, LENT, headers={"If-Match": '"1"'})
    changed = call("GET", PLACE, headers={"If-None-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json() == emma | {"lent": True, "version": 2}


def test_a_change_names_the_version_it_changes(call: Caller, emma: dict[str, object]) -> None:
    """A PUT with the present version as If-Match replaces the document and answers it with its next version."""
    changed = call("PUT", PLACE, LENT, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json() == emma | {"lent": True, "version": 2}
    assert "location" not in changed.headers
    any_version = call("PUT", PLACE, EMMA, headers={"If-Match": "*"})
    assert (any_version.status_code, any_version.json()["version"]) == (200, 3)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("PUT", PLACE, LENT), ("PUT", PLACE, EMMA), ("PUT", f"ours/{THEIRS}", LENT), ("DELETE", PLACE, None)],
    ids=["other-content", "same-content", "replace", "delete"],
)
def test_no_change_without_a_version(
    call: Caller, emma: dict[str, object], method: str, path: str, body: object
) -> None:
    """A PUT or DELETE that names no version is answered 428, says what to send, and changes nothing."""
    assert "If-Match" in refused(call(method, path, body), 428)
    assert call("GET", PLACE).json() == emma


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("PUT", PLACE, EMMA | {"title": "Emma!"}), ("PUT", f"ours/{THEIRS}", LENT), ("DELETE", PLACE, None)],
    ids=["put", "replace", "delete"],
)
def test_a_change_of_an_older_version_is_refused(
    call: Caller, emma: dict[str, object], method: str, path: str, body: object
) -> None:
    """Who changes a version that is no longer the present one gets 412 with the present ETag; nothing is lost."""
    call("PUT", PLACE, LENT, headers={"If-Match": '"1"'})
    stale = call(method, path, body, headers={"If-Match": '"1"'})
    assert "version" in refused(stale, 412)
    assert stale.headers["etag"] == '"2"'
    assert call("GET", PLACE).json() == emma | {"lent": True, "version": 2}


@pytest.mark.parametrize("headers", [MAKE, {"If-Match": '"1"'}], ids=["make", "change"])
def test_the_same_content_again_changes_nothing(call: Caller, emma: dict[str, object], headers: dict[str, str]) -> None:
    """A PUT sent again after its answer was lost is answered 200 with what is there, without a new version."""
    again = call("PUT", PLACE, EMMA, headers=headers)
    assert (again.status_code, again.headers["etag"], again.json()) == (200, '"1"', emma)
    assert call("GET", PLACE).headers["etag"] == '"1"'


def test_a_change_sent_again_is_no_stale_change(call: Caller, emma: dict[str, object]) -> None:
    """A change sent twice with the version it was made from is answered 200 twice: the second finds it done."""
    answers = [call("PUT", PLACE, LENT, headers={"If-Match": '"1"'}) for _ in range(2)]
    assert [(each.status_code, each.headers["etag"]) for each in answers] == [(200, '"2"'), (200, '"2"')]


def test_nobody_makes_a_document_over_another(call: Caller, emma: dict[str, object]) -> None:
    """If-None-Match: * with other content under an id that is taken is 412 with the ETag of what is there."""
    taken = call("PUT", PLACE, LENT, headers=MAKE)
    assert THEIRS in refused(taken, 412)
    assert taken.headers["etag"] == '"1"'
    assert call("GET", PLACE).json() == emma


@pytest.mark.parametrize(
    "headers",
    [{}, {"If-Match": '"1"'}, {"If-Match": "*"}, {"If-None-Match": '"1"'}, {"If-Match": '"1"'} | MAKE],
    ids=["plain", "version", "any", "not-a-version", "both"],
)
def test_a_put_to_an_unknown_id_says_how_to_make_it(call: Caller, headers: dict[str, str]) -> None:
    """A PUT to an id that is not there is 404 and says which header makes it; nothing is made by accident."""
    said = refused(call("PUT", PLACE, EMMA, headers=headers), 404)
    assert said == f"there is no book {THEIRS}; to make it, send If-None-Match: *"
    assert call("GET", "books").json()["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", PLACE, None), ("PUT", f"ours/{THEIRS}", EMMA), ("DELETE", PLACE, None)],
    ids=["get", "replace", "delete"],
)
def test_what_is_not_there_is_not_found(call: Caller, method: str, path: str, body: object) -> None:
    """Reading, replacing or deleting an unknown id is 404; no hint is given where a caller cannot make it."""
    assert refused(call(method, path, body), 404) == f"there is no book {THEIRS}"


def test_where_ids_are_ours_a_put_only_replaces(call: Caller) -> None:
    """Where ids are made by us alone, a PUT by the present version replaces the document."""
    call("POST", "books", EMMA)
    changed = call("PUT", f"ours/{OURS}", LENT, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json() == {"id": OURS, **LENT, "version": 2}


def test_what_is_deleted_is_gone(call: Caller, emma: dict[str, object]) -> None:
    """A DELETE of the present version is 204 without a body; after it the id is unknown, and may be made again."""
    gone = call("DELETE", PLACE, headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.content) == (204, b"")
    refused(call("GET", PLACE), 404)
    refused(call("DELETE", PLACE, headers={"If-Match": '"1"'}), 404)
    assert call("PUT", PLACE, LENT, headers=MAKE).status_code == 201
