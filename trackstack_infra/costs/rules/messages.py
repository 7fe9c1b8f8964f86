"""Queues, topics and events."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.inputs import Inputs
from trackstack_infra.costs.rules.reasons import BEHAVIOUR, KEY_CALLS, LOGS, RIGHTS
from trackstack_infra.costs.rules.rule import BillingContext, Rule
from trackstack_infra.costs.rules.sizes import units_of
from trackstack_infra.costs.rules.tasks import desired
from trackstack_infra.graph import Resource

# A larger message counts as several: https://aws.amazon.com/sqs/pricing/ and https://aws.amazon.com/sns/pricing/
_UNIT_KB: Final = 64
_SIZE: Final = "sqs.kb_per_message"
_HOUR_S: Final = 3600


def queue(queue: Resource, context: BillingContext) -> Iterator[Meter]:
    """Polls of its consumers, which are as many whether or not there is a message; and what each message takes."""
    consumers = _consumers(queue, context)
    if not consumers:
        return  # a dead-letter queue: what is moved into it is not billed, and people read it
    # Without a wait each poll comes back at once; a consumer then asks again without pause, once a second at the least.
    wait_s = Decimal(queue.inputs.get("receiveWaitTimeSeconds") or 1)
    price = "sqs.fifo_request" if queue.inputs.get("fifoQueue") else "sqs.request"
    yield Meter(
        price=price,
        count=consumers * _HOUR_S / wait_s,
        billing=Billing.EACH_HOUR,
        only_running=True,
        note=f"{consumers} × a poll every {wait_s} s",
    )
    consumed = sum(1 for each in context.graph.all(queue.type) if _consumers(each, context))
    yield Meter(
        price=price,
        count=(2 * units_of(context.sizes(_SIZE), _UNIT_KB) + 1) / consumed,
        billing=Billing.BY_USE,
        usage="sqs.messages",
        assumes=(_SIZE,),
        note=f"sent and received in units of {_UNIT_KB} KB, and deleted, which is one",
    )


def _consumers(queue: Resource, context: BillingContext) -> int:
    """How many tasks receive from it: those that are told its URL as their own queue."""
    return sum(
        int(desired(service))
        for service in context.graph.all("aws:ecs/service:Service")
        if queue.outputs.get("url") in _own_queues(service, context)
    )


def _own_queues(service: Resource, context: BillingContext) -> set[str]:
    task = context.by_output("aws:ecs/taskDefinition:TaskDefinition", "arn", service.inputs.get("taskDefinition"))
    containers: list[Mapping[str, Any]] = json.loads(task.inputs["containerDefinitions"])
    variables = (each for container in containers for each in container.get("environment") or ())
    return {each["value"] for each in variables if each["name"] == "QUEUE_URL"}


def topic(topic: Resource, context: BillingContext) -> Iterator[Meter]:
    """What is published to it; delivery to queues costs nothing."""
    if context.running:
        yield Meter(
            price="sns.publish",
            count=units_of(context.sizes(_SIZE), _UNIT_KB) * context.share(topic.type),
            billing=Billing.BY_USE,
            usage="sns.publishes",
            assumes=(_SIZE,),
            note=f"in units of {_UNIT_KB} KB",
        )


_QUEUE = Inputs(
    reads="fifoQueue receiveWaitTimeSeconds",
    neutral={
        BEHAVIOUR: "contentBasedDeduplication deduplicationScope delaySeconds fifoThroughputLimit maxMessageSize"
        " messageRetentionSeconds redriveAllowPolicy redrivePolicy sqsManagedSseEnabled visibilityTimeoutSeconds",
        RIGHTS: "policy",
    },
    unpriced={KEY_CALLS: "kmsMasterKeyId kmsDataKeyReusePeriodSeconds"},
)
_FEEDBACK: Final = ("application", "firehose", "http", "lambda", "sqs")
_TOPIC = Inputs(
    neutral={
        BEHAVIOUR: "contentBasedDeduplication deliveryPolicy displayName maximumMessageSize signatureVersion",
        RIGHTS: "policy",
    },
    unpriced={
        "makes it a FIFO topic, whose price the snapshot lacks": "fifoTopic fifoThroughputScope",
        "keeps messages, which is billed": "archivePolicy",
        "writes traces": "tracingConfig=PassThrough",
        LOGS: " ".join(
            f"{each}{name}"
            for each in _FEEDBACK
            for name in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
        ),
        f"{KEY_CALLS}, unless it is AWS's own for SNS, whose few calls are free": "kmsMasterKeyId=alias/aws/sns",
    },
)

RULES: dict[str, Rule] = {
    "aws:sqs/queue:Queue": Rule(queue, _QUEUE),
    "aws:sns/topic:Topic": Rule(topic, _TOPIC),
}
