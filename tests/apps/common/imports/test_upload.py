"""Uploads: a file over HTTP, from its bytes to the report, and the way back."""

import asyncio
import json
import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from example_domains.pantry_imports import list_format
from example_domains.pantry_items import NewItem

from apps.common.body import ClientGone
from apps.common.database import Database
from apps.common.endpoint import BufferedRequest
from apps.common.imports.formats import open_sheet
from apps.common.imports.intake import Intake
from apps.common.imports.sheet import Sheet, read_text
from apps.common.imports.upload import Options, Uploads
from apps.common.problem import Unavailable

IMPORTS = "/api/v1/pantry/imports"
ITEMS = "/api/v1/pantry/items"
CSV = {"Content-Type": "text/csv"}
FILE = "Name;Pieces\nrice;3\noats;many\n\nrice;4\nsalt;1\nTotal;4\n"


def send(api: httpx.Client, file: str | bytes, **parameters: str) -> dict[str, Any]:
    """Import a file; its report."""
    answer = api.post(IMPORTS, content=file, headers=CSV, params=parameters)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


def counts(report: dict[str, Any]) -> dict[str, int]:
    """The counts of a report that are not 0."""
    return {name: report[name] for name in ("taken", "known", "changed", "skipped", "refused") if report[name]}


def items(api: httpx.Client) -> list[str]:
    """The names of what is in the pantry."""
    return [each["name"] for each in api.get(ITEMS).json()["items"]]


def test_a_file_is_taken_row_by_row(api: httpx.Client) -> None:
    """Good rows are taken, bad ones refused with line and reason, others skipped with a note; all of it is counted."""
    report = send(api, FILE, file_name="list.csv")
    assert counts(report) == {"taken": 2, "skipped": 1, "refused": 2}
    assert report["refusals"] == [
        {"line": 3, "reason": "'many' is not a number with a decimal dot"},
        {"line": 5, "reason": "rice is in the pantry already"},
    ]
    assert report["notes"] == ["1 row skipped: a total is no item."]
    assert [each["how"] for each in report["decisions"]] == ["assumed"]
    assert (report["rows"], report["of_rows"], report["complete"]) == (5, 5, True)
    assert items(api) == ["rice", "salt"]


def test_a_dry_run_changes_nothing(api: httpx.Client) -> None:
    """It reports what an import would, without an id, and leaves no record and no import behind."""
    tried = send(api, FILE, dry_run="true")
    assert items(api) == []
    assert api.get(IMPORTS).json() == {"items": []}
    assert tried == send(api, FILE) | {"import_id": None}


def test_the_same_file_again_is_known(api: httpx.Client) -> None:
    """Nothing is taken twice, and an import that brought nothing is not listed."""
    first = send(api, FILE)
    again = send(api, FILE)
    assert counts(again) == {"known": 2, "skipped": 1, "refused": 2}
    assert again["import_id"] is None
    assert [each["id"] for each in api.get(IMPORTS).json()["items"]] == [first["import_id"]]


def test_an_import_is_listed_with_what_was_decided(api: httpx.Client) -> None:
    """The newest import comes first; each says its file, its decisions and its counts."""
    one = send(api, "name;pieces\nrice;3,0\n", file_name="first.csv")
    two = send(api, "name;pieces\nsalt;1.0\n", file_name="second.csv")
    listed = api.get(IMPORTS).json()["items"]
    assert [(each["id"], each["file_name"]) for each in listed] == [
        (two["import_id"], "second.csv"),
        (one["import_id"], "first.csv"),
    ]
    assert [each["decisions"][0]["value"] for each in listed] == ["dot", "comma"]
    single = api.get(f"{IMPORTS}/{one['import_id']}").json()
    assert single == listed[1]
    assert (single["rows"], single["taken"], single["undone_at"]) == (1, 1, None)


def test_undo_removes_what_an_import_made_and_frees_its_keys(api: httpx.Client) -> None:
    """After undoing, the records are gone and the same file is taken again; a second undo says that it was done."""
    first = send(api, FILE)
    other = send(api, "name;pieces\nmilk;1\n")
    undone = api.delete(f"{IMPORTS}/{first['import_id']}").json()
    assert undone == {"import_id": first["import_id"], "complete": True, "removed": 2, "kept": 0, "gone": 0}
    assert items(api) == ["milk"]
    assert counts(send(api, FILE))["taken"] == 2
    assert api.delete(f"{IMPORTS}/{first['import_id']}").status_code == 409
    assert api.get(f"{IMPORTS}/{first['import_id']}").json()["undone_at"] is not None
    assert api.get(f"{IMPORTS}/{other['import_id']}").json()["undone_at"] is None
    assert api.delete(f"{IMPORTS}/01890000-0000-7000-8000-000000000000").status_code == 404


def test_undo_does_not_delete_what_was_edited_unless_told(api: httpx.Client) -> None:
    """Records changed since the import stop an undo, until its caller says whether they stay or go."""
    first = send(api, FILE)
    rice = api.get(ITEMS).json()["items"][0]
    assert api.put(f"{ITEMS}/{rice['id']}", json={"pieces": 9}, headers={"If-Match": "*"}).status_code == 200
    refused = api.delete(f"{IMPORTS}/{first['import_id']}")
    assert refused.status_code == 409
    assert "1 of the 2 records" in refused.json()["detail"]
    assert items(api) == ["rice", "salt"]
    kept = api.delete(f"{IMPORTS}/{first['import_id']}", params={"edited": "keep"}).json()
    assert (kept["removed"], kept["kept"]) == (1, 1)
    assert items(api) == ["rice"]
    assert counts(send(api, "name;pieces\nrice;3\nsalt;1\n")) == {"taken": 1, "known": 1}


def test_edited_records_are_removed_when_told(api: httpx.Client) -> None:
    """With edited=remove they go as well."""
    first = send(api, FILE)
    rice = api.get(ITEMS).json()["items"][0]
    api.put(f"{ITEMS}/{rice['id']}", json={"pieces": 9}, headers={"If-Match": "*"})
    undone = api.delete(f"{IMPORTS}/{first['import_id']}", params={"edited": "remove"}).json()
    assert (undone["removed"], undone["kept"]) == (2, 0)
    assert items(api) == []


def test_what_was_deleted_comes_back_only_when_asked(api: httpx.Client, database: Database) -> None:
    """A record that its owner deleted stays deleted when the file comes again; with `again` it is taken."""
    send(api, FILE)
    database.write_now("pantry", lambda tx: tx.execute("DELETE FROM pantry_item WHERE name = 'salt'"))
    assert counts(send(api, FILE))["known"] == 2
    assert items(api) == ["rice"]
    second = send(api, FILE, again="true")
    assert counts(second) == {"taken": 1, "known": 1, "skipped": 1, "refused": 2}
    assert items(api) == ["rice", "salt"]
    api.delete(f"{IMPORTS}/{second['import_id']}")
    assert items(api) == ["rice"]


def test_a_file_that_contradicts_itself_is_refused_whole(api: httpx.Client) -> None:
    """Nothing is taken, both rows are named, and the parameter that decides it lets the rest in."""
    file = "name;pieces\nrice;3,0\nsalt;1.0\n"
    refused = api.post(IMPORTS, content=file, headers=CSV)
    assert refused.status_code == 422
    assert "line 2 (3,0) proves comma, line 3 (1.0) proves dot" in refused.json()["detail"]
    assert items(api) == []
    given = send(api, file, decimal="dot")
    assert (counts(given), given["decisions"][0]["how"]) == ({"taken": 1, "refused": 1}, "given")


def test_only_the_first_refusals_are_listed(api: httpx.Client) -> None:
    """A file of bad rows is answered with a hundred reasons and a count, in some kilobytes."""
    answer = api.post(IMPORTS, content="name;pieces\n" + "x;many\n" * 20_000, headers=CSV)
    assert answer.json()["refused"] == 20_000
    assert [each["line"] for each in answer.json()["refusals"]] == list(range(2, 102))
    assert len(answer.content) < 20_000


class Clock:
    """A clock that moves on by some seconds each time it is read."""

    def __init__(self, step_s: float) -> None:
        self._step_s, self._now = step_s, 0.0

    def __call__(self) -> float:
        self._now += self._step_s
        return self._now


def request_of(body: bytes, *, gone: bool = False) -> BufferedRequest:
    """A request with this body, whose caller may have hung up."""

    async def receive() -> dict[str, Any]:
        if gone:
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError

    scope = {"type": "http", "headers": [(b"content-type", b"text/csv")], "query_string": b""}
    return BufferedRequest(scope, receive, body)


async def receive(uploads: Uploads, request: BufferedRequest, import_id: str | None = None) -> dict[str, Any]:
    """The report of an upload without a server around it."""
    answer = await uploads.receive(
        request, lambda sent: open_sheet(read_text(sent), [list_format(None)]), Options(import_id=import_id)
    )
    report: dict[str, Any] = json.loads(bytes(answer.body))
    return report


ROWS = "name;pieces\n" + "".join(f"item {place};1\n" for place in range(1200))


def test_what_takes_too_long_is_continued(database: Database) -> None:
    """When time is up, the answer says how far it came; the same file with the import's id goes on from there."""
    body = ROWS.encode()
    uploads = Uploads(database, "pantry", monotonic=Clock(100.0))
    reports: list[dict[str, Any]] = []
    import_id: str | None = None
    while not reports or not reports[-1]["complete"]:
        reports.append(asyncio.run(receive(uploads, request_of(body), import_id)))
        import_id = reports[-1]["import_id"]
    assert [(each["rows"], each["taken"], each["complete"]) for each in reports] == [
        (500, 500, False),
        (1000, 500, False),
        (1200, 200, True),
    ]
    assert len({each["import_id"] for each in reports}) == 1


def test_an_import_ends_when_its_caller_is_gone(database: Database) -> None:
    """The part under way is kept, nothing more is read; the file sent again knows what was taken."""
    uploads = Uploads(database, "pantry")
    with pytest.raises(ClientGone):
        asyncio.run(receive(uploads, request_of(ROWS.encode(), gone=True)))
    assert database.read_now(lambda reader: reader.all("SELECT count(*) FROM pantry_item"))[0][0] == 500


def test_an_import_is_continued_with_its_own_file_only(api: httpx.Client) -> None:
    """Another file, an import that was undone, and an id of none are refused."""
    first = send(api, FILE)["import_id"]
    other = api.post(IMPORTS, content="name;pieces\nmilk;1\n", headers=CSV, params={"import_id": first})
    assert (other.status_code, "one of another file" in other.json()["detail"]) == (409, True)
    api.delete(f"{IMPORTS}/{first}")
    assert api.post(IMPORTS, content=FILE, headers=CSV, params={"import_id": first}).status_code == 409
    none = {"import_id": "01890000-0000-7000-8000-000000000000"}
    assert api.post(IMPORTS, content=FILE, headers=CSV, params=none).status_code == 404


def test_one_upload_at_a_time(database: Database) -> None:
    """A second upload to the same process is answered 503 with Retry-After, so that memory stays bounded."""

    async def both() -> tuple[dict[str, Any], str]:
        uploads = Uploads(database, "pantry")
        may_end = threading.Event()

        def slowly(sent: bytes) -> tuple[Sheet, Intake[NewItem]]:
            may_end.wait()
            return open_sheet(read_text(sent), [list_format(None)])

        first = asyncio.create_task(uploads.receive(request_of(ROWS.encode()), slowly, Options()))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable) as refused:
            await receive(uploads, request_of(ROWS.encode()))
        may_end.set()
        return json.loads(bytes((await first).body)), refused.value.headers["Retry-After"]

    report, retry_after = asyncio.run(both())
    assert (report["taken"], retry_after) == (1200, "2")


def test_a_caller_who_hangs_up_in_the_middle_frees_the_place(api: httpx.Client, database: Database) -> None:
    """A connection that ends while its file is imported does not block the next upload for good."""
    large = ("name;pieces\n" + "".join(f"item {place};1\n" for place in range(20_000))).encode()
    place = urlsplit(str(api.base_url))
    with socket.create_connection((place.hostname, place.port)) as gone:
        head = f"POST {IMPORTS} HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: {len(large)}\r\n\r\n"
        gone.sendall(head.encode() + large)
    ends = time.monotonic() + 60
    status = 503
    while status == 503 and time.monotonic() < ends:
        status = api.post(IMPORTS, content="name;pieces\n", headers=CSV).status_code
    assert status == 200
    assert database.read_now(lambda reader: reader.all("SELECT count(*) FROM pantry_item"))[0][0] < 20_000


def test_only_csv_is_taken(api: httpx.Client) -> None:
    """Another kind of body is answered 415, an empty one 422, one that is no text 400."""
    assert api.post(IMPORTS, content=FILE, headers={"Content-Type": "application/json"}).status_code == 415
    assert api.post(IMPORTS, content=b"", headers=CSV).status_code == 422
    assert api.post(IMPORTS, content=b"name;pieces\n\xff\xfe\xff;1\n", headers=CSV).status_code == 400
    unknown = api.post(IMPORTS, content="colour\nred\n", headers=CSV)
    assert "the first line must name the columns: name, pieces (optional: shelf)" in unknown.json()["detail"]
