"""Publishers: where events go from the outbox. A topic, a queue, or straight into this process's own inbox."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from apps.common.inbox import Inbox
from apps.common.settings import Settings

_log = logging.getLogger(__name__)

BATCH = 10
"""Most messages SNS and SQS take at once."""

BATCH_BYTES = 240 * 1024
"""Most bytes they take at once are 256 KiB; the rest is room for attributes and ids."""


@dataclass(frozen=True)
class Outgoing:
    """One event out of the outbox: its place there, its type, and the CloudEvents JSON."""

    seq: int
    type: str
    body: str


class Publisher(Protocol):
    """Takes a batch; returns the `seq` of those that are safely away. Raises when none is."""

    def publish(self, batch: Sequence[Outgoing]) -> set[int]: ...


def publisher_of(settings: Settings, inbox: Inbox) -> Publisher:
    """What the settings say: SNS topic, SQS queue, or neither."""
    if settings.events_topic_arn:
        return Topic(settings.events_topic_arn)
    if settings.events_queue_url:
        return Queue(settings.events_queue_url)
    return InProcess(inbox)


def aws_client(name: str) -> Any:
    """The process's boto3 client for a service. Imported here: a process without queues saves 25 MiB."""
    import boto3
    from botocore.config import Config

    # Clients may be used by several threads, but the session that makes them may not.
    with _making:
        if name not in _clients:
            # Our own code makes the parameters: checking them again costs as much as signing them.
            config = Config(
                retries={"mode": "standard"}, tcp_keepalive=True, read_timeout=30, parameter_validation=False
            )
            _clients[name] = boto3.client(name, config=config)
        return _clients[name]


_clients: dict[str, Any] = {}
_making = threading.Lock()


class Topic:
    """An SNS topic."""

    def __init__(self, arn: str) -> None:
        self._arn = arn
        self._client: Any = None

    def publish(self, batch: Sequence[Outgoing]) -> set[int]:
        """Hand a batch to the topic."""
        self._client = self._client or aws_client("sns")
        answer = self._client.publish_batch(
            TopicArn=self._arn,
            PublishBatchRequestEntries=[
                {"Id": str(each.seq), "Message": each.body, "MessageAttributes": _attributes(each)} for each in batch
            ],
        )
        return _successful(answer)


class Queue:
    """An SQS queue."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: Any = None

    def publish(self, batch: Sequence[Outgoing]) -> set[int]:
        """Hand a batch to the queue."""
        self._client = self._client or aws_client("sqs")
        answer = self._client.send_message_batch(
            QueueUrl=self._url,
            Entries=[
                {"Id": str(each.seq), "MessageBody": each.body, "MessageAttributes": _attributes(each)}
                for each in batch
            ],
        )
        return _successful(answer)


class InProcess:
    """This process's own handlers, by the same JSON and the same inbox as through a queue."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def publish(self, batch: Sequence[Outgoing]) -> set[int]:
        """Have a batch handled; what failed stays in the outbox and comes again."""
        outcomes = self._inbox.take([each.body for each in batch])
        return {each.seq for each, outcome in zip(batch, outcomes, strict=True) if outcome.done}


def _attributes(outgoing: Outgoing) -> dict[str, Any]:
    # Subscriptions filter by this attribute, so a service is sent only what it wants.
    return {"type": {"DataType": "String", "StringValue": outgoing.type}}


def _successful(answer: Any) -> set[int]:
    for each in answer.get("Failed", ()):
        _log.warning("event not published, it will be tried again: %s %s", each.get("Code"), each.get("Message"))
    return {int(each["Id"]) for each in answer.get("Successful", ())}
