"""Events between the services: who gets which, who may send, and what happens to those nobody can handle."""

import json

from trackstack_infra.graph import Graph

QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
TOPIC = "aws:sns/topic:Topic"
DAY_S = 24 * 60 * 60


def statements(policy: str) -> dict[str, dict[str, object]]:
    return {statement["Sid"]: statement for statement in json.loads(policy)["Statement"]}


def test_a_failed_event_is_kept(enterprise: Graph) -> None:
    """An event that expenses failed to handle ten times is kept as a dead letter."""
    redrive = json.loads(enterprise.one(QUEUE, "expenses-queue").inputs["redrivePolicy"])
    dead_letters = enterprise.one(QUEUE, "expenses-dead-letters")
    assert redrive == {"deadLetterTargetArn": dead_letters.outputs["arn"], "maxReceiveCount": 10}


def test_every_queue_has_its_dead_letters(architecture: Graph) -> None:
    """No queue drops what it cannot deliver: each names dead letters of its own."""
    queues = [each for each in architecture.all(QUEUE) if not each.name.endswith("-dead-letters")]
    kept = {each.name: json.loads(each.inputs["redrivePolicy"])["deadLetterTargetArn"] for each in queues}
    assert queues
    assert kept == {
        each.name: architecture.one(QUEUE, f"{each.name.removesuffix('-queue')}-dead-letters").outputs["arn"]
        for each in queues
    }


def test_dead_letters_are_kept_longer_than_the_queue_keeps_events(architecture: Graph) -> None:
    """A dead letter stays for 14 days, of which it may have spent 4 in the queue."""
    for queue in architecture.all(QUEUE):
        days = 14 if queue.name.endswith("-dead-letters") else 4
        assert queue.inputs["messageRetentionSeconds"] == days * DAY_S, queue.name


def test_a_service_has_a_minute_to_handle_a_batch(enterprise: Graph) -> None:
    """A received event stays hidden for 60 seconds, and a poll waits for 20."""
    queue = enterprise.one(QUEUE, "gym-queue")
    assert queue.inputs["visibilityTimeoutSeconds"] == 60
    assert queue.inputs["receiveWaitTimeSeconds"] == 20


def test_a_service_gets_only_the_events_it_listens_to(enterprise: Graph) -> None:
    """Expenses gets bills and workouts; gym and heating get expenses; nobody gets anything else."""
    wanted = {each.name: json.loads(each.inputs["filterPolicy"])["type"] for each in enterprise.all(SUBSCRIPTION)}
    expenses = [
        "dev.trackstack.expenses.expense.changed.v1",
        "dev.trackstack.expenses.expense.recorded.v1",
        "dev.trackstack.expenses.expense.removed.v1",
    ]
    assert wanted == {
        "expenses-subscription": [
            "dev.trackstack.gym.workout.amended.v1",
            "dev.trackstack.gym.workout.completed.v1",
            "dev.trackstack.gym.workout.removed.v1",
            "dev.trackstack.heating.bill.corrected.v1",
            "dev.trackstack.heating.bill.recorded.v1",
            "dev.trackstack.heating.bill.withdrawn.v1",
        ],
        "gym-subscription": expenses,
        "heating-subscription": expenses,
    }


def test_an_event_arrives_as_it_was_published(enterprise: Graph) -> None:
    """A service reads the CloudEvent itself, without an envelope of the topic around it."""
    for subscription in enterprise.all(SUBSCRIPTION):
        assert subscription.inputs["rawMessageDelivery"] is True
        assert subscription.inputs["protocol"] == "sqs"


def test_only_the_topic_may_send_to_a_service(enterprise: Graph) -> None:
    """A service's queue takes messages from our one topic, and over TLS only."""
    topic = enterprise.one(TOPIC, "events-topic").outputs["arn"]
    for domain in ("expenses", "gym", "heating"):
        queue = enterprise.one(QUEUE, f"{domain}-queue").outputs["arn"]
        policy = statements(enterprise.one(QUEUE_POLICY, f"{domain}-queue-policy").inputs["policy"])
        assert policy == {
            "OnlyFromTheTopic": {
                "Sid": "OnlyFromTheTopic",
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": queue,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
            },
            "DenyWithoutTls": {
                "Sid": "DenyWithoutTls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": [queue],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        }


def test_nobody_from_outside_sends_to_the_monolith(pragmatic: Graph) -> None:
    """The monolith's queue lets nobody in by its own policy: only the monolith's role may send."""
    policy = statements(pragmatic.one(QUEUE_POLICY, "monolith-queue-policy").inputs["policy"])
    assert list(policy) == ["DenyWithoutTls"]


def test_no_event_is_lost_before_the_queue_accepts_it(enterprise: Graph) -> None:
    """A subscription is made only when its queue already lets the topic in."""
    for domain in ("expenses", "gym", "heating"):
        policy = enterprise.one(QUEUE_POLICY, f"{domain}-queue-policy")
        assert enterprise.path(enterprise.one(SUBSCRIPTION, f"{domain}-subscription"), policy)


def test_events_are_encrypted_where_they_wait(architecture: Graph) -> None:
    """Queues are encrypted by SQS's own key, which the topic may use, and the topic by AWS's key for SNS."""
    assert all(queue.inputs["sqsManagedSseEnabled"] is True for queue in architecture.all(QUEUE))
    assert not any("kmsMasterKeyId" in queue.inputs for queue in architecture.all(QUEUE))
    assert all(topic.inputs["kmsMasterKeyId"] == "alias/aws/sns" for topic in architecture.all(TOPIC))
