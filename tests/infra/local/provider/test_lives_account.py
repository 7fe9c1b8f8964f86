"""What belongs to the account rather than to an architecture: each type goes once through its life."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.local.provider import HANDLERS, Clients

TAGS = {"Name": "ts-test-thing", "stack": "test"}
RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}


def policy(*actions: str) -> str:
    statement = {"Sid": "One", "Effect": "Allow", "Action": list(actions), "Resource": ["*"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def keep(images: int) -> str:
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": images}
    return json.dumps({"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]})


TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def managed(w: Any) -> str:
    arn: str = w.have("managed", "aws:iam/policy:Policy", name="shared", policy=policy("sqs:SendMessage"))["arn"]
    return arn


def role(w: Any) -> str:
    return str(w.have("role", "aws:iam/role:Role", name="shared", assumeRolePolicy=TRUST)["id"])


def repository(w: Any) -> str:
    return str(w.have("repository", "aws:ecr/repository:Repository", name="shared")["id"])


NOTIFICATION = {
    "comparisonOperator": "GREATER_THAN",
    "notificationType": "ACTUAL",
    "threshold": 50.0,
    "thresholdType": "PERCENTAGE",
    "subscriberEmailAddresses": ["you@example.org"],
}

CASES: list[Any] = [
    (
        "aws:iam/policy:Policy",
        lambda w: {
            "name": "ts-test-policy",
            "path": "/trackstack/",
            "description": "Of a test",
            "policy": policy("sqs:SendMessage"),
            "tags": TAGS,
        },
        {"policy": policy("sns:Publish"), **RETAGGED},
        "arn policyId",
    ),
    (
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        lambda w: {"role": role(w), "policyArn": managed(w)},
        None,
        "",
    ),
    (
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        lambda w: {"url": "https://tokens.example.org", "clientIdLists": ["sts.amazonaws.com"], "tags": TAGS},
        RETAGGED,
        "arn",
    ),
    (
        "aws:iam/role:Role",
        lambda w: {
            "name": "ts-test-role",
            "path": "/trackstack/",
            "permissionsBoundary": managed(w),
            "maxSessionDuration": 3600.0,
            "assumeRolePolicy": TRUST,
            "tags": TAGS,
        },
        {"permissionsBoundary": None, **RETAGGED},
        "arn",
    ),
    (
        "aws:ecr/repository:Repository",
        lambda w: {
            "name": "ts-test",
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfigurations": [{"encryptionType": "AES256"}],
            "forceDelete": True,
            "tags": TAGS,
        },
        {"imageTagMutability": "MUTABLE", "imageScanningConfiguration": {"scanOnPush": False}, **RETAGGED},
        "arn repositoryUrl registryId",
    ),
    (
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        lambda w: {"repository": repository(w), "policy": keep(3)},
        {"policy": keep(5)},
        "",
    ),
    (
        "aws:budgets/budget:Budget",
        lambda w: {
            "name": "ts-test-budget",
            "budgetType": "COST",
            "timeUnit": "MONTHLY",
            "limitAmount": "25.00",
            "limitUnit": "USD",
            "costTypes": {"includeCredit": False},
            "notifications": [NOTIFICATION],
            "tags": TAGS,
        },
        {"limitAmount": "30.00", **RETAGGED},
        "arn",
    ),
    (
        "aws:budgets/budgetAction:BudgetAction",
        lambda w: {
            "budgetName": "ts-test-budget",
            "actionType": "APPLY_IAM_POLICY",
            "approvalModel": "AUTOMATIC",
            "notificationType": "ACTUAL",
            "actionThreshold": {"actionThresholdType": "PERCENTAGE", "actionThresholdValue": 100.0},
            "definition": {"iamActionDefinition": {"policyArn": managed(w), "roles": [role(w)]}},
            "executionRoleArn": "arn:aws:iam::123456789012:role/shared",
            "subscribers": [{"address": "you@example.org", "subscriptionType": "EMAIL"}],
            "tags": TAGS,
        },
        {"approvalModel": "MANUAL", **RETAGGED},
        "arn actionId",
    ),
]


@pytest.mark.parametrize(("token", "inputs", "changes", "gives"), CASES, ids=[case[0] for case in CASES])
def test_what_belongs_to_the_account_lives_and_ends(
    live: Callable[..., None], token: str, inputs: Any, changes: Any, gives: str
) -> None:
    """It is created, read, found again by its inputs, changed in place and deleted; a second deletion is no error."""
    live(token, inputs, changes, gives)


def test_a_policy_that_changed_has_one_version(aws: Clients) -> None:
    """IAM keeps five versions of a policy: the old one goes with each change, or the sixth change would fail."""
    handler = HANDLERS["aws:iam/policy:Policy"]
    old = {"name": "ts-test-versions", "policy": policy("sqs:SendMessage")}
    ref, outputs = handler.create(aws, old)
    for action in ("sns:Publish", "s3:GetObject"):
        new = {**old, "policy": policy(action)}
        outputs = handler.update(aws, ref, old, new)
        old = new
    versions = aws.client("iam").list_policy_versions(PolicyArn=ref)["Versions"]
    handler.delete(aws, ref, outputs)
    assert [each["VersionId"] for each in versions] == ["v3"]


def test_a_role_goes_with_what_the_budget_attached_to_it(aws: Clients) -> None:
    """What was attached without us does not keep a role that says so from being deleted."""
    roles, policies = HANDLERS["aws:iam/role:Role"], HANDLERS["aws:iam/policy:Policy"]
    arn, made = policies.create(aws, {"name": "ts-test-brake", "policy": policy("sqs:SendMessage")})
    ref, outputs = roles.create(aws, {"name": "ts-test-braked", "assumeRolePolicy": TRUST, "forceDetachPolicies": True})
    aws.client("iam").attach_role_policy(RoleName=ref, PolicyArn=arn)
    roles.delete(aws, ref, outputs)
    policies.delete(aws, arn, made)
    assert roles.find(aws, {"name": "ts-test-braked", "assumeRolePolicy": TRUST}) is None
