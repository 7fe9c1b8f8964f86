"""DynamoDB: tables."""

from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs
from trackstack_infra.local.provider.tagging import TagResource, tags


def _capacity(inputs: Inputs) -> dict[str, Any]:
    if inputs.get("billingMode") == "PAY_PER_REQUEST":
        return {"BillingMode": "PAY_PER_REQUEST"}
    units = {
        "ReadCapacityUnits": int(inputs.get("readCapacity") or 1),
        "WriteCapacityUnits": int(inputs.get("writeCapacity") or 1),
    }
    return {"BillingMode": "PROVISIONED", "ProvisionedThroughput": units}


def _make(client: Client, inputs: Inputs) -> Found:
    keys = [{"AttributeName": inputs["hashKey"], "KeyType": "HASH"}]
    if inputs.get("rangeKey"):
        keys.append({"AttributeName": inputs["rangeKey"], "KeyType": "RANGE"})
    client.create_table(
        TableName=inputs["name"],
        KeySchema=keys,
        AttributeDefinitions=[
            {"AttributeName": each["name"], "AttributeType": each["type"]} for each in inputs["attributes"]
        ],
        DeletionProtectionEnabled=bool(inputs.get("deletionProtectionEnabled")),
        Tags=tags(inputs) or [],
        **_capacity(inputs),
    )
    if inputs.get("ttl"):
        _set_ttl(client, inputs["name"], inputs)
    return _look(client, inputs["name"], inputs)


def _set_ttl(client: Client, ref: str, inputs: Inputs) -> None:
    ttl = inputs.get("ttl") or {}
    attribute = ttl.get("attributeName")
    if attribute:
        specification = {"Enabled": bool(ttl.get("enabled")), "AttributeName": attribute}
        client.update_time_to_live(TableName=ref, TimeToLiveSpecification=specification)


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_table(TableName=ref)["Table"]
    return found


def _change(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    protected = bool(new.get("deletionProtectionEnabled"))
    client.update_table(TableName=ref, DeletionProtectionEnabled=protected, **_capacity(new))
    if old.get("ttl") != new.get("ttl"):
        _set_ttl(client, ref, new)


def _remove(client: Client, ref: str, outputs: Outputs) -> None:
    """Whoever asks has already been asked whether they mean it: `protect` is the engine's business."""
    if outputs.get("deletionProtectionEnabled"):
        client.update_table(TableName=ref, DeletionProtectionEnabled=False)
    client.delete_table(TableName=ref)


TABLE = Recipe(
    "aws:dynamodb/table:Table",
    service="dynamodb",
    fixed="name hashKey rangeKey attributes",
    changes="billingMode readCapacity writeCapacity ttl deletionProtectionEnabled",
    name_property="name",
    make=_make,
    look=_look,
    identify="TableName",
    shown={"arn": "TableArn"},
    change=_change,
    remove=_remove,
    search=lambda client, inputs: _look(client, inputs["name"], inputs),
    tagging=TagResource("ResourceArn", "Tags", "TagKeys", "Key"),
)

RECIPES = (TABLE,)
