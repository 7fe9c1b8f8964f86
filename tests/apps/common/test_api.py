"""The API as callers meet it, over real HTTP."""

import json
import socket
from urllib.parse import urlsplit

import httpx
import pytest

ITEMS = "/api/v1/pantry/items"
JSON = {"Content-Type": "application/json"}


def put(api: httpx.Client, name: str, pieces: int = 1, **headers: str) -> httpx.Response:
    """Put an item into the pantry."""
    return api.post(ITEMS, json={"name": name, "pieces": pieces}, headers=headers)


def check_problem(answer: httpx.Response, status: int) -> dict[str, object]:
    """The answer is a whole RFC 9457 document with this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == status
    assert document["type"].startswith("urn:trackstack:problem:")
    assert document["title"]
    assert document["detail"]
    assert len(document["instance"].removeprefix("urn:trace:")) == 32
    return document


def test_a_thing_is_made_read_and_changed(api: httpx.Client) -> None:
    """A POST answers 201 with Location and ETag; the ETag saves a second read and is needed for a change."""
    made = put(api, "rice", 3)
    assert made.status_code == 201
    assert made.headers["etag"] == '"1"'
    place = made.headers["location"]
    assert (
        api.get(place).json() == made.json() == {"id": place.rsplit("/")[-1], "name": "rice", "pieces": 3, "version": 1}
    )
    assert api.get(place, headers={"If-None-Match": '"1"'}).status_code == 304
    check_problem(api.put(place, json={"pieces": 2}), 428)
    changed = api.put(place, json={"pieces": 2}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"], changed.json()["pieces"]) == (200, '"2"', 2)
    check_problem(api.put(place, json={"pieces": 9}, headers={"If-Match": '"1"'}), 412)
    assert api.get(place, headers={"If-None-Match": '"1"'}).json()["pieces"] == 2


def test_a_body_that_may_be_left_out(api: httpx.Client) -> None:
    """Where the body is optional, nothing may be sent, with or without a length; what is sent must be JSON."""
    place = put(api, "rice", 3).headers["location"] + "/finish"
    assert api.post(place).json()["pieces"] == 0
    assert api.post(place, json={"pieces": 2}).json()["pieces"] == 2
    assert api.request("POST", place, headers={"Transfer-Encoding": "chunked"}, content=iter([])).status_code == 415
    check_problem(api.post(place, content=b"pieces=2"), 415)


def test_a_list_is_walked_page_by_page(api: httpx.Client) -> None:
    """Following `next`, or the Link header, every item comes once and in order, also when some are added meanwhile."""
    for n in range(7):
        put(api, f"item {n}")
    first = api.get(ITEMS, params={"limit": 3}).json()
    assert [each["name"] for each in first["items"]] == ["item 0", "item 1", "item 2"]
    put(api, "item 0 and a half")
    second = api.get(ITEMS, params={"limit": 3, "cursor": first["next"]})
    assert [each["name"] for each in second.json()["items"]] == ["item 3", "item 4", "item 5"]
    link = second.headers["link"]
    assert link.endswith('>; rel="next"')
    third = api.get(link.removeprefix("<").partition(">")[0])
    assert [each["name"] for each in third.json()["items"]] == ["item 6"]
    assert third.json()["next"] is None
    assert "link" not in third.headers
    exact = api.get(ITEMS, params={"limit": 8}).json()
    assert (len(exact["items"]), exact["next"]) == (8, None)


def test_a_repeated_post_is_done_once(api: httpx.Client) -> None:
    """The same Idempotency-Key gets the first answer again; with another body it is refused; a refusal is not kept."""
    first = put(api, "rice", 3, **{"Idempotency-Key": "k1"})
    again = put(api, "rice", 3, **{"Idempotency-Key": "k1"})
    assert again.status_code == 201
    assert again.content == first.content
    for header in ("etag", "location", "content-type"):
        assert again.headers[header] == first.headers[header]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    check_problem(put(api, "rice", 4, **{"Idempotency-Key": "k1"}), 422)
    check_problem(put(api, "rice", 3, **{"Idempotency-Key": "k2"}), 409)
    assert len(api.get(ITEMS).json()["items"]) == 1
    check_problem(put(api, "oats", 3, **{"Idempotency-Key": "k" * 300}), 422)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b"17", 422),
        (b'"text"', 422),
        (b'{"name":"a","pieces":1} x', 400),
        (b'{"name":"a","pieces":NaN}', 400),
        (b'{"name":"a","pieces":-Infinity}', 400),
        (b'{"name":"a","pieces":1e400}', 400),
        (b'{"name":"a","pieces":' + b"9" * 5000 + b"}", 400),
        (b'{"name":"a","pieces":' + b"9" * 400 + b"}", 422),
        (b"[" * 60_000, 400),
        (b'{"a":' * 10_000, 400),
        (b'{"name":"a","name":"b","pieces":1}', 400),
        (b'\xef\xbb\xbf{"name":"a","pieces":1}', 400),
        ('{"name":"a","pieces":1}'.encode("utf-16"), 400),
        (b'{"name":"\xff","pieces":1}', 400),
        (b'{"name":"\\ud800","pieces":1}', 400),
        (b'{"name":"a\\u0000b","pieces":1}', 422),
        (b'{"name":"","pieces":1}', 422),
        (b'{"name":"   ","pieces":1}', 422),
        (b'{"name":"a","pieces":true}', 422),
        (b'{"name":"a","pieces":1.0}', 422),
        (b'{"name":"a","pieces":"1"}', 422),
        (b'{"name":"a","pieces":-1}', 422),
        (b'{"name":"a","pieces":9223372036854775808}', 422),
        (b'{"name":"a","pieces":null}', 422),
        (b'{"name":"a"}', 422),
        (b'{"name":"a","pieces":1,"shelf":2}', 422),
        (json.dumps({"name": "x" * 101, "pieces": 1}).encode(), 422),
    ],
)
def test_a_bad_body_is_explained(shared_api: httpx.Client, body: bytes, status: int) -> None:
    """No body, however broken, is an error of ours: it is answered 400 or 422 with a small document."""
    answer = shared_api.post(ITEMS, content=body, headers=JSON)
    check_problem(answer, status)
    assert len(answer.content) < 4000


def test_wrong_fields_are_named(shared_api: httpx.Client) -> None:
    """A 422 points at every wrong field with a JSON pointer."""
    answer = shared_api.post(ITEMS, json={"name": "", "pieces": -1, "a/b~c": 0})
    pointers = [each["pointer"] for each in check_problem(answer, 422)["errors"]]  # type: ignore[attr-defined]
    assert pointers == ["/name", "/pieces", "/a~1b~0c"]


@pytest.mark.parametrize(
    "text", ["=cmd()", "<b>", "'; DROP TABLE x; --", "e\u0301", "\u05d0\u05d1", "👩‍👩‍👧", "a\nb\tc", "ﬁ"]
)
def test_text_is_kept_as_it_came(shared_api: httpx.Client, text: str) -> None:
    """Whatever letters a text is made of, it is stored and returned unchanged."""
    made = put(shared_api, text)
    assert made.json()["name"] == text
    assert shared_api.get(made.headers["location"]).json()["name"] == text
    assert text in [each["name"] for each in shared_api.get(ITEMS, params={"limit": 200}).json()["items"]]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/api/v1/", 404),
        ("/api/v1/pantry", 404),
        ("/api/v1/pantry/", 404),
        ("/api/v1/garden/items", 404),
        ("/api/v1/pantry/items/", 404),
        ("/api/v1/pantry/items/17", 404),
        ("/api/v1/pantry/items/%00", 404),
        ("/api/v1/pantry/items/..%2f..%2fetc", 404),
        ("/api/v1/pantry/items/" + "9" * 5000, 404),
        ("/api/v1/pantry/items/0199c0de-7c11-7b3e-9d1c-2f6f0a4f1c55", 404),
        ("/api/v1/pantry/items?limit=0", 422),
        ("/api/v1/pantry/items?limit=-1", 422),
        ("/api/v1/pantry/items?limit=201", 422),
        ("/api/v1/pantry/items?limit=1000000000", 422),
        ("/api/v1/pantry/items?limit=" + "9" * 400, 422),
        ("/api/v1/pantry/items?limit=ten", 422),
        ("/api/v1/pantry/items?cursor=forged", 422),
        ("/api/v1/pantry/items?cursor=%ff", 422),
        ("/api/v1/pantry/items?colour=red", 400),
        ("/api/v1/pantry/items?limit=1&colour=red", 400),
        ("/api/v1/pantry/items?limit=1&limit=2", 400),
        ("/api/v1/pantry/items?limit", 422),
        ("/openapi.json", 404),
        ("/docs", 404),
    ],
)
def test_a_bad_address_is_explained(shared_api: httpx.Client, path: str, status: int) -> None:
    """Unknown addresses are 404, unknown query parameters 400, wrong values 422: always a problem document."""
    check_problem(shared_api.get(path), status)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"])
def test_a_wrong_method_says_which_are_right(shared_api: httpx.Client, method: str) -> None:
    """A method an address does not take is answered 405 with Allow."""
    answer = shared_api.request(method, ITEMS)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"
    assert shared_api.request("POST", "/livez").headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "text/csv", "multipart/form-data"]
)
def test_only_json_is_taken_where_json_is_meant(shared_api: httpx.Client, kind: str | None) -> None:
    """A body of another kind, or of none, is answered 415; a charset behind application/json is fine."""
    body = b'{"name":"a","pieces":1}'
    check_problem(shared_api.post(ITEMS, content=body, headers={"Content-Type": kind} if kind else {}), 415)
    check_problem(shared_api.post(ITEMS, content=body, headers={**JSON, "Content-Encoding": "gzip"}), 415)
    good = shared_api.post(ITEMS, content=b"{}", headers={"Content-Type": "Application/JSON; charset=utf-8"})
    check_problem(good, 422)


def test_too_large_a_body_is_refused_while_it_arrives(shared_api: httpx.Client) -> None:
    """More than 64 KiB of JSON is answered 413, with its length announced or not; the connection stays usable."""
    check_problem(shared_api.post(ITEMS, content=b"x" * (64 * 1024 + 1), headers=JSON), 413)
    chunks = (b"x" * 8192 for _ in range(9))
    check_problem(shared_api.post(ITEMS, content=chunks, headers=JSON), 413)
    check_problem(shared_api.post(ITEMS, content=b" " * (64 * 1024), headers=JSON), 400)
    large = b"name,pieces\n" + b"x" * (10 * 1024 * 1024)
    check_problem(shared_api.post("/api/v1/pantry/imports", content=large, headers={"Content-Type": "text/csv"}), 413)
    assert shared_api.get(ITEMS).status_code == 200


def test_endless_addresses_and_headers_are_refused(shared_api: httpx.Client) -> None:
    """An address over 8 KiB is answered 414, headers over 16 KiB or more than a hundred of them 431."""
    check_problem(shared_api.get(ITEMS, params={"cursor": "x" * 9000}), 414)
    check_problem(shared_api.get(ITEMS, headers={"X-Long": "x" * 17_000}), 431)
    check_problem(shared_api.get(ITEMS, headers={f"X-{n}": "x" for n in range(101)}), 431)


def test_a_body_may_come_in_pieces(shared_api: httpx.Client) -> None:
    """A body in chunks is put together before it is read."""
    pieces = iter([b'{"name":"ri', b'ce","pie', b'ces":3}'])
    assert shared_api.post(ITEMS, content=pieces, headers=JSON).json()["pieces"] == 3


def test_a_caller_who_hangs_up_is_no_error(shared_api: httpx.Client) -> None:
    """A connection that ends in the middle of a body leaves nothing behind, and the next caller is served."""
    place = urlsplit(str(shared_api.base_url))
    with socket.create_connection((place.hostname, place.port)) as half:
        head = f"POST {ITEMS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
        half.sendall(head.encode() + b'{"name":')
    assert put(shared_api, "after the half").status_code == 201


def test_a_bug_is_told_without_its_secrets(shared_api: httpx.Client) -> None:
    """An unforeseen error is answered 500 as a problem document that names the trace, not the cause."""
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = shared_api.get("/api/v1/pantry/failures", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    document = check_problem(answer, 500)
    assert document["instance"] == f"urn:trace:{trace}"
    assert "a bug" not in answer.text


def test_answers_are_private(shared_api: httpx.Client) -> None:
    """No shared cache may keep an answer, and no browser guesses at its kind."""
    for answer in (shared_api.get(ITEMS), shared_api.get("/nowhere"), shared_api.get("/livez")):
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_health_and_version_need_no_token(shared_api: httpx.Client) -> None:
    """Alive, ready, and which program: for load balancers and people, without a token."""
    assert shared_api.get("/livez").json() == {"status": "alive"}
    assert shared_api.get("/readyz").json() == {"status": "ready"}
    assert shared_api.get("/version").json() == {"version": "dev", "services": ["pantry", "shopping"], "backup": None}
