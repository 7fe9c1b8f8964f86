"""SSM: parameters that tasks read when they start."""

from typing import Any

from trackstack_infra.local.provider.clients import ACCOUNT, Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs
from trackstack_infra.local.provider.tagging import tags


def _request(inputs: Inputs) -> dict[str, Any]:
    names = {"type": "Type", "description": "Description", "keyId": "KeyId", "tier": "Tier"}
    given = {aws: inputs[ours] for ours, aws in names.items() if inputs.get(ours)}
    return {"Name": inputs["name"], "Value": inputs["value"], **given}


def _make(client: Client, inputs: Inputs) -> Found:
    client.put_parameter(**_request(inputs), Overwrite=False, Tags=tags(inputs) or [])
    return _look(client, inputs["name"], inputs)


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_parameter(Name=ref, WithDecryption=True)["Parameter"]
    return found


def _tag(client: Client, ref: str, outputs: Outputs, put: Any, drop: list[str]) -> None:
    which = {"ResourceType": "Parameter", "ResourceId": ref}
    if put:
        client.add_tags_to_resource(**which, Tags=tags({"tags": put}))
    if drop:
        client.remove_tags_from_resource(**which, TagKeys=drop)


PARAMETER = Recipe(
    "aws:ssm/parameter:Parameter",
    service="ssm",
    fixed="name type",
    changes="value description keyId tier",
    name_property="name",
    make=_make,
    look=_look,
    identify="Name",
    shown=lambda found, inputs: {
        "arn": f"arn:aws:ssm:{found['ARN'].split(':')[3]}:{ACCOUNT}:parameter/{found['Name'].removeprefix('/')}",
        "version": found["Version"],
        "value": found["Value"],
    },
    change=lambda client, ref, old, new: client.put_parameter(**_request(new), Overwrite=True),
    remove=lambda client, ref, outputs: client.delete_parameter(Name=ref),
    search=lambda client, inputs: _look(client, inputs["name"], inputs),
    tagging=_tag,
)

RECIPES = (PARAMETER,)
