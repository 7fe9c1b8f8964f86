"""SQS: a bell that rings when a queue gets a message.

moto wakes a waiting poll through a condition inside the queue, which only helps a poll that waits inside moto, under
our lock. Every way into a queue (SendMessage, SNS, redrive) goes through `Queue.add_message`, and a message given back
through `change_message_visibility`, so that is where the bell hangs.
"""

from collections import Counter
from collections.abc import Callable
from threading import Condition
from typing import Any

from moto.core.utils import unix_time_millis
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import Message, Queue, SQSBackend, sqs_backends

from trackstack_infra.local.cloud.environment import ACCOUNT
from trackstack_infra.local.cloud.patches.patching import around

LONGEST_POLL_S = 20


class Bell:
    """Counts what happened to each queue, and wakes those who wait for it."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._for_all = 0

    def ring(self, region: str, queue: str) -> None:
        with self._changed:
            self._counts[region, queue] += 1
            self._changed.notify_all()

    def count(self, region: str, queue: str) -> int:
        with self._changed:
            return self._heard(region, queue)

    def wait(self, region: str, queue: str, heard: int, seconds: float) -> None:
        """Until the bell has rung more often than HEARD times, SECONDS at most."""
        with self._changed:
            self._changed.wait_for(lambda: self._heard(region, queue) > heard, timeout=seconds)

    def ring_all(self) -> None:
        """Wake everybody."""
        with self._changed:
            self._for_all += 1
            self._changed.notify_all()

    def _heard(self, region: str, queue: str) -> int:
        return self._counts[region, queue] + self._for_all


BELL = Bell()


def poll_seconds(region: str, queue: str, asked: int | None) -> int | None:
    """How long a poll of QUEUE waits; None when the queue does not exist or the time is not allowed."""
    try:
        seconds = int(_queue(region, queue).receive_message_wait_time_seconds if asked is None else asked)
    except QueueDoesNotExist:
        return None
    return seconds if 0 <= seconds <= LONGEST_POLL_S else None


def seconds_until_next(region: str, queue: str) -> float:
    """When a message that is delayed or in somebody's hands can be received at the earliest."""
    try:
        messages: list[Message] = _queue(region, queue)._messages
    except QueueDoesNotExist:
        return 0.0
    now = unix_time_millis()
    due = [max(message.visible_at, message.delayed_until) for message in messages]
    return max(0.005, (min((at for at in due if at > now), default=now + LONGEST_POLL_S * 1000) - now) / 1000)


def _queue(region: str, name: str) -> Any:
    return sqs_backends[ACCOUNT][region].get_queue(name)


def apply() -> None:
    around(Queue, "add_message", _add)
    around(SQSBackend, "change_message_visibility", _give_back)


def _add(original: Callable[..., None], self: Queue, message: Message) -> None:
    original(self, message)
    BELL.ring(self.region, self.name)


def _give_back(original: Callable[..., None], self: SQSBackend, queue_name: str, *args: Any, **kwargs: Any) -> None:
    original(self, queue_name, *args, **kwargs)
    BELL.ring(self.region_name, queue_name)
