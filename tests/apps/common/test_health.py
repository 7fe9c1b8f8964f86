"""Health: ready only while everything moves."""

import time
from pathlib import Path

import pytest
from example_domains.both import folders

from apps.common.database import Database
from apps.common.health import STALE_S, Health, Heartbeat
from apps.common.problem import Unavailable


def test_ready_follows_the_database(tmp_path: Path) -> None:
    """Before the database is open and after it is closed the process is alive but not ready."""
    database = Database(tmp_path / "app.db", folders())
    health = Health(database, version="1", services=["pantry"])
    assert health.unready() == "new"
    database.start()
    database.wait_ready()
    assert health.unready() is None
    database.close()
    assert health.unready() == "closed"
    with pytest.raises(Unavailable, match="closed"):
        health.readyz()
    assert health.livez().status_code == 200


def test_a_stopping_process_wants_no_more_requests(database: Database) -> None:
    """As soon as the process begins to stop, it is not ready any more."""
    health = Health(database, version="1", services=["pantry"])
    health.stopping = True
    assert health.unready() == "stopping"


def test_a_thread_that_says_nothing_counts_as_stuck(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A consumer without a sign of life for a minute makes the process not ready; its next sign ends that."""
    health = Health(database, version="1", services=["pantry"])
    consumer = Heartbeat("consumer")
    health.heartbeats.append(consumer)
    assert health.unready() is None
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + STALE_S + 1)
    assert health.unready() == "consumer-stuck"
    consumer.beat()
    assert health.unready() is None
