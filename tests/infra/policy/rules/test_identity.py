"""IAM: what roles may do, and who may take them on."""

import json
from collections.abc import Callable
from typing import Any

import pytest

ROLE = "aws:iam/role:Role"
HOST = "token.actions.githubusercontent.com"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:ts-q"
ROLES = "arn:aws:iam::123456789012:role/trackstack/ts-*"


def may(*actions: str, on: str = QUEUE, **more: Any) -> list[Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": [on], **more}
    return [("aws:iam/rolePolicy:RolePolicy", "policy", {"policy": json.dumps({"Statement": [statement]})})]


def role(principal: Any, **inputs: Any) -> list[Any]:
    action = "sts:AssumeRoleWithWebIdentity" if "Federated" in principal else "sts:AssumeRole"
    trust = {"Effect": "Allow", "Principal": principal, "Action": action}
    if "condition" in inputs:
        trust["Condition"] = inputs.pop("condition")
    return [(ROLE, "role", {"assumeRolePolicy": json.dumps({"Statement": [trust]}), **inputs})]


def attached(arn: str) -> list[Any]:
    return [("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", {"role": "role", "policyArn": arn})]


def functions(*roles: str) -> list[Any]:
    return [("aws:lambda/function:Function", f"f{index}", {"role": each}) for index, each in enumerate(roles)]


def workflow(subject: str) -> list[Any]:
    claims = {f"{HOST}:aud": "sts.amazonaws.com", f"{HOST}:sub": subject}
    provider = {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{HOST}"}
    return role(provider, condition={"StringEquals": claims})


BOUNDED = {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/b"}}
TO_TASKS = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
LAMBDA = {"Service": "lambda.amazonaws.com"}
CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "iam-no-star-actions": (may("sqs:*"), may("sqs:SendMessage")),
    "iam-no-star-resources": (may("sqs:SendMessage", on="*"), may("ec2:DescribeSubnets", on="*")),
    "iam-no-escalation": (may("iam:PutRolePolicy", on=ROLES), may("iam:PutRolePolicy", on=ROLES, Condition=BOUNDED)),
    "iam-no-credentials": (may("sts:GetFederationToken"), may("ecr:GetAuthorizationToken", on="*")),
    "iam-no-people": ([("aws:iam/accessKey:AccessKey", "key", {})], role(LAMBDA)),
    "iam-no-aws-policies": (
        attached("arn:aws:iam::aws:policy/AdministratorAccess"),
        attached("arn:aws:iam::123456789012:policy/mine"),
    ),
    "iam-named-trust": (role({"AWS": "*"}), role(LAMBDA)),
    "iam-pass-role": (may("iam:PassRole", on=ROLES), may("iam:PassRole", on=ROLES, Condition=TO_TASKS)),
    "iam-boundary": (role(LAMBDA), role(LAMBDA, permissionsBoundary="arn:aws:iam::123456789012:policy/b")),
    "iam-role-of-its-own": (functions("arn:r", "arn:r"), functions("arn:r", "arn:s")),
    "iam-workflows": (workflow("repo:acme/*:*"), workflow("repo:acme/trackstack:environment:enterprise")),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_sees_what_breaks_it_and_lets_pass_what_keeps_it(broken_by: Callable[..., list[str]], rule: str) -> None:
    """Each rule for IAM finds the bad one, and nothing in the good one."""
    broken, kept = CASES[rule]
    assert broken_by(rule, broken)
    assert broken_by(rule, kept) == []


@pytest.mark.parametrize("action", ["iam:*AccessKey", "iam:Create*", "IAM:CREATEUSER"])
def test_patterns_and_capitals_hide_no_escalation(broken_by: Callable[..., list[str]], action: str) -> None:
    """IAM reads patterns, and ignores case; so does the rule."""
    assert broken_by("iam-no-escalation", may(action, on=ROLES))


def test_a_boundary_limits_and_grants_nothing(broken_by: Callable[..., list[str]]) -> None:
    """A managed policy that nothing attaches may name whole services."""
    text = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]})
    policy = ("aws:iam/policy:Policy", "boundary", {"name": "b", "policy": text})
    assert broken_by("iam-no-star-actions", [policy]) == []
    arn = "arn:aws:iam::123456789012:policy/b"
    given = (*policy, {"outputs": {"arn": arn}})
    assert broken_by("iam-no-star-actions", [given, *attached(arn)]) == ["it allows sqs:*"]


def test_pull_requests_only_look(broken_by: Callable[..., list[str]]) -> None:
    """Anybody may open one, so a role for them reads and changes nothing."""
    preview = workflow("repo:acme/trackstack:pull_request")
    named = [(preview[0][0], "role", {**preview[0][2], "name": "role"})]
    reads = [(may(action)[0][0], "p", {**may(action)[0][2], "role": "role"}) for action in ("sqs:GetQueueAttributes",)]
    writes = [(may(action)[0][0], "p", {**may(action)[0][2], "role": "role"}) for action in ("sqs:SendMessage",)]
    assert broken_by("iam-workflows", [*named, *reads]) == []
    assert broken_by("iam-workflows", [*named, *writes])


@pytest.mark.parametrize("user", ["db-ABC/*", "*", "db-ABC"])
def test_a_database_is_entered_as_one_user(broken_by: Callable[..., list[str]], user: str) -> None:
    """A token for a database's one user is fine; for every user of it, it is not."""
    place = "arn:aws:rds-db:us-east-1:123456789012:dbuser:"
    assert broken_by("iam-no-credentials", may("rds-db:connect", on=f"{place}db-ABC/gym")) == []
    assert broken_by("iam-no-credentials", may("rds-db:connect", on=f"{place}{user}"))
