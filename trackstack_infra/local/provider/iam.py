"""IAM: roles and their inline policies. Nothing is enforced."""

from collections.abc import Mapping

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import shaped, tags


def _make_role(client: Client, inputs: Inputs) -> Found:
    found: Found = call(
        client,
        "CreateRole",
        inputs,
        RoleName=inputs["name"],
        AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
        Tags=tags(inputs),
    )["Role"]
    return found


def _role(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_role(RoleName=ref)["Role"]
    return found


def _change_role(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    if old.get("assumeRolePolicy") != new["assumeRolePolicy"]:
        client.update_assume_role_policy(RoleName=ref, PolicyDocument=new["assumeRolePolicy"])
    about = ("description", "maxSessionDuration")
    if [old.get(key) for key in about] != [new.get(key) for key in about]:
        call(client, "UpdateRole", new, RoleName=ref)
    if old.get("permissionsBoundary") != new.get("permissionsBoundary"):
        if new.get("permissionsBoundary"):
            client.put_role_permissions_boundary(RoleName=ref, PermissionsBoundary=new["permissionsBoundary"])
        else:
            client.delete_role_permissions_boundary(RoleName=ref)


def _delete_role(client: Client, ref: str, outputs: Outputs) -> None:
    for name in client.list_role_policies(RoleName=ref)["PolicyNames"]:
        client.delete_role_policy(RoleName=ref, PolicyName=name)
    if outputs.get("forceDetachPolicies"):
        for policy in client.list_attached_role_policies(RoleName=ref)["AttachedPolicies"]:
            client.detach_role_policy(RoleName=ref, PolicyArn=policy["PolicyArn"])
    client.delete_role(RoleName=ref)


def _tag_role(client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
    if put:
        client.tag_role(RoleName=ref, Tags=shaped(put, "Key"))
    if drop:
        client.untag_role(RoleName=ref, TagKeys=drop)


ROLE = Recipe(
    "aws:iam/role:Role",
    service="iam",
    fixed="name path",
    changes="assumeRolePolicy description maxSessionDuration forceDetachPolicies permissionsBoundary",
    name_property="name",
    make=_make_role,
    look=_role,
    identify="RoleName",
    shown=lambda found, inputs: {
        "arn": found["Arn"],
        "uniqueId": found["RoleId"],
        "createDate": found["CreateDate"].isoformat(),
    },
    change=_change_role,
    remove=_delete_role,
    search=lambda client, inputs: _role(client, inputs["name"], inputs),
    tagging=_tag_role,
)


def _put_policy(client: Client, inputs: Inputs) -> Found:
    role, name = inputs["role"], inputs["name"]
    client.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=inputs["policy"])
    return {"Id": f"{role}:{name}"}


def _policy(client: Client, ref: str, inputs: Inputs) -> Found:
    role, _, name = ref.partition(":")
    client.get_role_policy(RoleName=role, PolicyName=name)
    return {"Id": ref}


def _delete_policy(client: Client, ref: str, outputs: Outputs) -> None:
    role, _, name = ref.partition(":")
    client.delete_role_policy(RoleName=role, PolicyName=name)


ROLE_POLICY = Recipe(
    "aws:iam/rolePolicy:RolePolicy",
    service="iam",
    fixed="role name",
    changes="policy",
    name_property="name",
    make=_put_policy,
    look=_policy,
    identify="Id",
    shown={},
    change=lambda client, ref, old, new: _put_policy(client, new),
    remove=_delete_policy,
    search=lambda client, inputs: _policy(client, f"{inputs['role']}:{inputs['name']}", inputs),
)

RECIPES = (ROLE, ROLE_POLICY)
