"""EventBridge: rules on its default bus, and what they call. Locally no event of ECS ever comes."""

from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import TagResource, tags


def _put_rule(client: Client, inputs: Inputs) -> Found:
    call(client, "PutRule", inputs, Tags=tags(inputs))
    return _rule(client, inputs["name"], inputs)


def _rule(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_rule(Name=ref)
    return found


def _delete_rule(client: Client, ref: str, outputs: Outputs) -> None:
    client.delete_rule(Name=ref)


RULE = Recipe(
    "aws:cloudwatch/eventRule:EventRule",
    service="events",
    fixed="name",
    changes="description eventPattern state",
    name_property="name",
    make=_put_rule,
    look=_rule,
    identify="Name",
    shown={"arn": "Arn"},
    change=lambda client, ref, old, new: call(client, "PutRule", new),
    remove=_delete_rule,
    search=lambda client, inputs: _rule(client, inputs["name"], inputs),
    tagging=TagResource("ResourceARN", "Tags", "TagKeys", "Key"),
)


def _put_target(client: Client, inputs: Inputs) -> Found:
    letters, retries = inputs.get("deadLetterConfig"), inputs.get("retryPolicy")
    target: dict[str, Any] = {"Id": inputs["targetId"], "Arn": inputs["arn"]}
    if letters:
        target["DeadLetterConfig"] = {"Arn": letters["arn"]}
    if retries:
        target["RetryPolicy"] = {
            "MaximumEventAgeInSeconds": int(retries["maximumEventAgeInSeconds"]),
            "MaximumRetryAttempts": int(retries["maximumRetryAttempts"]),
        }
    client.put_targets(Rule=inputs["rule"], Targets=[target])
    return {"Id": f"{inputs['rule']}-{inputs['targetId']}"}


def _target(client: Client, ref: str, inputs: Inputs) -> Found | None:
    found = client.list_targets_by_rule(Rule=inputs["rule"])["Targets"]
    return {"Id": ref} if any(each["Id"] == inputs["targetId"] for each in found) else None


TARGET = Recipe(
    "aws:cloudwatch/eventTarget:EventTarget",
    service="events",
    fixed="rule targetId",
    changes="arn deadLetterConfig retryPolicy",
    make=_put_target,
    look=_target,
    identify="Id",
    shown={},
    change=lambda client, ref, old, new: _put_target(client, new),
    remove=lambda client, ref, outputs: client.remove_targets(Rule=outputs["rule"], Ids=[outputs["targetId"]]),
    search=lambda client, inputs: _target(client, f"{inputs['rule']}-{inputs['targetId']}", inputs),
    deletes_first=True,
)

RECIPES = (RULE, TARGET)
