"""What the taggable resources of EC2 have in common: one create, one describe by id or filter, one delete."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore import xform_name

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import shaped, tags

_OVER = {"deleted", "deleting"}  # a NAT gateway or an endpoint shows for a while after its end


def nothing(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    """Changes that concern no call, as of flags that only the provider reads."""


def ec2_kind(
    token: str,
    *,
    kind: str,  # in tag specifications and ARNs: "vpc"
    one: str,  # what CreateX answers: "Vpc"
    many: str,  # what DescribeXs answers: "Vpcs"
    id_key: str,  # "VpcId"
    create: str,
    describe: str,
    delete: str,
    filters: Mapping[str, str],  # AWS's filter -> our input: what tells two of a kind apart, beside their tags
    same: Callable[[Found, Inputs], bool] = lambda found, inputs: True,  # and what no filter can say
    ids: str | None = None,  # "VpcIds"
    fixed: str = "",
    changes: str = "",
    shown: Mapping[str, str] | Callable[[Found, Inputs], Outputs] | None = None,
    before: Callable[[Inputs], Mapping[str, Any]] = lambda inputs: {},  # parameters of the create that fit no input
    after: Callable[
        [Client, str, Inputs, Inputs], object
    ] = nothing,  # brings in what create does not take, and changes
    more: Callable[[Client, Found], Mapping[str, Any]] = lambda client, found: {},  # what only another call tells
    remove: Callable[[Client, str, Outputs], object] | None = None,
    name_property: str | None = None,
    deletes_first: bool = False,
) -> Recipe:
    """The recipe of one kind."""

    def ask(client: Client, inputs: Inputs | None, **by: Any) -> Found | None:
        marks = (inputs or {}).get("tags") or {}
        for found in getattr(client, xform_name(describe))(**by)[many]:
            # The emulator does not filter NAT gateways by their tags.
            marked = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
            if found.get("State", "") not in _OVER and marks.items() <= marked.items():
                if inputs is not None and not same(found, inputs):
                    continue
                return complete(client, found)
        return None

    def complete(client: Client, found: Found) -> Found:
        owner = found.get("OwnerId", "")
        arn = f"arn:aws:ec2:{client.meta.region_name}:{owner}:{kind}/{found[id_key]}"
        return {"Arn": arn, **found, **more(client, found)}

    def make(client: Client, inputs: Inputs) -> Found:
        marked = tags(inputs)
        specification = [{"ResourceType": kind, "Tags": marked}] if marked else None
        answer = call(client, create, inputs, TagSpecifications=specification, **before(inputs))
        made = answer[one] if one else answer
        after(client, made[id_key], {}, inputs)
        # A create that answers with the whole resource needs no second question.
        return complete(client, made) if one else look(client, made[id_key], inputs) or {}

    def look(client: Client, ref: str, inputs: Inputs) -> Found | None:
        return ask(client, None, **{ids or f"{id_key}s": [ref]})

    def search(client: Client, inputs: Inputs) -> Found | None:
        marks = inputs.get("tags") or {}
        if not marks and name_property is None:
            return None  # nothing tells it from another stack's
        wanted = {f"tag:{key}": value for key, value in marks.items()}
        wanted |= {aws: inputs[ours] for aws, ours in filters.items() if inputs.get(ours) is not None}
        return ask(client, inputs, Filters=[{"Name": name, "Values": [str(value)]} for name, value in wanted.items()])

    return Recipe(
        token,
        service="ec2",
        fixed=fixed,
        changes=changes,
        name_property=name_property,
        make=make,
        look=look,
        identify=id_key,
        shown={"arn": "Arn"} if shown is None else shown,
        change=after,
        remove=remove or (lambda client, ref, outputs: getattr(client, xform_name(delete))(**{id_key: ref})),
        search=search,
        deletes_first=deletes_first,
        tagging=ec2_tags,
    )


def ec2_tags(client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
    """EC2 tags everything by its id, in one call."""
    if put:
        client.create_tags(Resources=[ref], Tags=shaped(put, "Key"))
    if drop:
        client.delete_tags(Resources=[ref], Tags=[{"Key": key} for key in drop])
