"""Queues, topics and events."""

import json
from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.rule import BillingContext, Rule
from trackstack_infra.graph import Resource

# A larger message counts as several: https://aws.amazon.com/sqs/pricing/ and https://aws.amazon.com/sns/pricing/
_UNIT_KB: Final = 64
_REQUESTS_A_MESSAGE: Final = 3  # sent, received, deleted
_SIZE: Final = "sqs.kb_per_message"
_HOUR_S: Final = 3600


def queue(queue: Resource, context: BillingContext) -> Iterator[Meter]:
    """Polls of its consumers, which are as many whether or not there is a message; and what each message takes."""
    consumers = _consumers(queue, context)
    if not consumers:
        return  # a dead-letter queue: what is moved into it is not billed, and people read it
    # Without a wait each poll comes back at once; a consumer then asks again without pause, once a second at the least.
    wait_s = Decimal(queue.inputs.get("receiveWaitTimeSeconds") or 1)
    yield Meter(
        price="sqs.request",
        count=consumers * _HOUR_S / wait_s,
        billing=Billing.EACH_HOUR,
        only_running=True,
        note=f"{consumers} × a poll every {wait_s} s",
    )
    consumed = sum(1 for each in context.graph.all(queue.type) if _consumers(each, context))
    yield Meter(
        price="sqs.request",
        count=_REQUESTS_A_MESSAGE * _units(context) / consumed,
        billing=Billing.BY_USE,
        usage="sqs.messages",
        assumes=(_SIZE,),
        note=f"sent, received, deleted, in units of {_UNIT_KB} KB",
    )


def _units(context: BillingContext) -> Decimal:
    return max(Decimal(1), (context.assumed(_SIZE) / _UNIT_KB).to_integral_value(rounding=ROUND_CEILING))


def _consumers(queue: Resource, context: BillingContext) -> int:
    """How many tasks receive from it: those that are told its URL as their own queue."""
    return sum(
        int(service.inputs.get("desiredCount", 1))
        for service in context.graph.all("aws:ecs/service:Service")
        if queue.outputs.get("url") in _own_queues(service, context)
    )


def _own_queues(service: Resource, context: BillingContext) -> set[str]:
    task = context.by_output("aws:ecs/taskDefinition:TaskDefinition", "arn", service.inputs["taskDefinition"])
    containers: list[Mapping[str, Any]] = json.loads(task.inputs["containerDefinitions"])
    variables = (each for container in containers for each in container.get("environment") or ())
    return {each["value"] for each in variables if each["name"] == "QUEUE_URL"}


def topic(topic: Resource, context: BillingContext) -> Iterator[Meter]:
    """What is published to it; delivery to queues costs nothing."""
    if context.running:
        yield Meter(
            price="sns.publish",
            count=_units(context) * context.share(topic.type),
            billing=Billing.BY_USE,
            usage="sns.publishes",
            assumes=(_SIZE,),
            note=f"in units of {_UNIT_KB} KB",
        )


RULES: dict[str, Rule] = {
    "aws:sqs/queue:Queue": queue,
    "aws:sns/topic:Topic": topic,
}
