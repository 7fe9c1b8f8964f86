"""Batches of log lines within the limits of CloudWatch Logs."""

from collections import deque

from trackstack_infra.local.agent.logs import BATCH_BYTES, BATCH_EVENTS, take_batch


def events(count: int, size: int) -> deque[dict[str, object]]:
    """Return lines of a size."""
    return deque({"timestamp": 0, "message": "x" * size} for _ in range(count))


def test_a_burst_is_sent_in_one_call() -> None:
    """A hundred lines at once cost one call."""
    waiting = events(100, 80)
    assert len(take_batch(waiting)) == 100
    assert not waiting


def test_a_batch_stays_within_the_limits_of_a_call() -> None:
    """CloudWatch Logs takes 10,000 events and 1 MiB a call; lines that do not fit go with the next one."""
    many = events(2_500, 10)
    assert [len(take_batch(many)) for _ in range(3)] == [BATCH_EVENTS, BATCH_EVENTS, 500]
    large = events(10, 200_000)
    assert len(take_batch(large)) == BATCH_BYTES // 200_026 == 4
