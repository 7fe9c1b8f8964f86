"""Rules for IAM (rows 58 to 60): what roles may do, and who may take them on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.values import revealed
from trackstack_infra.policy.actions import BOUNDED, CONFINED, CREDENTIALS, NEVER, covered, covers, needs_star
from trackstack_infra.policy.documents import allows, as_list, principals, strangers
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import all_of, blocks, refers, settings_of
from trackstack_infra.policy.trust import AUDIENCE, HOST, faults_of_trust

ROLE: Final = "aws:iam/role:Role"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
POLICY: Final = "aws:iam/policy:Policy"
ATTACHMENTS: Final = ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/policyAttachment:PolicyAttachment")
PEOPLE: Final = (
    "aws:iam/accessKey:AccessKey",
    "aws:iam/group:Group",
    "aws:iam/user:User",
    "aws:iam/userLoginProfile:UserLoginProfile",
)
OIDC_PROVIDER: Final = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
FUNCTION: Final = "aws:lambda/function:Function"
TASK: Final = "aws:ecs/taskDefinition:TaskDefinition"
_AWS_POLICIES: Final = "arn:aws:iam::aws:policy/"
# They show metadata, not what is stored, and change nothing.
_HARMLESS: Final = frozenset({"job-function/ViewOnlyAccess", "SecurityAudit"})
_ATTACHING: Final = frozenset({"iam:AttachRolePolicy", "iam:DetachRolePolicy"})
_EXACT: Final = frozenset({"StringEquals", "ArnEquals"})
_READS: Final = re.compile(r"apigateway:GET$|[a-z0-9-]+:(?:BatchGet|BatchCheck|Describe|Filter|Get|List)[A-Z]\w*$")
FOUNDATION: Final = "foundation"

Statement = Mapping[str, Any]


def _granted(graph: Graph) -> Iterator[tuple[Resource, Statement]]:
    """Every statement that allows something to a role, and where it is written.

    Not those of a managed policy that nothing attaches: as a boundary it only limits.
    """
    attached = [revealed(each.inputs.get("policyArn")) for each in all_of(graph, ATTACHMENTS)]
    attached += [revealed(arn) for each in graph.all(ROLE) for arn in as_list(each.inputs.get("managedPolicyArns"))]
    managed = [each for each in graph.all(POLICY) if any(refers(arn, each) for arn in attached)]
    for each in (*graph.all(ROLE_POLICY), *managed):
        yield from ((each, statement) for statement in allows(each.inputs.get("policy")))
    for each in graph.all(ROLE):
        for inline in blocks(each, "inlinePolicies"):
            yield from ((each, statement) for statement in allows(inline.get("policy")))


def _actions(statement: Statement) -> list[str]:
    return [str(each) for each in as_list(statement.get("Action"))]


def _is_everything(resource: Any) -> bool:
    """`*`, or an ARN that names no kind of resource: `arn:aws:sqs:*:*:*`."""
    text = str(resource)
    return text == "*" or (text.startswith("arn:") and text.split(":", 5)[-1] == "*")


def _star_actions(graph: Graph) -> Iterator[Finding]:
    for where, statement in _granted(graph):
        if "NotAction" in statement:
            yield Finding(where.urn, "it allows all actions but a few (NotAction)")
        for action in _actions(statement):
            if action == "*" or action.endswith(":*"):
                yield Finding(where.urn, f"it allows {action}")


def _star_resources(graph: Graph) -> Iterator[Finding]:
    for where, statement in _granted(graph):
        if "NotResource" in statement:
            yield Finding(where.urn, "it allows an action on all resources but a few (NotResource)")
        if not any(_is_everything(each) for each in as_list(statement.get("Resource"))):
            continue
        for action in _actions(statement):
            if not needs_star(action):
                yield Finding(where.urn, f"it allows {action} on all resources, though AWS has ARNs for it")


def _escalation(graph: Graph) -> Iterator[Finding]:
    for where, statement in _granted(graph):
        for action in _actions(statement):
            for never in covered(action, NEVER):
                yield Finding(where.urn, f"it allows {never}, with which a role can escalate its permissions")
            for bounded in covered(action, BOUNDED):
                if not _demands_boundary(statement):
                    yield Finding(where.urn, f"it allows {bounded} without requiring the permissions boundary")
            for confined in covered(action, CONFINED):
                if any(_names_nobody(each) for each in as_list(statement.get("Resource"))):
                    yield Finding(where.urn, f"it allows {confined} on all resources")


def _demands_boundary(statement: Statement) -> bool:
    """Or, for attaching, one policy by its ARN, which then says what can come of it."""
    attaches_one = set(_actions(statement)) <= _ATTACHING and _has_exact(statement, "iam:PolicyARN")
    return attaches_one or _has_exact(statement, "iam:PermissionsBoundary")


def _has_exact(statement: Statement, wanted: str) -> bool:
    """Whether a condition demands that a key has one of some values, none of them a pattern."""
    for operator, tests in (statement.get("Condition") or {}).items():
        for key, values in tests.items():
            if operator in _EXACT and key.lower() == wanted.lower():
                return bool(as_list(values)) and not any("*" in str(value) for value in as_list(values))
    return False


def _names_nobody(resource: Any) -> bool:
    """Whether an ARN leaves open which role, policy or function: `*`, `…:role/*`, `…:function:*`."""
    last = str(resource).split(":", 5)[-1]
    return last.replace(":", "/").rpartition("/")[2] == "*" and last.replace(":", "/").count("/") <= 1


def _is_database_user(resource: Any) -> bool:
    """Whether an ARN is `…:dbuser:<instance>/<user>`, both spelt out."""
    kind, _, user = str(resource).split(":", 5)[-1].partition(":")
    return kind == "dbuser" and "/" in user and not any(wild in user for wild in "*?")


def _credentials(graph: Graph) -> Iterator[Finding]:
    """A token for a database's one named user is what a role should have there, in place of a password."""
    for where, statement in _granted(graph):
        one_user = all(_is_database_user(each) for each in as_list(statement.get("Resource")))
        for action in _actions(statement):
            for exposed in covered(action, CREDENTIALS):
                if exposed == "rds-db:connect" and one_user:
                    continue
                yield Finding(where.urn, f"it allows {exposed}, which returns credentials")


def _pass_role(graph: Graph) -> Iterator[Finding]:
    for where, statement in _granted(graph):
        if not any(covers(action, "iam:PassRole") for action in _actions(statement)):
            continue
        if any(_names_nobody(each) for each in as_list(statement.get("Resource"))):
            yield Finding(where.urn, "it allows iam:PassRole for every role, not only those of a path or name")
        if not _has_exact(statement, "iam:PassedToService"):
            yield Finding(where.urn, "it allows iam:PassRole to any service (no iam:PassedToService)")


def _aws_policies(graph: Graph) -> Iterator[Finding]:
    given = [(each, each.inputs.get("policyArn")) for each in all_of(graph, ATTACHMENTS)]
    given += [(each, arn) for each in graph.all(ROLE) for arn in as_list(each.inputs.get("managedPolicyArns"))]
    for where, arn in given:
        name = str(revealed(arn)).removeprefix(_AWS_POLICIES)
        if str(revealed(arn)).startswith(_AWS_POLICIES) and name not in _HARMLESS:
            yield Finding(
                where.urn, f"{name} is an AWS managed policy: AWS can change it, and it allows more than is needed"
            )


def _trusted(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(ROLE):
        trust = each.inputs.get("assumeRolePolicy")
        statements = allows(trust)
        if not statements:
            yield Finding(each.urn, "nothing can assume it")
        # A service gets the role from whoever may pass it, hence from this account.
        named = [who for who in strangers(trust) if "on behalf of" not in who and not who.startswith("Federated")]
        yield from (Finding(each.urn, f"{who} can assume it") for who in named)
        for statement in statements:
            for kind, who in principals(statement):
                if kind == "AWS" and who.endswith(":root") and not statement.get("Condition"):
                    yield Finding(each.urn, "anyone in the account can assume it")
                if kind == "Federated" and HOST not in who:
                    yield Finding(each.urn, f"users of {who} can assume it")


def _bounded(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(ROLE):
        if graph.stack != FOUNDATION and not each.inputs.get("permissionsBoundary"):
            yield Finding(each.urn, "it has no permissions boundary: anyone who may write its policy can do everything")


def _people(graph: Graph) -> Iterator[Finding]:
    for each in all_of(graph, PEOPLE):
        yield Finding(each.urn, "it is for keys and passwords that never expire")


def _one_each(graph: Graph) -> Iterator[Finding]:
    users = [(each, each.inputs.get("role")) for each in graph.all(FUNCTION)]
    users += [(each, each.inputs.get("taskRoleArn")) for each in graph.all(TASK)]
    for each, role in users:
        others = [other.name for other, theirs in users if other is not each and role and theirs == role]
        if others:
            yield Finding(each.urn, f"it shares its role with {', '.join(sorted(others))}")


def _workflows(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(OIDC_PROVIDER):
        if each.inputs.get("clientIdLists") != [AUDIENCE]:
            yield Finding(each.urn, f"it accepts tokens for audiences other than {AUDIENCE}")
        if str(each.inputs.get("url")).removeprefix("https://").rstrip("/") != HOST:
            yield Finding(each.urn, "it accepts tokens from an issuer other than GitHub")
    for each in graph.all(ROLE):
        trust = each.inputs.get("assumeRolePolicy")
        if any(kind == "Federated" for statement in allows(trust) for kind, _ in principals(statement)):
            faults = faults_of_trust(str(revealed(trust)), changes=_changes(graph, each))
            yield from (Finding(each.urn, f"its trust policy: {fault}") for fault in faults)


def _changes(graph: Graph, role: Resource) -> bool:
    """Whether the role may do more than look."""
    policies = settings_of(graph, (ROLE_POLICY,), "role", role)
    for each in settings_of(graph, ATTACHMENTS, "role", role):
        arn = revealed(each.inputs.get("policyArn"))
        own = [policy for policy in graph.all(POLICY) if refers(arn, policy)]
        if not own and str(arn).removeprefix(_AWS_POLICIES) not in _HARMLESS:
            return True
        policies += own
    granted = [statement for policy in policies for statement in allows(policy.inputs.get("policy"))]
    return any(not _READS.match(action) for statement in granted for action in _actions(statement))


RULES: Final = (
    Rule(
        id="iam-no-star-actions",
        row=58,
        title="No policy allows all actions (`*`), of one service or of all.",
        verdict=Verdict.BLOCK,
        fsbp=("IAM.1", "IAM.21"),
        checkov=("CKV_AWS_62", "CKV_AWS_63", "CKV2_AWS_40"),
        trivy=("AWS-0057",),
        check=_star_actions,
    ),
    Rule(
        id="iam-no-star-resources",
        row=58,
        title="A policy allows an action on `*` only where AWS has no ARN for it.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_288", "CKV_AWS_289", "CKV_AWS_290", "CKV_AWS_355"),
        trivy=("AWS-0345",),
        check=_star_resources,
    ),
    Rule(
        id="iam-no-escalation",
        row=58,
        title="No role can escalate its own permissions.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_286",),
        check=_escalation,
    ),
    Rule(
        id="iam-no-credentials",
        row=58,
        title="No role can obtain credentials, except for the registry and its own database user.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_287",),
        check=_credentials,
    ),
    Rule(
        id="iam-no-people",
        row=58,
        title="There are no users, groups or access keys.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_273",),
        trivy=("AWS-0143",),
        check=_people,
    ),
    Rule(
        id="iam-no-aws-policies",
        row=59,
        title="No role has an AWS managed policy.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_274", "CKV2_AWS_56"),
        check=_aws_policies,
    ),
    Rule(
        id="iam-named-trust",
        row=59,
        title="Only services and named workflows can assume a role, not accounts.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_60", "CKV_AWS_61"),
        check=_trusted,
    ),
    Rule(
        id="iam-pass-role",
        row=59,
        title="A policy allows iam:PassRole only for roles by name or path, and only to named services.",
        verdict=Verdict.BLOCK,
        trivy=("AWS-0342",),
        check=_pass_role,
    ),
    Rule(
        id="iam-boundary",
        row=59,
        title="Every role that a workflow creates has the permissions boundary.",
        verdict=Verdict.BLOCK,
        check=_bounded,
    ),
    Rule(
        id="iam-role-of-its-own",
        row=59,
        title="Every task and function has its own role.",
        verdict=Verdict.BLOCK,
        check=_one_each,
    ),
    Rule(
        id="iam-workflows",
        row=60,
        title="Workflows can assume a role only from one repository, and one environment, branch or pull request.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_358",),
        check=_workflows,
    ),
)
