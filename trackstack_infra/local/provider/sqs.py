"""SQS: queues and their policies."""

from collections.abc import Mapping
from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, attributes
from trackstack_infra.local.provider.tagging import tags

_ATTRIBUTES = {
    "visibilityTimeoutSeconds": "VisibilityTimeout",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "maxMessageSize": "MaximumMessageSize",
    "delaySeconds": "DelaySeconds",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "redrivePolicy": "RedrivePolicy",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "policy": "Policy",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
}


def _make(client: Client, inputs: Inputs) -> Found:
    url = client.create_queue(
        QueueName=inputs["name"], Attributes=attributes(inputs, _ATTRIBUTES), tags=tags(inputs, "map") or {}
    )["QueueUrl"]
    return _look(client, url, inputs)


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    return {"QueueUrl": ref, **client.get_queue_attributes(QueueUrl=ref, AttributeNames=["All"])["Attributes"]}


def _change(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    client.set_queue_attributes(QueueUrl=ref, Attributes=attributes(new, _ATTRIBUTES))


def _tag(client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
    if put:
        client.tag_queue(QueueUrl=ref, Tags=dict(put))
    if drop:
        client.untag_queue(QueueUrl=ref, TagKeys=drop)


def _search(client: Client, inputs: Inputs) -> Found:
    return _look(client, client.get_queue_url(QueueName=inputs["name"])["QueueUrl"], inputs)


def _remove(client: Client, ref: str, outputs: Outputs) -> None:
    client.delete_queue(QueueUrl=ref)


QUEUE = Recipe(
    "aws:sqs/queue:Queue",
    service="sqs",
    fixed="name",
    changes=" ".join(_ATTRIBUTES),
    name_property="name",
    make=_make,
    look=_look,
    identify="QueueUrl",
    shown={"arn": "QueueArn", "url": "QueueUrl"},
    change=_change,
    remove=_remove,
    search=_search,
    tagging=_tag,
)


def _put_policy(client: Client, inputs: Inputs) -> Found:
    client.set_queue_attributes(QueueUrl=inputs["queueUrl"], Attributes={"Policy": inputs["policy"]})
    return {"QueueUrl": inputs["queueUrl"]}


def _policy(client: Client, ref: str, inputs: Inputs) -> Found | None:
    answer: dict[str, Any] = client.get_queue_attributes(QueueUrl=ref, AttributeNames=["Policy"])
    return {"QueueUrl": ref} if answer.get("Attributes", {}).get("Policy") else None


QUEUE_POLICY = Recipe(
    "aws:sqs/queuePolicy:QueuePolicy",
    service="sqs",
    fixed="queueUrl",
    changes="policy",
    make=_put_policy,
    look=_policy,
    identify="QueueUrl",
    shown={},
    change=lambda client, ref, old, new: _put_policy(client, new),
    remove=lambda client, ref, outputs: client.set_queue_attributes(QueueUrl=ref, Attributes={"Policy": ""}),
    search=lambda client, inputs: _policy(client, inputs["queueUrl"], inputs),
)

RECIPES = (QUEUE, QUEUE_POLICY)
