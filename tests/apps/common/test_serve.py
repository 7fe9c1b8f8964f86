"""Whole processes: started, loaded, stopped, killed."""

import json
import resource
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

StartProcess = Callable[..., Any]
ITEMS = "/api/v1/pantry/items"
WAIT_S = 60
"""Nothing here takes as long, however slow the machine is; who waits longer waits for ever."""


class Load:
    """Eight callers that write without pause, and remember what was acknowledged and what was refused."""

    def __init__(self, base_url: httpx.URL, prefix: str = "item") -> None:
        self.acknowledged: set[str] = set()
        self.refused: list[int] = []
        self._base_url = base_url
        self._prefix = prefix
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(n,)) for n in range(8)]
        for thread in self._threads:
            thread.start()

    def _write(self, number: int) -> None:
        with httpx.Client(base_url=self._base_url, timeout=WAIT_S, verify=False) as client:
            for count in range(100_000):
                name = f"{self._prefix} {number}-{count}"
                try:
                    answer = client.post(ITEMS, json={"name": name, "pieces": 1})
                except httpx.TransportError:
                    return  # not answered, so nothing was promised
                if answer.status_code == 201:
                    self.acknowledged.add(name)
                else:
                    self.refused.append(answer.status_code)
                if self._stop.is_set():
                    return

    def wait_for(self, count: int) -> None:
        """Until so many writes were acknowledged."""
        deadline = time.monotonic() + WAIT_S
        while len(self.acknowledged) < count:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def end(self) -> None:
        """Stop writing."""
        self._stop.set()
        for thread in self._threads:
            thread.join(WAIT_S)


def stored(path: Path) -> set[str]:
    """Names in a database nobody has open; also checks that it is whole."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {row[0] for row in connection.execute("SELECT name FROM pantry_item")}


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_a_stop_under_load_loses_nothing(start_process: StartProcess, tmp_path: Path, journal: str) -> None:
    """SIGTERM under load: requests under way are answered, nothing acknowledged is lost, exit 0, no journal left."""
    app = start_process(JOURNAL=journal)
    app.wait_ready()
    load = Load(app.client.base_url)
    load.wait_for(100)
    assert app.stop(signal.SIGTERM) == 0, app.log.read_text()
    assert "graceful shutdown exceeded" not in app.log.read_text()  # no request had to be cut off
    load.end()
    assert load.refused == []
    path = tmp_path / "data" / "app.db"
    assert not path.with_name("app.db-wal").exists()
    journal_file = path.with_name("app.db-journal")
    assert not journal_file.exists() or journal_file.stat().st_size == 0
    assert load.acknowledged <= stored(path)


def test_a_killed_process_loses_nothing_it_acknowledged(start_process: StartProcess, tmp_path: Path) -> None:
    """kill -9 under load, twice: the next start recovers, and every acknowledged write is there."""
    kept: set[str] = set()
    for round_number in range(2):
        app = start_process()
        app.wait_ready()
        load = Load(app.client.base_url, f"round {round_number}")
        load.wait_for(50)
        assert app.stop(signal.SIGKILL) == -signal.SIGKILL
        load.end()
        assert load.refused == []
        kept |= load.acknowledged
    assert kept <= stored(tmp_path / "data" / "app.db")


def test_told_twice_it_stops_once(start_process: StartProcess) -> None:
    """Further SIGTERMs while the process is stopping change nothing: it still ends with exit 0."""
    app = start_process("pantry")
    app.wait_ready()
    while app.process.poll() is None:
        app.process.send_signal(signal.SIGTERM)
        time.sleep(0.002)
    assert app.process.returncode == 0, app.log.read_text()


def test_events_flow_between_two_domains_of_a_process(start_process: StartProcess) -> None:
    """Without any queue, what the pantry publishes reaches shopping at once, by outbox, relay and inbox."""
    app = start_process("pantry", "shopping")
    app.wait_ready()
    app.client.post(ITEMS, json={"name": "rice", "pieces": 3})
    deadline = time.monotonic() + WAIT_S
    while app.client.get("/api/v1/shopping/stock").json() != [{"name": "rice", "pieces": 3}]:
        assert time.monotonic() < deadline, app.log.read_text()
        time.sleep(0.01)
    assert app.stop() == 0


def wait_for_state(app: Any, state: str) -> None:
    """Until /readyz says so."""
    deadline = time.monotonic() + WAIT_S
    while app.state() != state:
        assert time.monotonic() < deadline, app.log.read_text()
        time.sleep(0.02)


def test_a_second_process_waits_for_the_first(start_process: StartProcess) -> None:
    """While another process has the database: alive, but `waiting-for-lock`; ready once the other has stopped.

    SIGTERM while it waits ends it at once, with exit 0.
    """
    first = start_process()
    first.wait_ready()
    second, third = start_process(), start_process()
    for waiting in (second, third):
        wait_for_state(waiting, "waiting-for-lock")
        assert waiting.client.get("/livez").status_code == 200
        answer = waiting.client.get(ITEMS)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert third.stop() == 0
    assert first.stop() == 0
    second.wait_ready()
    assert second.stop() == 0


PAGE = 4096  # bytes: the journal of a transaction is longer, whichever pages of the database it writes


def test_an_io_error_ends_the_process(start_process: StartProcess, tmp_path: Path) -> None:
    """When the disk refuses a write, the process ends with 70 and has acknowledged nothing it could not keep."""
    app = start_process()
    app.wait_ready()
    assert app.client.post(ITEMS, json={"name": "before", "pieces": 1}).status_code == 201
    # From now on no file of the process may go beyond a page: the kernel refuses the write, as a broken disk would.
    resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE, (PAGE, PAGE))
    with pytest.raises(httpx.TransportError):
        app.client.post(ITEMS, json={"name": "after", "pieces": 1})
    assert app.process.wait(WAIT_S) == 70
    assert stored(tmp_path / "data" / "app.db") == {"before"}


def test_the_bridge_decides_what_is_served(start_process: StartProcess, tmp_path: Path) -> None:
    """With DATABASE=bridge the process serves the file that CURRENT names, and says which backup it came from."""
    data = tmp_path / "data"
    own = start_process("pantry")
    own.wait_ready()
    own.client.post(ITEMS, json={"name": "rice", "pieces": 3})
    assert own.stop() == 0
    (data / "app.db").rename(data / "pantry.20261124T020000Z-0123456789ab.db")
    (data / "CURRENT").write_text("20261124T020000Z-0123456789ab\n")
    app = start_process("pantry", DATABASE="bridge")
    app.wait_ready()
    assert [each["name"] for each in app.client.get(ITEMS).json()["items"]] == ["rice"]
    assert app.client.get("/version").json()["backup"] == "20261124T020000Z-0123456789ab"


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"DATABASE": "bridge"}, "CURRENT cannot be read, so there is no data to serve; run the data bridge"),
        ({"HOST": "0.0.0.0"}, "AUTH=off is accepted on a loopback address only, but HOST is 0.0.0.0"),
    ],
)
def test_a_wrong_configuration_is_said_in_a_sentence(
    start_process: StartProcess, environment: dict[str, str], reason: str
) -> None:
    """A process that cannot be right ends with 78 and says what is wrong, without a traceback."""
    app = start_process("pantry", **environment)
    assert app.process.wait(WAIT_S) == 78
    log = app.log.read_text()
    assert reason in log
    assert "Traceback" not in log


def test_a_damaged_database_is_not_served(start_process: StartProcess, tmp_path: Path) -> None:
    """A file that is no database ends the process with 70 before it serves anything."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "app.db").write_bytes(b"this is no database, but long enough to be looked at" * 100)
    app = start_process()
    assert app.process.wait(WAIT_S) == 70
    assert "file is not a database" in app.log.read_text()


def test_logs_are_json_lines(start_process: StartProcess) -> None:
    """Every line on stdout is one JSON object; a failed request has a line with its trace, route and status."""
    app = start_process("pantry")
    app.wait_ready()
    trace = "0af7651916cd43dd8448eb211c80319c"
    app.client.get("/api/v1/pantry/failures", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    app.stop()
    lines = [json.loads(line) for line in app.log.read_text().splitlines()]
    assert all({"ts", "level", "msg", "service"} <= set(line) for line in lines)
    failed = [line for line in lines if line["msg"] == "request failed"]
    assert len(failed) == 1
    assert failed[0]["route"] == "/api/v1/pantry/failures"
    assert (failed[0]["status"], failed[0]["trace_id"], failed[0]["level"]) == (500, trace, "error")
    assert any("RuntimeError: a bug" in line.get("exception", "") for line in lines)
