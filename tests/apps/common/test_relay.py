"""The relay: from the outbox to the publisher, until each event is away."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from example_domains.both import BOTH, folders
from example_domains.pantry_items import NewItem, put

from apps.common.database import Database
from apps.common.housekeeping import tidy
from apps.common.inbox import Inbox
from apps.common.metrics import Metrics
from apps.common.publishers import InProcess, Outgoing
from apps.common.relay import Relay


class Recorder:
    """Takes everything but the places it is set to fail; may break down after it took a batch."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.failing: set[int] = set()
        self.break_down = False

    def publish(self, batch: Sequence[Outgoing]) -> set[int]:
        """Take a batch."""
        self.batches.append([each.seq for each in batch])
        if self.break_down:
            raise ConnectionError("the answer was lost")
        return {each.seq for each in batch} - self.failing


def fill(database: Database, count: int, name: str = "item") -> None:
    """Put items in, each with its event."""
    database.write_now(
        "pantry", lambda tx: [put(NewItem(name=f"{name} {n}", pieces=n), tx) for n in range(count)] and None
    )


def unsent(database: Database) -> list[int]:
    """Places in the outbox that wait."""
    rows = database.read_now(lambda reader: reader.all("SELECT seq FROM pantry_outbox WHERE sent_at IS NULL"))
    return [row["seq"] for row in rows]


def relay_of(database: Database, publisher: Recorder | InProcess, tick_s: float = 5) -> Relay:
    """A relay that was not started."""
    return Relay(database, publisher, Metrics("test", "dev"), tick_s=tick_s)


def test_events_leave_in_order_and_in_tens(database: Database) -> None:
    """Twenty-three events leave in the order they were written, ten at a time, and only once."""
    fill(database, 23)
    recorder = Recorder()
    relay = relay_of(database, recorder)
    assert relay.run_once() == 23
    assert recorder.batches == [list(range(1, 11)), list(range(11, 21)), [21, 22, 23]]
    assert relay.run_once() == 0


def test_only_what_was_confirmed_is_marked(database: Database) -> None:
    """Events the publisher did not confirm stay and are offered again; they do not hold up the ones behind them."""
    fill(database, 23)
    recorder = Recorder()
    recorder.failing = {2, 5, *range(11, 21)}
    relay = relay_of(database, recorder)
    assert relay.run_once() == 11
    assert unsent(database) == [2, 5, *range(11, 21)]
    recorder.failing = set()
    recorder.batches.clear()
    assert relay.run_once() == 12
    assert recorder.batches == [[2, 5, *range(11, 19)], [19, 20]]


def test_a_lost_answer_means_once_more(database: Database) -> None:
    """When the publisher took the events but its answer was lost, they are sent again: twice rather than never."""
    fill(database, 3)
    recorder = Recorder()
    recorder.break_down = True
    relay = relay_of(database, recorder)
    with pytest.raises(ConnectionError):
        relay.run_once()
    assert unsent(database) == [1, 2, 3]
    recorder.break_down = False
    relay.run_once()
    assert recorder.batches == [[1, 2, 3], [1, 2, 3]]


def test_large_events_go_in_smaller_batches(database: Database) -> None:
    """Ten events of 60 KiB do not fit into one call of 256 KiB, so they leave four at a time."""

    def write(tx: object) -> None:
        for n in range(10):
            tx.execute(  # type: ignore[attr-defined]
                "INSERT INTO pantry_outbox (event_id, type, body, created_at) VALUES (:id, 't', :body, '2026')",
                id=str(n),
                body="x" * 60 * 1024,
            )

    database.write_now("pantry", write)
    recorder = Recorder()
    assert relay_of(database, recorder).run_once() == 10
    assert recorder.batches == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]


def test_a_commit_wakes_the_relay(database: Database) -> None:
    """Without waiting for its tick the relay sends what was just committed; stopping makes one last pass."""
    recorder = Recorder()
    relay = relay_of(database, recorder, tick_s=3600)
    relay.start()
    fill(database, 1)
    deadline = time.monotonic() + 60
    while unsent(database):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    recorder.failing = {2}
    fill(database, 1, "more")
    while len(recorder.batches) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    recorder.failing = set()
    relay.stop(60)
    assert unsent(database) == []
    # A wake-up may be left over from the first event, so the second one may be offered once more than needed.
    assert recorder.batches[:3] == [[1], [2], [2]]
    assert all(batch == [2] for batch in recorder.batches[3:])


def test_a_broken_publisher_does_not_end_the_relay(database: Database) -> None:
    """While the publisher is away the relay keeps trying, and sends everything once it is back."""
    recorder = Recorder()
    recorder.break_down = True
    relay = relay_of(database, recorder, tick_s=0.01)
    relay.start()
    fill(database, 2)
    deadline = time.monotonic() + 60
    while len(recorder.batches) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    recorder.break_down = False
    relay.stop(60)
    assert unsent(database) == []


def test_without_a_queue_events_reach_the_other_domain_in_process(tmp_path: Path) -> None:
    """With neither topic nor queue the relay hands events to this process's own inbox; a poisonous one stays behind."""
    with Database(tmp_path / "app.db", folders()) as database:
        relay = relay_of(database, InProcess(Inbox(BOTH, database, Metrics("test", "dev"))))
        fill(database, 2)
        database.write_now("pantry", lambda tx: put(NewItem(name="poison", pieces=1), tx))
        fill(database, 1, "later")
        assert relay.run_once() == 3
        rows = database.read_now(lambda reader: reader.all("SELECT name FROM shopping_stock ORDER BY name"))
        assert [row["name"] for row in rows] == ["item 0", "item 1", "later 0"]
        assert unsent(database) == [3]


def test_old_rows_are_tidied_away(database: Database) -> None:
    """Sent events go after 7 days, handled ones and remembered answers after 30; what was never sent stays."""
    fill(database, 3)
    now = datetime(2026, 11, 24, tzinfo=UTC)

    def age(tx: object) -> None:
        run = tx.execute  # type: ignore[attr-defined]
        run("UPDATE pantry_outbox SET created_at = '2026-01-01T00:00:00.000000Z'")
        run("UPDATE pantry_outbox SET sent_at = '2026-11-16T23:59:59.000000Z' WHERE seq = 1")
        run("UPDATE pantry_outbox SET sent_at = '2026-11-17T00:00:01.000000Z' WHERE seq = 2")
        run("INSERT INTO pantry_inbox VALUES ('old', 't', '2026-10-24T00:00:00.000000Z')")
        run("INSERT INTO pantry_inbox VALUES ('new', 't', '2026-10-26T00:00:00.000000Z')")
        run("INSERT INTO pantry_idempotency VALUES ('old', 'f', 200, '{}', x'', '2026-10-24T00:00:00.000000Z')")

    database.write_now("pantry", age)
    assert tidy(database, now) == 3
    kept = database.read_now(lambda reader: reader.all("SELECT seq FROM pantry_outbox"))
    assert [row["seq"] for row in kept] == [2, 3]
    assert tidy(database, now + timedelta(days=60)) == 2
