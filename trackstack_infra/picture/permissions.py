"""Arrows that IAM draws: what a part's role may do with another part's resources is what flows between them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.picture.diagram import Arrow, Flow
from trackstack_infra.picture.homes import Homes

# IAM's service prefix -> what moves. Logs, images, keys and interfaces are small print; mounts draw files.
FLOWS: Final = {
    "sqs": Flow.EVENT,
    "sns": Flow.EVENT,
    "events": Flow.EVENT,
    "s3": Flow.DATA,
    "dynamodb": Flow.DATA,
    "rds-db": Flow.DATA,
    "ecs": Flow.CONTROL,
    "lambda": Flow.CONTROL,
}
_TAKES: Final = re.compile(r":(Get(?!Queue|Topic)|BatchGet|Receive|Query|Scan)")
_GIVES: Final = re.compile(r":(Put|Send|Publish|Update|Invoke|Run|Stop|Delete(?!Message)|connect)")
SIGNS_IN: Final = "rds-db:connect"
DATABASE: Final = "aws:rds/instance:Instance"
FUNCTION: Final = "aws:lambda/function:Function"


@dataclass(frozen=True)
class Access:
    """What a role may do with one resource, by its ARN."""

    actor: Resource
    resource: str
    actions: tuple[str, ...]


def accesses(graph: Graph) -> Iterator[Access]:
    """Every allow of every role's inline policies, a resource each; needs a graph with fabricated outputs."""
    for policy in graph.all("aws:iam/rolePolicy:RolePolicy"):
        text = policy.inputs.get("policy")
        if not isinstance(text, str):
            continue
        statements = json.loads(text).get("Statement", [])
        for statement in statements if isinstance(statements, list) else [statements]:
            if statement.get("Effect") == "Allow":
                for resource in _listed(statement.get("Resource")):
                    yield Access(policy, resource, tuple(_listed(statement.get("Action"))))


def arrows_of_access(homes: Homes, outside: dict[str, str]) -> Iterator[Arrow]:
    """From the part that may to the part it may use; `outside` holds the parts that ARNs of other stacks stand for."""
    arns = {
        str(resource.outputs["arn"]): resource.urn for resource in homes.graph.resources if resource.outputs.get("arn")
    }
    joined: dict[tuple[str, str, Flow], set[str]] = {}

    def databases(arn: str) -> str:
        """A database user's ARN holds the resource id of the instance, not its ARN."""
        parts = set(re.split(r"[:/]", arn))
        return next((each.urn for each in homes.graph.all(DATABASE) if each.outputs.get("resourceId") in parts), "")

    for access in accesses(homes.graph):
        actor = homes.of(access.actor.urn)
        used = outside.get(access.resource) or homes.of(_owner(arns, access.resource) or databases(access.resource))
        for action in access.actions:
            flow = FLOWS.get(action.partition(":")[0])
            if actor and used and flow:
                joined.setdefault((actor, used, flow), set()).add(action)
    for (actor, used, flow), actions in joined.items():
        is_function = any(member.type == FUNCTION for member in homes.members.get(actor, ()))
        if (arrow := _arrow(actor, used, flow, actions, is_function=is_function)) is not None:
            yield arrow


def _arrow(actor: str, used: str, flow: Flow, actions: set[str], *, is_function: bool) -> Arrow | None:
    if SIGNS_IN in actions:
        return Arrow(actor, used, flow, "SQL", backward=True)
    takes = any(_TAKES.search(action) for action in actions) and flow is not Flow.CONTROL
    gives = any(_GIVES.search(action) for action in actions)
    if not (takes or gives):
        return None
    if flow is Flow.DATA and takes and (is_function or not gives):
        return Arrow(used, actor, flow)  # a function begins with what it reads, and so does who reads only
    # Who writes data may read it back to compare; an event that is read is another than the one that is sent.
    return Arrow(actor, used, flow, forward=gives, backward=takes and not (flow is Flow.DATA and gives))


def _owner(arns: dict[str, str], arn: str) -> str:
    """The resource an ARN names, or one that it lies in: an object of a bucket, a stream of a log group."""
    inside = [known for known in arns if arn == known or arn.startswith((f"{known}/", f"{known}:"))]
    return arns[max(inside, key=len)] if inside else ""


def _listed(value: Any) -> Iterable[str]:
    return [value] if isinstance(value, str) else [str(item) for item in value or ()]
