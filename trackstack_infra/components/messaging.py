"""Domain events: the topic they are published to, and the queues that services read them from."""

from collections.abc import Collection, Mapping
from typing import Final, Protocol

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.iam_policy import Statement, allow, document, plain, tls_only

DAY_S: Final = 86_400
# Ten, not three: receives count even when the consumer died, so kill storms push good events towards the dead letters.
MAX_RECEIVE_COUNT: Final = 10
VISIBILITY_S: Final = 60  # six times the slowest batch
RETENTION_S: Final = 4 * DAY_S
# Longer than the queue's: a dead letter keeps the age it had when it was moved.
DEAD_LETTER_RETENTION_S: Final = 14 * DAY_S
LONG_POLL_S: Final = 20


class Publishing(Protocol):
    """Where a process publishes its events."""

    @property
    def address(self) -> Mapping[str, pulumi.Input[str]]:
        """The environment variable that tells the process."""

    def may_publish(self) -> Statement:
        """What its role needs for it."""


class EventBus(Component):
    """The topic all domain events go through."""

    def __init__(self, name: str, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.topic = aws.sns.Topic(
            self.child("topic"),
            name=self.physical(name),
            kms_master_key_id="alias/aws/sns",
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
        aws.sns.TopicPolicy(
            self.child("policy"),
            arn=self.topic.arn,
            policy=document(tls_only("sns:Publish", [self.topic.arn])),
            opts=self.owned(),
        )
        self.register_outputs({"topic_arn": self.topic.arn})

    @property
    def address(self) -> Mapping[str, pulumi.Input[str]]:
        """The topic's ARN."""
        return {"EVENTS_TOPIC_ARN": self.topic.arn}

    def may_publish(self) -> Statement:
        """Publish to this topic."""
        return allow("PublishEvents", ["sns:Publish"], [self.topic.arn])


def dead_letter_queue(owner: Component) -> aws.sqs.Queue:
    """Where a component keeps the messages that nobody could handle."""
    return aws.sqs.Queue(
        owner.child("dead-letters"),
        name=owner.physical(owner.name, "dead-letters"),
        message_retention_seconds=DEAD_LETTER_RETENTION_S,
        sqs_managed_sse_enabled=True,
        tags=owner.tags(),
        opts=owner.owned(delete_first=True),
    )


class Queue(Component):
    """A queue that one process reads, with its dead-letter queue for the messages it could not handle."""

    def __init__(self, name: str, *, filled_by: EventBus | None = None, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.dead_letters = dead_letter_queue(self)
        queue = self._queue()
        self.url, self.arn, self.queue_name = queue.url, queue.arn, queue.name
        self.policies = [
            self._policy("dead-letters-policy", self.dead_letters),
            self._policy("queue-policy", queue, *self._only_from(filled_by)),
        ]
        self.register_outputs({"queue_url": self.url, "dead_letter_url": self.dead_letters.url})

    def _queue(self) -> aws.sqs.Queue:
        return aws.sqs.Queue(
            self.child("queue"),
            name=self.physical(self.name),
            visibility_timeout_seconds=VISIBILITY_S,
            message_retention_seconds=RETENTION_S,
            receive_wait_time_seconds=LONG_POLL_S,
            # Not SSE-KMS with AWS's key: SNS may not use that one, and deliveries would fail.
            sqs_managed_sse_enabled=True,
            redrive_policy=pulumi.Output.json_dumps(
                {"deadLetterTargetArn": self.dead_letters.arn, "maxReceiveCount": MAX_RECEIVE_COUNT}
            ),
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )

    def _only_from(self, bus: EventBus | None) -> list[Statement]:
        if bus is None:
            return []
        return [
            {
                "Sid": "OnlyFromTheTopic",
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": self.arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": bus.topic.arn}},
            }
        ]

    def _policy(self, part: str, queue: aws.sqs.Queue, *statements: Statement) -> aws.sqs.QueuePolicy:
        policy = document(*statements, tls_only("sqs:*", [queue.arn]))
        return aws.sqs.QueuePolicy(self.child(part), queue_url=queue.url, policy=policy, opts=self.owned())

    @property
    def address(self) -> Mapping[str, pulumi.Input[str]]:
        """The queue's URL, for a process that publishes straight into its own queue."""
        return {"EVENTS_QUEUE_URL": self.url}

    def may_publish(self) -> Statement:
        """Send into this queue."""
        return allow("PublishEvents", ["sqs:SendMessage"], [self.arn])

    def may_receive(self) -> Statement:
        """Read this queue, and delete what was handled."""
        return allow("ReceiveOwnEvents", ["sqs:ReceiveMessage", "sqs:DeleteMessage"], [self.arn])


class Subscription(Component):
    """A service's queue, filled by the topic with the events that the service listens to, and no others."""

    def __init__(self, name: str, *, bus: EventBus, events: Collection[str], opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.queue = Queue(name, filled_by=bus, opts=self.owned())
        aws.sns.TopicSubscription(
            self.child("subscription"),
            topic=bus.topic.arn,
            protocol="sqs",
            endpoint=self.queue.arn,
            raw_message_delivery=True,  # the message is the CloudEvent, without SNS's envelope
            filter_policy=plain({"type": sorted(events)}),
            opts=self.owned(after=self.queue.policies),  # else the first events are refused, and lost
        )
        self.register_outputs({"queue_url": self.queue.url})
