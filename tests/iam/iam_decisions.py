"""Who may do what: IAM's decision about one call, out of recorded graphs.

Identity policies, the role's boundary and the policies of queues, topics, buckets and file systems, as IAM weighs them
within one account: an explicit denial anywhere wins; else both the boundary and some policy must allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from iam_conditions import Context, NotUnderstood, holds, matches

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.fabricated_answers import ACCOUNT
from trackstack_infra.policy.documents import as_list, principals, statements

NOBODY_ALLOWS: Final = "no statement allows it"
_ROLE: Final = "aws:iam/role:Role"
_POLICY: Final = "aws:iam/policy:Policy"
# Type of a resource's policy -> the input that says of which resource, that resource's type, and its output.
_OF_RESOURCES: Final = {
    "aws:sqs/queuePolicy:QueuePolicy": ("queueUrl", "aws:sqs/queue:Queue", "url"),
    "aws:sns/topicPolicy:TopicPolicy": ("arn", "aws:sns/topic:Topic", "arn"),
    "aws:s3/bucketPolicy:BucketPolicy": ("bucket", "aws:s3/bucket:Bucket", "bucket"),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": ("fileSystemId", "aws:efs/fileSystem:FileSystem", "id"),
}


@dataclass(frozen=True)
class Decision:
    """IAM's answer, and the Sid of the statement it rests on."""

    allowed: bool
    why: str


def may(
    graphs: Graph | Sequence[Graph], who: str, action: str, resource: str, context: Context | None = None
) -> Decision:
    """Whether WHO, a role's name or a service such as sns.amazonaws.com, may do ACTION to the ARN RESOURCE.

    GRAPHS are the stacks that share the account: a role's boundary, or a bucket's policy, may be in another stack than
    the role. CONTEXT adds to what every call has; calls are with TLS unless it says otherwise.
    """
    account = [graphs] if isinstance(graphs, Graph) else list(graphs)
    known: dict[str, str | Sequence[str]] = {"aws:SecureTransport": "true", "aws:ResourceAccount": ACCOUNT}
    call = _Call(action, resource, {**known, **(context or {})})
    if who.endswith(".amazonaws.com"):
        return _decide(call, [_of_resource(account, resource, ("Service", who))])
    role = _role(account, who)
    own = list(_of_identity(account, role))
    theirs = _of_resource(account, resource, ("AWS", str(role.outputs["arn"])))
    boundary = role.inputs.get("permissionsBoundary")
    if boundary:
        return _decide(call, [[*own, *theirs], list(statements(_managed(account, boundary)))])
    return _decide(call, [[*own, *theirs]])


def trusts(graph: Graph, role: str, claims: Mapping[str, str]) -> bool:
    """Whether a token with these CLAIMS (`iss`, `aud`, `sub` and others) may take on ROLE."""
    issuer = claims["iss"].removeprefix("https://")
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"
    context = {f"{issuer}:{claim}": value for claim, value in claims.items()}
    allowed = False
    for statement in statements(_role([graph], role).inputs["assumeRolePolicy"]):
        concerned = (
            ("Federated", provider) in principals(statement)
            and "sts:AssumeRoleWithWebIdentity" in as_list(statement["Action"])
            and holds(statement.get("Condition"), context)
        )
        if concerned and statement["Effect"] == "Deny":
            return False
        allowed = allowed or concerned
    return allowed


@dataclass(frozen=True)
class _Call:
    action: str
    resource: str
    context: Context

    def is_meant_by(self, statement: Mapping[str, Any]) -> bool:
        return (
            self._within(statement, "Action", self.action.lower(), lower=True)
            and self._within(statement, "Resource", self.resource)
            and holds(statement.get("Condition"), self.context)
        )

    @staticmethod
    def _within(statement: Mapping[str, Any], key: str, value: str, *, lower: bool = False) -> bool:
        """Actions are the same in capitals, resources are not."""
        inverted = f"Not{key}" in statement
        listed = as_list(statement[f"Not{key}" if inverted else key])
        return inverted != any(matches(each.lower() if lower else each, value) for each in listed)


def _decide(call: _Call, layers: Sequence[Sequence[Mapping[str, Any]]]) -> Decision:
    """Every layer must allow, the first of them says why; a denial in any is the end of it."""
    meant = [[each for each in layer if call.is_meant_by(each)] for layer in layers]
    for statement in (each for layer in meant for each in layer):
        if statement["Effect"] == "Deny":
            return Decision(False, _name(statement))
    allowing = [next(iter(layer), None) for layer in meant]
    if allowing[0] is None:
        return Decision(False, NOBODY_ALLOWS)
    if None in allowing:
        return Decision(False, "beyond the boundary")
    return Decision(True, _name(allowing[0]))


def _name(statement: Mapping[str, Any]) -> str:
    return str(statement.get("Sid", "a statement without Sid"))


def _role(graphs: Sequence[Graph], name: str) -> Resource:
    for graph in graphs:
        for each in graph.all(_ROLE):
            if each.outputs["name"] == name:
                return each
    there = ", ".join(sorted(str(each.outputs["name"]) for graph in graphs for each in graph.all(_ROLE)))
    raise LookupError(f"there is no role {name!r}; there are {there or 'none'}")


def _of_identity(graphs: Sequence[Graph], role: Resource) -> Iterator[Mapping[str, Any]]:
    name = role.outputs["name"]
    for graph in graphs:
        for each in graph.all("aws:iam/rolePolicy:RolePolicy"):
            if each.inputs["role"] == name:
                yield from statements(each.inputs["policy"])
        for each in graph.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment"):
            if each.inputs["role"] == name:
                yield from statements(_managed(graphs, each.inputs["policyArn"]))


def _managed(graphs: Sequence[Graph], arn: str) -> str:
    for graph in graphs:
        for each in graph.all(_POLICY):
            if each.outputs["arn"] == arn:
                return str(each.inputs["policy"])
    raise LookupError(f"policy {arn} is in none of the graphs of {', '.join(graph.stack for graph in graphs)}")


def _of_resource(graphs: Sequence[Graph], arn: str, who: tuple[str, str]) -> list[Mapping[str, Any]]:
    """The statements about WHO in the policy of the resource that ARN is, or lies in."""
    found = []
    for graph in graphs:
        for type_, (key, of, output) in _OF_RESOURCES.items():
            for policy in graph.all(type_):
                owner = next(each for each in graph.all(of) if each.outputs[output] == policy.inputs[key])
                whole = str(owner.outputs["arn"])
                if arn == whole or arn.startswith(f"{whole}/"):
                    found += [each for each in statements(policy.inputs["policy"]) if _is_about(each, who)]
    return found


def _is_about(statement: Mapping[str, Any], who: tuple[str, str]) -> bool:
    if "NotPrincipal" in statement:
        raise NotUnderstood("NotPrincipal is not evaluated")
    named = set(principals(statement))
    return who in named or ("AWS", "*") in named
