"""What the agent shows, and waiting for it to change."""

import threading

from trackstack_infra.local.agent.board import Board, ServiceStatus


def status(state: str) -> ServiceStatus:
    """Return a service in a state."""
    return ServiceStatus("ts-x", "ts-x-gym", "gym", 1, 0, 0, state, "2026-11-24T10:00:00Z", "", ())


def test_the_revision_grows_with_changes_only() -> None:
    """Who waits for news is not woken by the same thing said twice."""
    board = Board()
    board.put("gym", status("starting"))
    board.put("gym", status("starting"))
    assert board.read() == (1, (status("starting"),))
    board.remove("gym")
    board.remove("gym")
    assert board.read() == (2, ())


def test_a_reader_is_answered_as_soon_as_something_changes() -> None:
    """A long poll ends with the change, not with its time."""
    board = Board()
    threading.Timer(0.05, board.put, ("gym", status("healthy"))).start()
    assert board.read(after=0, wait_s=3600.0) == (1, (status("healthy"),))


def test_a_reader_is_answered_when_its_time_is_over() -> None:
    """Without news the answer is what is known."""
    assert Board().read(after=0, wait_s=0.01) == (0, ())
