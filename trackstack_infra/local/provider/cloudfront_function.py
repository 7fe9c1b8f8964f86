"""CloudFront: functions, published as they are made."""

from collections.abc import Mapping
from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs
from trackstack_infra.local.provider.tagging import shaped, tags


def _source(inputs: Inputs) -> dict[str, Any]:
    config = {"Comment": inputs.get("comment") or "", "Runtime": inputs["runtime"]}
    return {"Name": inputs["name"], "FunctionConfig": config, "FunctionCode": inputs["code"].encode()}


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    answer = client.describe_function(Name=ref)
    return {**answer["FunctionSummary"], "ETag": answer["ETag"]}


def _publish(client: Client, inputs: Inputs, mark: str) -> None:
    if inputs.get("publish") is not False:
        client.publish_function(Name=inputs["name"], IfMatch=mark)


def _make(client: Client, inputs: Inputs) -> Found:
    given = tags(inputs)
    answer = client.create_function(**_source(inputs), **({"Tags": {"Items": given}} if given else {}))
    _publish(client, inputs, answer["ETag"])
    return _look(client, inputs["name"], inputs)


def _change(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    mark = client.update_function(**_source(new), IfMatch=_look(client, ref, new)["ETag"])["ETag"]
    _publish(client, new, mark)


def _tag(client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
    if put:
        client.tag_resource(Resource=outputs["arn"], Tags={"Items": shaped(put, "Key")})
    if drop:
        client.untag_resource(Resource=outputs["arn"], TagKeys={"Items": drop})


FUNCTION = Recipe(
    "aws:cloudfront/function:Function",
    service="cloudfront",
    fixed="name",
    changes="code comment publish runtime",
    name_property="name",
    make=_make,
    look=_look,
    identify="Name",
    shown=lambda found, inputs: {
        "arn": found["FunctionMetadata"]["FunctionARN"],
        "etag": found["ETag"],
        "status": found["Status"],
    },
    change=_change,
    remove=lambda client, ref, outputs: client.delete_function(Name=ref, IfMatch=_look(client, ref, {})["ETag"]),
    search=lambda client, inputs: _look(client, inputs["name"], inputs),
    tagging=_tag,
)

RECIPES = (FUNCTION,)
