"""Rules for queues and topics (rows 39 to 43): encrypted, closed to strangers, and nothing that fails is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.values import revealed
from trackstack_infra.policy.documents import allows, as_list, denies_without_tls, principals, strangers
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import blocks, refers, settings_of

QUEUE: Final = "aws:sqs/queue:Queue"
QUEUE_POLICIES: Final = ("aws:sqs/queuePolicy:QueuePolicy",)
REDRIVES: Final = ("aws:sqs/redrivePolicy:RedrivePolicy",)
TOPIC: Final = "aws:sns/topic:Topic"
TOPIC_POLICIES: Final = ("aws:sns/topicPolicy:TopicPolicy",)
SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
AWS_KEY: Final = "alias/aws/sns"
# Sends on behalf of a service that AWS's own key lets nobody use: type -> properties that name the topic.
_ALARMS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("alarmActions", "okActions", "insufficientDataActions"),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": ("alarmActions", "okActions", "insufficientDataActions"),
    "aws:cloudwatch/eventTarget:EventTarget": ("arn",),
}
_DEFAULT_RETENTION_S: Final = 345_600


def _queue_encrypted(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(QUEUE):
        if each.inputs.get("sqsManagedSseEnabled") is not True and not each.inputs.get("kmsMasterKeyId"):
            yield Finding(each.urn, "its messages are not encrypted at rest")


def _queue_key(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(QUEUE):
        if not each.inputs.get("kmsMasterKeyId"):
            yield Finding(each.urn, "it is encrypted with an SQS managed key")


def _dead_letters(graph: Graph) -> Iterator[Finding]:
    queues = graph.all(QUEUE)
    kept_in = list(_dead_letter_targets(graph))
    for each in queues:
        if any(refers(target, each) for target in kept_in):
            continue
        redrive = _redrive(graph, each)
        target = next((other for other in queues if refers(redrive.get("deadLetterTargetArn"), other)), None)
        if target is None:
            yield Finding(each.urn, "a message that its consumer cannot handle is retried until it expires, then lost")
        elif _retention(target) <= _retention(each):
            yield Finding(each.urn, f"{target.name} keeps dead letters no longer than the source queue keeps messages")


def _redrive(graph: Graph, queue: Resource) -> Mapping[str, Any]:
    texts = [queue.inputs.get("redrivePolicy")]
    texts += [each.inputs.get("redrivePolicy") for each in settings_of(graph, REDRIVES, "queueUrl", queue)]
    return next((found for found in map(_object, texts) if found), {})


def _object(text: Any) -> Mapping[str, Any]:
    value = revealed(text)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, Mapping) else {}


def _retention(queue: Resource) -> int:
    return int(queue.inputs.get("messageRetentionSeconds") or _DEFAULT_RETENTION_S)


def _dead_letter_targets(graph: Graph) -> Iterator[Any]:
    """The queues that failed messages, events, calls and schedules end in."""
    for each in graph.resources:
        yield _object(each.inputs.get("redrivePolicy")).get("deadLetterTargetArn")
        for config in blocks(each, "deadLetterConfig"):
            yield config.get("arn") or config.get("targetArn")
        for target in blocks(each, "target"):
            yield from (config.get("arn") for config in blocks(target, "deadLetterConfig"))
        for destination in blocks(each, "destinationConfig"):
            yield from (config.get("destination") for config in blocks(destination, "onFailure"))


def _no_strangers(type_: str, policies: tuple[str, ...], key: str) -> Any:
    def check(graph: Graph) -> Iterator[Finding]:
        for each in graph.all(type_):
            texts = [each.inputs.get("policy")]
            texts += [policy.inputs.get("policy") for policy in settings_of(graph, policies, key, each)]
            for who in (who for text in texts for who in strangers(text)):
                yield Finding(each.urn, f"its policy grants access to {who}")

    return check


def _tls_only(type_: str, policies: tuple[str, ...], key: str, action: str) -> Any:
    def check(graph: Graph) -> Iterator[Finding]:
        for each in graph.all(type_):
            arn = frozenset({str(each.outputs.get("arn"))})
            texts = [each.inputs.get("policy")]
            texts += [policy.inputs.get("policy") for policy in settings_of(graph, policies, key, each)]
            if not any(denies_without_tls(text, action=action, resources=arn) for text in texts):
                yield Finding(each.urn, "its policy does not deny requests without TLS")

    return check


def _rings(graph: Graph, topic: Resource) -> bool:
    """Whether an alarm, a budget or an event rule sends to the topic: those of other stacks are in its policy."""
    texts = [topic.inputs.get("policy")]
    texts += [each.inputs.get("policy") for each in settings_of(graph, TOPIC_POLICIES, "arn", topic)]
    if any(kind == "Service" for text in texts for one in allows(text) for kind, _ in principals(one)):
        return True
    return any(
        refers(target, topic)
        for type_, keys in _ALARMS.items()
        for each in graph.all(type_)
        for key in keys
        for target in as_list(each.inputs.get(key))
    )


def _topic_encrypted(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(TOPIC):
        if not each.inputs.get("kmsMasterKeyId") and not _rings(graph, each):
            yield Finding(each.urn, "its messages are not encrypted at rest")


def _alarms_encrypted(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(TOPIC):
        if not each.inputs.get("kmsMasterKeyId") and _rings(graph, each):
            yield Finding(each.urn, "alarm messages are not encrypted while SNS holds them")


def _alarms_heard(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(TOPIC):
        if each.inputs.get("kmsMasterKeyId") == AWS_KEY and _rings(graph, each):
            yield Finding(each.urn, f"alarms cannot publish to it: they may not use {AWS_KEY}")


def _topic_key(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(TOPIC):
        if each.inputs.get("kmsMasterKeyId") == AWS_KEY:
            yield Finding(each.urn, "it is encrypted with the AWS managed key")


def _subscribers(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(SUBSCRIPTION):
        if each.inputs.get("protocol") == "http":
            yield Finding(each.urn, "it delivers messages in clear text")


RULES: Final = (
    Rule(
        id="sqs-encrypted",
        row=39,
        title="Every queue is encrypted at rest.",
        verdict=Verdict.BLOCK,
        fsbp=("SQS.1",),
        checkov=("CKV_AWS_27",),
        trivy=("AWS-0096",),
        check=_queue_encrypted,
    ),
    Rule(
        id="sqs-customer-key",
        row=39,
        title="Queues are encrypted with a customer managed key.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV2_AWS_73",),
        trivy=("AWS-0135",),
        reason="An SQS managed key encrypts them too, without a charge per message.",
        price="$1.00 a key",
        check=_queue_key,
    ),
    Rule(
        id="sqs-dead-letters",
        row=40,
        title="Every queue has a dead-letter queue, which keeps messages longer than the queue itself.",
        verdict=Verdict.BLOCK,
        check=_dead_letters,
    ),
    Rule(
        id="sqs-no-strangers",
        row=40,
        title="No queue policy grants access to everyone or to another account.",
        verdict=Verdict.BLOCK,
        fsbp=("SQS.3",),
        checkov=("CKV_AWS_72", "CKV_AWS_168", "CKV_AWS_387"),
        trivy=("AWS-0097",),
        check=_no_strangers(QUEUE, QUEUE_POLICIES, "queueUrl"),
    ),
    Rule(
        id="sqs-tls-only",
        row=41,
        title="Every queue denies requests without TLS.",
        verdict=Verdict.BLOCK,
        check=_tls_only(QUEUE, QUEUE_POLICIES, "queueUrl", "sqs:*"),
    ),
    Rule(
        id="sns-tls-only",
        row=41,
        title="Every topic denies messages without TLS, and every subscription delivers over TLS.",
        verdict=Verdict.BLOCK,
        check=lambda graph: (
            *_tls_only(TOPIC, TOPIC_POLICIES, "arn", "sns:Publish")(graph),
            *_subscribers(graph),
        ),
    ),
    Rule(
        id="sns-no-strangers",
        row=42,
        title="No topic policy grants access to everyone or to another account.",
        verdict=Verdict.BLOCK,
        fsbp=("SNS.4",),
        checkov=("CKV_AWS_169", "CKV_AWS_385"),
        check=_no_strangers(TOPIC, TOPIC_POLICIES, "arn"),
    ),
    Rule(
        id="sns-encrypted",
        row=43,
        title="Every topic that carries the app's events is encrypted at rest.",
        verdict=Verdict.BLOCK,
        fsbp=("SNS.1",),
        checkov=("CKV_AWS_26",),
        trivy=("AWS-0095",),
        check=_topic_encrypted,
    ),
    Rule(
        id="sns-alarms-heard",
        row=43,
        title="A topic that alarms publish to does not use the AWS managed key, which alarms may not use.",
        verdict=Verdict.BLOCK,
        check=_alarms_heard,
    ),
    Rule(
        id="sns-alarms-encrypted",
        row=43,
        title="A topic that alarms publish to is encrypted with a customer managed key.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_26",),
        trivy=("AWS-0095",),
        reason="It holds resource names and numbers, for moments; alarms cannot use the free AWS managed key.",
        price="$1.00 a key",
        check=_alarms_encrypted,
    ),
    Rule(
        id="sns-customer-key",
        row=43,
        title="Topics are encrypted with a customer managed key.",
        verdict=Verdict.ACCEPT,
        trivy=("AWS-0136",),
        reason="The AWS managed key encrypts them too, free of charge.",
        price="$1.00 a key",
        check=_topic_key,
    ),
)
