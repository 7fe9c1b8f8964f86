"""Consumer: takes messages from this process's queue, has them handled, and deletes them after COMMIT.

A thread with one long poll at a time. What failed is not deleted: the queue delivers it again and, after its last try,
keeps it as a dead letter. Besides events there are *operations*: messages for the process itself, such as "make a
backup now". They run outside of any transaction, by their CloudEvents type.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apps.common.health import Heartbeat
from apps.common.inbox import Inbox
from apps.common.publishers import aws_client

_log = logging.getLogger(__name__)

POLL_S = 10
"""How long the queue holds an empty answer back; well below the time /readyz lets a heartbeat be old."""

PAUSE_S = 5.0
"""After a failure to reach the queue."""

Operation = Callable[[dict[str, Any]], None]
"""Gets the `data` of its message; when it raises, the message comes again."""


class Consumer:
    """One queue."""

    def __init__(
        self,
        queue_url: str,
        inbox: Inbox,
        operations: Mapping[str, Operation],
        *,
        client: Callable[[], Any] = lambda: aws_client("sqs"),
    ) -> None:
        self.heartbeat = Heartbeat("consumer")
        self._queue_url = queue_url
        self._inbox = inbox
        self._operations = operations
        self._make_client = client
        self._stop = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._thread = threading.Thread(target=self._run, name="consumer", daemon=True)

    def start(self) -> None:
        """Begin to poll."""
        self._thread.start()

    def begin_to_stop(self) -> None:
        """Take no further batch; returns at once."""
        self._stop.set()

    def stop(self, timeout_s: float) -> None:
        """Finish the batch at hand. A poll that waits is left where it is: it holds nothing, and the process ends."""
        self._stop.set()
        self._idle.wait(timeout_s)

    def _run(self) -> None:
        client: Any = None
        while not self._stop.is_set():
            self.heartbeat.beat()
            try:
                client = client or self._make_client()
                self._poll(client)
            except Exception:  # noqa: BLE001 -- the thread must outlive whatever the network does
                _log.exception("the queue cannot be read, trying again")
                self._stop.wait(PAUSE_S)

    def _poll(self, client: Any) -> None:
        answer = client.receive_message(
            QueueUrl=self._queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=POLL_S, MessageAttributeNames=["type"]
        )
        messages = answer.get("Messages", [])
        if not messages:
            return
        self._idle.clear()
        try:
            if self._stop.is_set():
                return  # too late: they become visible again by themselves
            done = self._take([message["Body"] for message in messages])
            self._delete(client, [message for message, gone in zip(messages, done, strict=True) if gone])
        finally:
            self._idle.set()

    def _take(self, texts: Sequence[str]) -> list[bool]:
        """Which of the messages are done with."""
        kinds = [_operation_type(text) for text in texts]
        events = [text for text, kind in zip(texts, kinds, strict=True) if kind not in self._operations]
        outcomes = iter(self._inbox.take(events))
        return [
            self._operate(kind, text) if kind in self._operations else next(outcomes).done
            for text, kind in zip(texts, kinds, strict=True)
        ]

    def _operate(self, kind: str, text: str) -> bool:
        self.heartbeat.beat()
        try:
            self._operations[kind](json.loads(text).get("data") or {})
        except Exception:  # noqa: BLE001 -- logged; the message stays and comes again
            _log.exception("operation failed, it will come again", extra={"event_type": kind})
            return False
        return True

    def _delete(self, client: Any, messages: Sequence[Any]) -> None:
        if not messages:
            return
        answer = client.delete_message_batch(
            QueueUrl=self._queue_url,
            Entries=[
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(messages)
            ],
        )
        for each in answer.get("Failed", ()):
            _log.warning("message not deleted, it will come again and be known: %s", each.get("Code"))


def _operation_type(text: str) -> str:
    """The CloudEvents type, empty when the message has none; whether it is a proper event is for the inbox to say."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    kind = document.get("type") if isinstance(document, dict) else None
    return kind if isinstance(kind, str) else ""
