"""Importing through an API over real HTTP: parts, waiting, and what is said when it goes wrong."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from trackstack_infra.errors import Failed, NothingImported, UsageError
from trackstack_infra.local.observe.api import Api
from trackstack_infra.local.observe.imports import (
    find_import,
    import_file,
    list_imports,
    read_file,
    read_mapping,
    undo_import,
)


@dataclass
class Server:
    """An API that gives the prepared answers in turn, and keeps what it was asked."""

    answers: list[tuple[int, dict[str, Any]]]
    asked: list[tuple[str, str, dict[str, str], str]] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    def api(self, port: int) -> Api:
        """A client of it whose waiting takes no time."""
        return Api(
            "enterprise",
            f"http://127.0.0.1:{port}",
            "token",
            monotonic=lambda: sum(self.waited),
            sleep=self.waited.append,
        )


Serve = Callable[..., tuple[Server, Api]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve these answers, each a status and a document."""
    with ExitStack() as stack:

        def begin(*answers: tuple[int, dict[str, Any]]) -> tuple[Server, Api]:
            server = Server(list(answers))

            class Handler(BaseHTTPRequestHandler):
                def answer(self) -> None:
                    place = urlsplit(self.path)
                    content = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                    server.asked.append((self.command, place.path, dict(parse_qsl(place.query)), content))
                    status, document = server.answers.pop(0)
                    body = json.dumps(document).encode()
                    self.send_response(status)
                    if status == 503:
                        self.send_header("Retry-After", "2")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

                do_POST = do_GET = do_DELETE = answer  # noqa: N815 -- the library's names

                def log_message(self, *_: object) -> None:
                    """Nothing is logged."""

            http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(http.server_close)
            stack.callback(http.shutdown)
            return server, server.api(http.server_address[1])

        yield begin


def report(rows: int, of_rows: int, taken: int, refused: int = 0) -> dict[str, Any]:
    """An answer of an import."""
    counts = {"taken": taken, "known": 0, "changed": 0, "skipped": 0, "refused": refused}
    refusals = [{"line": rows, "reason": "is bad"}] * refused
    rest = {"decisions": [], "notes": ["a note"], "format": "list", "import_id": "id-1"}
    return {
        "complete": rows == of_rows,
        "rows": rows,
        "of_rows": of_rows,
        "refusals": refusals,
        **counts,
        **rest,
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file to import."""
    path = tmp_path / "sets.csv"
    path.write_text("a;b\n1;2\n")
    return path


def test_a_large_file_is_sent_until_all_rows_were_looked_at(serve: Serve, file: Path) -> None:
    """Each answer that is not complete is continued with the import's id; the counts are added up."""
    server, api = serve(
        (200, report(500, 1200, 400, 1)), (200, report(1000, 1200, 500)), (200, report(1200, 1200, 9, 2))
    )
    heard: list[tuple[int, int]] = []
    total = import_file(
        api, "gym", file, parameters={"weight": "lb"}, progress=lambda done, of: heard.append((done, of))
    )
    # taken 400 + 500 + 9 = 909, refused 1 + 0 + 2 = 3
    assert (total["taken"], total["refused"], len(total["refusals"]), total["notes"]) == (909, 3, 3, ["a note"])
    assert heard == [(500, 1200), (1000, 1200), (1200, 1200)]
    assert [each[2].get("import_id") for each in server.asked] == [None, "id-1", "id-1"]
    assert server.asked[0] == (
        "POST",
        "/api/v1/gym/imports",
        {"weight": "lb", "file_name": "sets.csv"},
        "a;b\n1;2\n",
    )


def test_a_busy_service_is_asked_again(serve: Serve, file: Path) -> None:
    """503 with Retry-After means wait, not fail; after half a minute it is an error of the stack, not of the file."""
    busy = (503, {"detail": "another import is under way"})
    server, api = serve(busy, busy, (200, report(1, 1, 1)))
    assert import_file(api, "gym", file, parameters={}, progress=lambda *_: None)["taken"] == 1
    assert server.waited == [2, 2]
    server, api = serve(*[busy] * 30)
    with pytest.raises(Failed, match="enterprise's API answers 503 to gym/imports: another import is under way"):
        import_file(api, "gym", file, parameters={}, progress=lambda *_: None)
    assert sum(server.waited) == 30


def test_an_import_that_breaks_off_says_how_far_it_came(serve: Serve, file: Path) -> None:
    """What was stored stays stored, so the message says how many rows, and that the file can simply be sent again."""
    _, api = serve((200, report(500, 1200, 400)), (502, {"detail": "bad gateway"}))
    with pytest.raises(Failed, match=r"bad gateway; 500 of 1,200 rows of sets\.csv were done") as failed:
        import_file(api, "gym", file, parameters={}, progress=lambda *_: None)
    assert failed.value.hint == (
        "run `trackstack logs enterprise`, then import the file again: rows that were imported are known"
    )


def test_a_refused_file_and_a_wrong_parameter_are_two_things(serve: Serve, file: Path) -> None:
    """A file refused whole exits 7, a parameter that does not exist or does not fit exits 2."""
    wrong = {"detail": "the request has errors", "errors": [{"pointer": "weight", "detail": "must be kg or lb"}]}
    _, api = serve(
        (422, {"detail": "the file contradicts itself"}),
        (400, {"detail": "unknown query parameter 'wight'; known are: again, dates, file_name, weight"}),
        (422, wrong),
    )
    with pytest.raises(NothingImported, match=r"gym refuses sets\.csv: the file contradicts itself") as refused:
        import_file(api, "gym", file, parameters={}, progress=lambda *_: None)
    assert refused.value.exit_code == 7
    for words in ("has nothing to decide that is called wight; did you mean weight", "weight: must be kg or lb"):
        with pytest.raises(UsageError, match=words):
            import_file(api, "gym", file, parameters={"x": "1"}, progress=lambda *_: None)


def test_a_token_that_is_not_taken_is_not_the_files_fault(serve: Serve, file: Path) -> None:
    """401 and 403 speak of the stack: the hint is its log."""
    _, api = serve((401, {"message": "Unauthorized"}))
    with pytest.raises(Failed, match="enterprise's API answers 401 to gym/imports: Unauthorized"):
        import_file(api, "gym", file, parameters={}, progress=lambda *_: None)


def test_a_file_that_is_not_there_or_too_large_is_refused_at_once(tmp_path: Path) -> None:
    """Nothing is sent of it."""
    with pytest.raises(UsageError, match="cannot read"):
        read_file(tmp_path / "none.csv")
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(10 * 1024 * 1024 + 1)
    with pytest.raises(UsageError, match="has 10,485,761 bytes; an import takes at most 10,485,760"):
        read_file(large)


def test_a_mapping_is_sent_as_json(tmp_path: Path) -> None:
    """What is written as YAML, dates and all, becomes the text of one parameter."""
    (tmp_path / "bank.yaml").write_text("name: my-bank\ncolumns: {date: Booked, amount: Betrag €}\ndecimal: comma\n")
    assert json.loads(read_mapping(tmp_path / "bank.yaml")) == {
        "name": "my-bank",
        "columns": {"date": "Booked", "amount": "Betrag €"},
        "decimal": "comma",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "is not valid YAML"),
        ("- a\n- b\n", "is no mapping of names to values"),
        (f"name: {'x' * 7000}\n", "is larger than the 6000 bytes an address can hold"),
    ],
)
def test_a_mapping_that_cannot_be_sent_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """The message says what is wrong with the file; nothing is sent."""
    (tmp_path / "bank.yaml").write_text(text)
    with pytest.raises(UsageError, match=words):
        read_mapping(tmp_path / "bank.yaml")
    with pytest.raises(UsageError, match="cannot read"):
        read_mapping(tmp_path / "none.yaml")


RUNS = {
    "items": [
        {"id": "0190-bbbb", "undone_at": "2026-01-03T00:00:00Z", "file_name": "c.csv"},
        {"id": "0190-aabb", "undone_at": None, "file_name": "b.csv"},
        {"id": "0180-aaaa", "undone_at": None, "file_name": "a.csv"},
    ]
}


def test_an_import_is_found_by_a_part_of_its_id(serve: Serve) -> None:
    """Its beginning or its end will do; without an id it is the newest one that was not undone."""
    _, api = serve(*[(200, RUNS)] * 6)
    assert len(list_imports(api, "gym")) == 3
    assert find_import(api, "gym", None)["id"] == "0190-aabb"
    assert find_import(api, "gym", "aaaa")["id"] == "0180-aaaa"
    assert find_import(api, "gym", "0180")["id"] == "0180-aaaa"
    with pytest.raises(UsageError, match="2 imports of gym have an ID like '0190'"):
        find_import(api, "gym", "0190")
    with pytest.raises(UsageError, match="enterprise has no import with ID 'cccc' in gym"):
        find_import(api, "gym", "cccc")


def test_undo_goes_on_until_nothing_is_left(serve: Serve) -> None:
    """A large import is undone in several requests, whose counts are added up."""
    counts = {"removed": 100, "kept": 1, "gone": 2}
    _, api = serve((200, {"complete": False, **counts}), (200, {"complete": True, **counts}))
    assert undo_import(api, "gym", "id-1", edited="refuse") == {"complete": True, "removed": 200, "kept": 2, "gone": 4}


def test_undo_of_edited_records_says_how_to_go_on(serve: Serve) -> None:
    """The hint is the whole command with the choice to be made."""
    _, api = serve((409, {"detail": "2 of the 9 records were changed; undo it with edited=keep or edited=remove"}))
    with pytest.raises(Failed, match="import id-1 was not undone: 2 of the 9 records were changed") as failed:
        undo_import(api, "gym", "id-1", edited="refuse")
    assert failed.value.hint == "run `trackstack import undo enterprise gym id-1 --edited keep` (or remove)"
