"""Emptying the queues before services start on new data."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from apps.bridge.errors import StorageFailed
from apps.bridge.queues import PAUSE_S, purge


def test_what_was_left_is_gone(sqs: Any) -> None:
    """After the bridge no queue holds a message about the replaced data."""
    urls = [sqs.create_queue(QueueName=f"ts-test-{number}")["QueueUrl"] for number in range(3)]
    for url in urls:
        sqs.send_message(QueueUrl=url, MessageBody="old")
    purge(sqs, urls, time.sleep)
    assert all("Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0) for url in urls)


def test_a_missing_queue_is_named(sqs: Any) -> None:
    """A queue that does not exist ends the bridge with its address, before services see anything new."""
    with pytest.raises(StorageFailed, match=r"could not empty the queue http.*/no-such-queue: ") as caught:
        purge(sqs, ["http://127.0.0.1:1/123456789012/no-such-queue"], time.sleep)
    assert "not current" in caught.value.hint


class SlowQueue:
    """SQS at its slowest: it refuses a second purge within a minute, and counts are late."""

    def __init__(self, refusals: int, late: int) -> None:
        self.refusals = refusals
        self.late = late
        self.purged = 0

    def purge_queue(self, QueueUrl: str) -> None:  # noqa: N803 - boto3's name
        if self.refusals:
            self.refusals -= 1
            raise ClientError({"Error": {"Code": "AWS.SimpleQueueService.PurgeQueueInProgress"}}, "PurgeQueue")
        self.purged += 1

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> Any:  # noqa: N803 - same
        self.late -= 1
        return {"Attributes": {name: str(int(self.late >= 0)) for name in AttributeNames}}


def test_a_purge_under_way_is_waited_for() -> None:
    """A queue that was purged a moment ago refuses; while it holds messages, the bridge waits and purges it again."""
    slept: list[float] = []
    queue = SlowQueue(refusals=25, late=28)
    purge(queue, ["u"], slept.append)
    assert queue.purged == 1
    assert sum(slept) == (25 + 3) * PAUSE_S


def test_a_purged_queue_that_is_empty_needs_no_second_purge() -> None:
    """Bridging again within a minute does not wait when nothing came into the queue since."""
    slept: list[float] = []
    queue = SlowQueue(refusals=1, late=0)
    purge(queue, ["u"], slept.append)
    assert (queue.purged, slept) == (0, [])


def test_nobody_waits_longer_than_a_minute() -> None:
    """Late counts hold the start of the services up for a minute at most; a purge that never comes is an error."""
    slept: list[float] = []
    purge(SlowQueue(refusals=0, late=1000), ["u"], slept.append)
    assert sum(slept) == 60
    with pytest.raises(StorageFailed, match="an earlier purge is still in progress after a minute"):
        purge(SlowQueue(refusals=1000, late=1000), ["u"], slept.append)
