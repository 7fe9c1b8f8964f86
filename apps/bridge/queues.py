"""Empty the services' queues: what is left in them speaks of data that is being replaced. Dead letters stay."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from apps.bridge.errors import StorageFailed

PURGE_TAKES_S = 60
"""SQS deletes within a minute, and refuses a second purge of a queue within that minute."""

PAUSE_S = 2

COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


def purge(sqs: Any, urls: Sequence[str], sleep: Callable[[float], None]) -> None:
    """Purge all queues, then wait until they say they are empty, a minute at most: services start right afterwards."""
    for url in urls:
        if not _within_a_minute(partial(_purged, sqs, url), sleep):
            raise _failed(url, "an earlier purge is still in progress after a minute")
    for url in urls:
        _within_a_minute(
            partial(_empty, sqs, url), sleep
        )  # the counts are approximate: after a minute the purge is done


def _within_a_minute(done: Callable[[], bool], sleep: Callable[[float], None]) -> bool:
    for _ in range(PURGE_TAKES_S // PAUSE_S):
        if done():
            return True
        sleep(PAUSE_S)
    return done()


def _purged(sqs: Any, url: str) -> bool:
    try:
        sqs.purge_queue(QueueUrl=url)
    except ClientError as error:
        if error.response["Error"]["Code"].endswith("PurgeQueueInProgress"):
            return _empty(sqs, url)  # an earlier run's purge has done the work, if nothing came since
        raise _failed(url, error) from error
    except BotoCoreError as error:
        raise _failed(url, error) from error
    return True


def _empty(sqs: Any, url: str) -> bool:
    try:
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(COUNTS))["Attributes"]
    except (ClientError, BotoCoreError) as error:
        raise _failed(url, error) from error
    return all(int(attributes.get(name, 0)) == 0 for name in COUNTS)


def _failed(url: str, error: object) -> StorageFailed:
    return StorageFailed(
        f"could not empty the queue {url}: {error}",
        hint="the databases are in place but not current; check QUEUE_URLS and this role, then run it again",
    )
