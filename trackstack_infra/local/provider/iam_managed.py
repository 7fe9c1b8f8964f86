"""IAM: managed policies, their attachment to roles, and the providers of other people's identities."""

from collections.abc import Mapping

from trackstack_infra.local.provider.clients import ACCOUNT, Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe, Tagging
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import shaped, tags


def _tagged(thing: str, key: str) -> Tagging:
    """`tag_<thing>` and `untag_<thing>`, which want the ARN under KEY."""

    def tag(client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
        if put:
            getattr(client, f"tag_{thing}")(**{key: ref}, Tags=shaped(put, "Key"))
        if drop:
            getattr(client, f"untag_{thing}")(**{key: ref}, TagKeys=drop)

    return tag


def _make_policy(client: Client, inputs: Inputs) -> Found:
    found: Found = call(
        client, "CreatePolicy", inputs, PolicyName=inputs["name"], PolicyDocument=inputs["policy"], Tags=tags(inputs)
    )["Policy"]
    return found


def _policy(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_policy(PolicyArn=ref)["Policy"]
    return found


def _older(client: Client, ref: str) -> list[str]:
    versions = client.list_policy_versions(PolicyArn=ref)["Versions"]
    return [each["VersionId"] for each in versions if not each["IsDefaultVersion"]]


def _change_policy(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    """A new version in force; the one before it goes, as five is all that AWS keeps."""
    if old.get("policy") != new["policy"]:
        client.create_policy_version(PolicyArn=ref, PolicyDocument=new["policy"], SetAsDefault=True)
        for version in _older(client, ref):
            client.delete_policy_version(PolicyArn=ref, VersionId=version)


def _delete_policy(client: Client, ref: str, outputs: Outputs) -> None:
    for version in _older(client, ref):
        client.delete_policy_version(PolicyArn=ref, VersionId=version)
    client.delete_policy(PolicyArn=ref)


def _arn(inputs: Inputs) -> str:
    return f"arn:aws:iam::{ACCOUNT}:policy{inputs.get('path') or '/'}{inputs['name']}"


POLICY = Recipe(
    "aws:iam/policy:Policy",
    service="iam",
    fixed="name path description",
    changes="policy",
    name_property="name",
    make=_make_policy,
    look=_policy,
    identify="Arn",
    shown={"arn": "Arn", "policyId": "PolicyId"},
    change=_change_policy,
    remove=_delete_policy,
    search=lambda client, inputs: _policy(client, _arn(inputs), inputs),
    tagging=_tagged("policy", "PolicyArn"),
)


def _attached(client: Client, role: str, policy: str) -> Found | None:
    pages = client.get_paginator("list_attached_role_policies").paginate(RoleName=role)
    arns = {each["PolicyArn"] for page in pages for each in page["AttachedPolicies"]}
    return {"Id": f"{role}/{policy}"} if policy in arns else None


def _attach(client: Client, inputs: Inputs) -> Found:
    client.attach_role_policy(RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
    return {"Id": f"{inputs['role']}/{inputs['policyArn']}"}


ATTACHMENT = Recipe(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    service="iam",
    fixed="role policyArn",
    make=_attach,
    look=lambda client, ref, inputs: _attached(client, *ref.split("/", 1)),
    identify="Id",
    shown={},
    remove=lambda client, ref, outputs: client.detach_role_policy(
        RoleName=outputs["role"], PolicyArn=outputs["policyArn"]
    ),
    search=lambda client, inputs: _attached(client, inputs["role"], inputs["policyArn"]),
)


def _provider(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_open_id_connect_provider(OpenIDConnectProviderArn=ref)
    return {**found, "Arn": ref}


def _make_provider(client: Client, inputs: Inputs) -> Found:
    arn = client.create_open_id_connect_provider(
        Url=inputs["url"],
        ClientIDList=inputs["clientIdLists"],
        ThumbprintList=[],
        Tags=tags(inputs) or [],
    )["OpenIDConnectProviderArn"]
    return _provider(client, arn, inputs)


def _search_provider(client: Client, inputs: Inputs) -> Found:
    host = inputs["url"].removeprefix("https://")
    return _provider(client, f"arn:aws:iam::{ACCOUNT}:oidc-provider/{host}", inputs)


OPEN_ID_CONNECT_PROVIDER = Recipe(
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    service="iam",
    fixed="url clientIdLists",  # AWS can change the audiences, moto cannot
    make=_make_provider,
    look=_provider,
    identify="Arn",
    shown={"arn": "Arn"},
    remove=lambda client, ref, outputs: client.delete_open_id_connect_provider(OpenIDConnectProviderArn=ref),
    search=_search_provider,
    tagging=_tagged("open_id_connect_provider", "OpenIDConnectProviderArn"),
    deletes_first=True,  # one of an address
)

RECIPES = (POLICY, ATTACHMENT, OPEN_ID_CONNECT_PROVIDER)
