"""Queues and topics: encrypted, closed to strangers, and nothing that fails is lost."""

import json
from collections.abc import Callable
from typing import Any

import pytest

QUEUE = "aws:sqs/queue:Queue"
TOPIC = "aws:sns/topic:Topic"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
Q = "arn:aws:sqs:us-east-1:123456789012:q"
DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"
T = "arn:aws:sns:us-east-1:123456789012:t"
RINGS = (ALARM, "alarm", {"alarmActions": [T]})


def text(*statements: Any) -> str:
    return json.dumps({"Statement": list(statements)})


def tls(action: str, arn: str) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": [arn],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def queue(**inputs: Any) -> tuple[Any, ...]:
    return QUEUE, "q", {"name": "q", **inputs}


def topic(**inputs: Any) -> tuple[Any, ...]:
    return TOPIC, "t", {"name": "t", **inputs}


def dead(seconds: int) -> tuple[Any, ...]:
    return QUEUE, "dead", {"name": "dead", "messageRetentionSeconds": seconds}


REDRIVE = json.dumps({"deadLetterTargetArn": DEAD, "maxReceiveCount": 10})
EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": Q}
FROM_TOPIC = {
    "Effect": "Allow",
    "Principal": {"Service": "sns.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": Q,
    "Condition": {"ArnEquals": {"aws:SourceArn": T}},
}
CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "sqs-encrypted": ([queue()], [queue(sqsManagedSseEnabled=True)]),
    "sqs-customer-key": ([queue(sqsManagedSseEnabled=True)], [queue(kmsMasterKeyId="alias/mine")]),
    "sqs-dead-letters": ([queue()], [queue(redrivePolicy=REDRIVE), dead(1_209_600)]),
    "sqs-no-strangers": ([queue(policy=text(EVERYBODY))], [queue(policy=text(FROM_TOPIC))]),
    "sqs-tls-only": ([queue()], [queue(policy=text(tls("sqs:*", Q)))]),
    "sns-tls-only": ([topic()], [topic(policy=text(tls("sns:Publish", T)))]),
    "sns-no-strangers": ([topic(policy=text({**EVERYBODY, "Resource": T}))], [topic(policy=text(tls("*", T)))]),
    "sns-encrypted": ([topic()], [topic(kmsMasterKeyId="alias/aws/sns")]),
    "sns-alarms-heard": ([topic(kmsMasterKeyId="alias/aws/sns"), RINGS], [topic(), RINGS]),
    "sns-alarms-encrypted": ([topic(), RINGS], [topic(kmsMasterKeyId="alias/mine"), RINGS]),
    "sns-customer-key": ([topic(kmsMasterKeyId="alias/aws/sns")], [topic(kmsMasterKeyId="alias/mine")]),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_sees_what_breaks_it_and_lets_pass_what_keeps_it(broken_by: Callable[..., list[str]], rule: str) -> None:
    """Each rule for queues and topics finds the bad one, and nothing in the good one."""
    broken, kept = CASES[rule]
    assert broken_by(rule, broken)
    assert broken_by(rule, kept) == []


def test_dead_letters_outlive_their_queue(broken_by: Callable[..., list[str]]) -> None:
    """A dead letter keeps its age, so one kept no longer than in its queue would be gone at once."""
    parts = [queue(redrivePolicy=REDRIVE, messageRetentionSeconds=345_600), dead(345_600)]
    assert broken_by("sqs-dead-letters", parts) == [
        "dead keeps dead letters no longer than the source queue keeps messages"
    ]
