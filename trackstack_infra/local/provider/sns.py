"""SNS: topics, their policies, and what is delivered from them where."""

import json
from collections.abc import Mapping

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, attributes
from trackstack_infra.local.provider.tagging import TagResource, tags

_TOPIC = {
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "deliveryPolicy": "DeliveryPolicy",
    "tracingConfig": "TracingConfig",
    "signatureVersion": "SignatureVersion",
    "policy": "Policy",
}
_DEFAULT_POLICY_ID = "__default_policy_ID"


def _make_topic(client: Client, inputs: Inputs) -> Found:
    answer = client.create_topic(Name=inputs["name"], Attributes=attributes(inputs, _TOPIC), Tags=tags(inputs) or [])
    return _topic(client, answer["TopicArn"], inputs)


def _topic(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_topic_attributes(TopicArn=ref)["Attributes"]
    return found


def _change_topic(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    before = attributes(old, _TOPIC)
    for name, value in {**dict.fromkeys(before, ""), **attributes(new, _TOPIC)}.items():
        if before.get(name) != value:
            client.set_topic_attributes(TopicArn=ref, AttributeName=name, AttributeValue=value)


def _topic_by_name(client: Client, inputs: Inputs) -> Found | None:
    topics = client.list_topics()["Topics"]
    arns = [each["TopicArn"] for each in topics if each["TopicArn"].rpartition(":")[2] == inputs["name"]]
    return _topic(client, arns[0], inputs) if arns else None


TOPIC = Recipe(
    "aws:sns/topic:Topic",
    service="sns",
    fixed="name",
    changes=" ".join(_TOPIC),
    name_property="name",
    make=_make_topic,
    look=_topic,
    identify="TopicArn",
    shown={"arn": "TopicArn", "owner": "Owner"},
    change=_change_topic,
    remove=lambda client, ref, outputs: client.delete_topic(TopicArn=ref),
    search=_topic_by_name,
    tagging=TagResource("ResourceArn", "Tags", "TagKeys", "Key"),
)


def _put_policy(client: Client, inputs: Inputs) -> Found:
    client.set_topic_attributes(TopicArn=inputs["arn"], AttributeName="Policy", AttributeValue=inputs["policy"])
    return _topic(client, inputs["arn"], inputs)


def _policy(client: Client, ref: str, inputs: Inputs) -> Found | None:
    found = _topic(client, ref, inputs)
    return None if json.loads(found["Policy"]).get("Id") == _DEFAULT_POLICY_ID else found


def _reset_policy(client: Client, ref: str, outputs: Outputs) -> None:
    """A topic is never without a policy; the one AWS makes it with lets its owner alone in."""
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes", "SNS:SetTopicAttributes"],
        "Resource": ref,
        "Condition": {"StringEquals": {"AWS:SourceOwner": outputs["owner"]}},
    }
    policy = {"Version": "2008-10-17", "Id": _DEFAULT_POLICY_ID, "Statement": [statement]}
    client.set_topic_attributes(TopicArn=ref, AttributeName="Policy", AttributeValue=json.dumps(policy))


TOPIC_POLICY = Recipe(
    "aws:sns/topicPolicy:TopicPolicy",
    service="sns",
    fixed="arn",
    changes="policy",
    make=_put_policy,
    look=_policy,
    identify="TopicArn",
    shown={"owner": "Owner"},
    change=lambda client, ref, old, new: _put_policy(client, new),
    remove=_reset_policy,
    search=lambda client, inputs: _policy(client, inputs["arn"], inputs),
)

_SUBSCRIPTION: Mapping[str, str] = {
    "rawMessageDelivery": "RawMessageDelivery",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "redrivePolicy": "RedrivePolicy",
    "deliveryPolicy": "DeliveryPolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}


def _subscribe(client: Client, inputs: Inputs) -> Found:
    answer = client.subscribe(
        TopicArn=inputs["topic"],
        Protocol=inputs["protocol"],
        Endpoint=inputs["endpoint"],
        Attributes=attributes(inputs, _SUBSCRIPTION),
        ReturnSubscriptionArn=True,
    )
    return _subscription(client, answer["SubscriptionArn"], inputs)


def _subscription(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_subscription_attributes(SubscriptionArn=ref)["Attributes"]
    return found


def _change_subscription(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    before = attributes(old, _SUBSCRIPTION)
    # An empty policy is how AWS takes one away.
    for name, value in {**dict.fromkeys(before, "{}"), **attributes(new, _SUBSCRIPTION)}.items():
        if before.get(name) != value:
            client.set_subscription_attributes(SubscriptionArn=ref, AttributeName=name, AttributeValue=value)


def _same_subscription(client: Client, inputs: Inputs) -> Found | None:
    for each in client.list_subscriptions_by_topic(TopicArn=inputs["topic"])["Subscriptions"]:
        if (each["Protocol"], each["Endpoint"]) == (inputs["protocol"], inputs["endpoint"]):
            return _subscription(client, each["SubscriptionArn"], inputs)
    return None


TOPIC_SUBSCRIPTION = Recipe(
    "aws:sns/topicSubscription:TopicSubscription",
    service="sns",
    fixed="topic protocol endpoint",
    changes=" ".join(_SUBSCRIPTION),
    make=_subscribe,
    look=_subscription,
    identify="SubscriptionArn",
    shown=lambda found, inputs: {
        "arn": found["SubscriptionArn"],
        "ownerId": found.get("Owner", ""),
        "pendingConfirmation": found.get("PendingConfirmation") == "true",
    },
    change=_change_subscription,
    remove=lambda client, ref, outputs: client.unsubscribe(SubscriptionArn=ref),
    search=_same_subscription,
)

RECIPES = (TOPIC, TOPIC_POLICY, TOPIC_SUBSCRIPTION)
