"""CloudFront: policies for the headers of responses."""

from typing import Any

from trackstack_infra.local.provider.clients import ACCOUNT, Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, typed


def _config(client: Client, inputs: Inputs) -> dict[str, Any]:
    shape = client.meta.service_model.shape_for("ResponseHeadersPolicyConfig")
    # Pulumi nests as Terraform does, which spells one block by more than AWS does.
    security = dict(inputs.get("securityHeadersConfig") or {})
    config: dict[str, Any] = typed(
        {"name": inputs["name"], "comment": inputs.get("comment") or "", "securityHeadersConfig": security},
        shape,
        where="responseHeadersPolicy",
    )
    return config


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    answer = client.get_response_headers_policy(Id=ref)
    return {**answer["ResponseHeadersPolicy"], "ETag": answer["ETag"]}


def _make(client: Client, inputs: Inputs) -> Found:
    answer = client.create_response_headers_policy(ResponseHeadersPolicyConfig=_config(client, inputs))
    return {**answer["ResponseHeadersPolicy"], "ETag": answer["ETag"]}


def _change(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    mark = _look(client, ref, new)["ETag"]
    client.update_response_headers_policy(Id=ref, IfMatch=mark, ResponseHeadersPolicyConfig=_config(client, new))


def _delete(client: Client, ref: str, outputs: Outputs) -> None:
    client.delete_response_headers_policy(Id=ref, IfMatch=_look(client, ref, {})["ETag"])


def _search(client: Client, inputs: Inputs) -> Found | None:
    every = client.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"].get("Items", [])
    policies = [each["ResponseHeadersPolicy"] for each in every]
    same = [each for each in policies if each["ResponseHeadersPolicyConfig"]["Name"] == inputs["name"]]
    return _look(client, same[0]["Id"], inputs) if same else None


RESPONSE_HEADERS_POLICY = Recipe(
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    service="cloudfront",
    changes="name comment securityHeadersConfig",
    name_property="name",
    make=_make,
    look=_look,
    identify="Id",
    shown=lambda found, inputs: {
        "arn": f"arn:aws:cloudfront::{ACCOUNT}:response-headers-policy/{found['Id']}",
        "etag": found["ETag"],
    },
    change=_change,
    remove=_delete,
    search=_search,
)

RECIPES = (RESPONSE_HEADERS_POLICY,)
