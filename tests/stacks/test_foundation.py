"""What outlives both architectures: its data is locked, its images do not move, its money is watched."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.graph import Graph
from trackstack_infra.policy.model import Verdict
from trackstack_infra.policy.rules import RULES

POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"
GITHUB = {"owner": "Tracker", "owner_id": 11, "repository": "trackstack", "repository_id": 22}
MAIL = "you@example.org"


@pytest.fixture(scope="session")
def whole(recorded: Callable[..., Graph]) -> Graph:
    """Foundation with a repository that may deploy, and somebody to tell."""
    return recorded("foundation", github=GITHUB, budget={"usd": 25, "mail": MAIL})


def test_backups_cannot_be_deleted_for_two_weeks(foundation: Graph) -> None:
    """The backup bucket locks what is put into it for 14 days, against everybody but an administrator."""
    assert foundation.one("aws:s3/bucket:Bucket", "backups-bucket").inputs["objectLockEnabled"] is True
    lock = foundation.one("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "backups-lock")
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": 14}}


def test_thirty_days_and_twelve_months_of_backups_are_kept(foundation: Graph) -> None:
    """Backups go after 30 days, those of a month's beginning after a year, and notes about failures after 30 days."""
    rules = foundation.one(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "backups-lifecycle"
    ).inputs["rules"]
    found = {rule["id"]: (rule["filter"], rule.get("expiration")) for rule in rules}
    assert found == {
        "tidy": ({"prefix": ""}, None),
        "daily": ({"and": {"prefix": "backups/pragmatic/", "tags": {"keep": "daily"}}}, {"days": 30}),
        "monthly": ({"and": {"prefix": "backups/pragmatic/", "tags": {"keep": "monthly"}}}, {"days": 366}),
        "failed": ({"prefix": "backups/failed/"}, {"days": 30}),
    }


def test_there_is_a_repository_for_each_image(foundation: Graph) -> None:
    """Tags never move, layers are scanned when they arrive, and three images are kept."""
    repositories = foundation.all("aws:ecr/repository:Repository")
    names = {each.inputs["name"] for each in repositories}
    assert names == {"ts-bridge", "ts-expenses", "ts-gym", "ts-heating", "ts-monolith"}
    for each in repositories:
        assert each.inputs["imageTagMutability"] == "IMMUTABLE"
        assert each.inputs["imageScanningConfiguration"] == {"scanOnPush": True}
        assert each.inputs["encryptionConfigurations"] == [{"encryptionType": "AES256"}]
    policies = foundation.all("aws:ecr/lifecyclePolicy:LifecyclePolicy")
    assert {each.inputs["repository"] for each in policies} == names
    for each in policies:
        (rule,) = json.loads(each.inputs["policy"])["rules"]
        assert (rule["selection"]["countNumber"], rule["action"]) == (3, {"type": "expire"})


def test_nobody_signs_up(foundation: Graph) -> None:
    """People are invited; they may use a one-time code beside their password."""
    pool = foundation.one("aws:cognito/userPool:UserPool", "identity-pool").inputs
    assert pool["adminCreateUserConfig"] == {"allowAdminCreateUserOnly": True}
    assert pool["mfaConfiguration"] == "OPTIONAL"
    assert pool["softwareTokenMfaConfiguration"] == {"enabled": True}


def test_a_token_is_for_named_domains(foundation: Graph) -> None:
    """There is one scope a domain, and the client may ask for these and no others."""
    scopes = foundation.one("aws:cognito/resourceServer:ResourceServer", "identity-scopes").inputs["scopes"]
    assert [each["scopeName"] for each in scopes] == ["expenses", "gym", "heating"]
    client = foundation.one("aws:cognito/userPoolClient:UserPoolClient", "identity-client").inputs
    assert client["allowedOauthScopes"] == ["openid", "trackstack/expenses", "trackstack/gym", "trackstack/heating"]


def test_the_client_signs_in_by_code_only(foundation: Graph) -> None:
    """The client has no secret, so Cognito wants PKCE; no implicit flow, and no password ever passes through it."""
    client = foundation.one("aws:cognito/userPoolClient:UserPoolClient", "identity-client").inputs
    assert client["generateSecret"] is False
    assert client["allowedOauthFlows"] == ["code"]
    assert client["explicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["callbackUrls"] == ["http://localhost:8765/callback"]


def test_nobody_is_trusted_until_named(foundation: Graph) -> None:
    """Without a repository in the settings GitHub has no access, and no role at all."""
    assert foundation.all("aws:iam/openIdConnectProvider:OpenIdConnectProvider") == ()
    assert foundation.all(ROLE) == ()
    assert [each.name for each in foundation.all(POLICY)] == ["boundary-policy"]


def test_nobody_gets_mail_until_named(foundation: Graph) -> None:
    """Without an address there is a budget that tells nobody, and a topic that nobody listens to."""
    budget = foundation.one("aws:budgets/budget:Budget", "budget-budget").inputs
    assert budget["limitAmount"] == "25.00"
    assert budget["notifications"] == []
    assert foundation.all("aws:sns/topicSubscription:TopicSubscription") == ()


def test_three_mails_tell_what_the_month_costs(whole: Graph) -> None:
    """At half of the budget, at 80 %, and when the forecast reaches all of it."""
    notifications = whole.one("aws:budgets/budget:Budget", "budget-budget").inputs["notifications"]
    assert [(each["notificationType"], each["threshold"]) for each in notifications] == [
        ("ACTUAL", 50),
        ("ACTUAL", 80),
        ("FORECASTED", 100),
    ]
    assert all(each["subscriberEmailAddresses"] == [MAIL] for each in notifications)


def test_a_budget_that_is_used_up_stops_deployments(whole: Graph) -> None:
    """At the whole budget a policy is attached to the deploy role by itself: nothing new that costs by the hour."""
    action = whole.one("aws:budgets/budgetAction:BudgetAction", "budget-action").inputs
    brake = whole.one(POLICY, "budget-brake")
    assert action["approvalModel"] == "AUTOMATIC"
    assert action["definition"]["iamActionDefinition"] == {
        "policyArn": brake.outputs["arn"],
        "roles": ["ts-foundation-github-deploy"],
    }
    (statement,) = json.loads(brake.inputs["policy"])["Statement"]
    assert statement["Effect"] == "Deny"
    assert {"ec2:CreateNatGateway", "ecs:CreateService", "elasticloadbalancing:CreateLoadBalancer"} <= set(
        statement["Action"]
    )
    assert not any(action.split(":")[1].startswith(("Delete", "Update", "Stop")) for action in statement["Action"])


def test_the_budget_needs_both_a_role_and_an_address(recorded: Callable[..., Graph]) -> None:
    """AWS wants somebody to tell about an action, and there must be a role to act on."""
    for settings in ({"github": GITHUB}, {"budget": {"usd": 25, "mail": MAIL}}):
        graph = recorded("foundation", **settings)
        assert graph.all("aws:budgets/budgetAction:BudgetAction") == ()


def test_alarms_alone_publish_to_the_topic(whole: Graph) -> None:
    """The topic takes messages from this account's alarms, over TLS, and sends them to the address."""
    first, second = json.loads(whole.one("aws:sns/topicPolicy:TopicPolicy", "alerts-policy").inputs["policy"])[
        "Statement"
    ]
    assert first["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert first["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ts-*"},
    }
    assert second["Effect"] == "Deny"
    mail = whole.one("aws:sns/topicSubscription:TopicSubscription", "alerts-mail").inputs
    assert (mail["protocol"], mail["endpoint"]) == ("email", MAIL)


def trust(graph: Graph, role: str) -> Any:
    (statement,) = json.loads(graph.one(ROLE, f"github-{role}-role").inputs["assumeRolePolicy"])["Statement"]
    return statement


@pytest.mark.parametrize(
    ("role", "context", "ref"),
    [
        ("preview", "pull_request", {}),
        ("deploy", "environment:enterprise-auto", {"token.actions.githubusercontent.com:ref": "refs/heads/main"}),
        ("janitor", "environment:janitor", {"token.actions.githubusercontent.com:ref": "refs/heads/main"}),
    ],
)
def test_a_role_is_for_one_kind_of_run_of_one_repository(
    whole: Graph, role: str, context: str, ref: dict[str, str]
) -> None:
    """Exact subjects in both spellings, the exact audience, the repository's numbers, and an hour at most."""
    statement = trust(whole, role)
    assert statement["Principal"] == {
        "Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    }
    assert statement["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": [
                f"repo:Tracker/trackstack:{context}",
                f"repo:Tracker@11/trackstack@22:{context}",
            ],
            "token.actions.githubusercontent.com:repository_id": "22",
            "token.actions.githubusercontent.com:repository_owner_id": "11",
            **ref,
        }
    }
    assert whole.one(ROLE, f"github-{role}-role").inputs["maxSessionDuration"] == 3600


def test_each_policy_fits(whole: Graph) -> None:
    """IAM takes 6,144 characters in a managed policy, and attaches ten to a role."""
    for each in whole.all(POLICY):
        assert len("".join(each.inputs["policy"].split())) <= 6144, each.name
    attached = [each.inputs["role"] for each in whole.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")]
    assert max(map(attached.count, attached)) <= 9  # the budget's comes on top


def test_no_workflow_may_do_everything_a_service_has(whole: Graph) -> None:
    """What is attached to the roles names each action; only the boundary, which grants nothing, names services."""
    for each in whole.all(POLICY):
        if each.name != "github-boundary-policy":
            for statement in json.loads(each.inputs["policy"])["Statement"]:
                assert not any("*" in action for action in statement["Action"]), each.name


def test_previews_change_nothing(whole: Graph) -> None:
    """The role of pull requests reads, by actions that are spelled out."""
    reading = ("Describe", "Get", "List", "BatchGet", "BatchCheck", "Filter")
    for part in ("preview-1", "preview-2"):
        for statement in json.loads(whole.one(POLICY, f"github-{part}-policy").inputs["policy"])["Statement"]:
            for action in statement["Action"]:
                assert action == "apigateway:GET" or action.split(":")[1].startswith(reading), action


def test_the_three_roles_are_bounded(whole: Graph) -> None:
    """Whatever is attached to them, they stay within their boundary."""
    boundary = whole.one(POLICY, "github-boundary-policy").outputs["arn"]
    roles = [each for each in whole.all(ROLE) if each.name.startswith("github-")]
    assert [each.inputs["permissionsBoundary"] for each in roles] == [boundary] * 3


def test_every_role_of_the_architectures_is_bounded(architecture: Graph) -> None:
    """A role of pragmatic or enterprise lies below the project's path and has the boundary foundation makes."""
    for each in architecture.all(ROLE):
        assert each.inputs["path"] == "/trackstack/"
        assert each.inputs["permissionsBoundary"] == (
            "arn:aws:iam::123456789012:policy/trackstack/ts-foundation-boundary"
        )


def test_the_boundary_has_the_name_by_which_roles_find_it(foundation: Graph) -> None:
    """Roles of the other stacks name it without asking: name and path must stay."""
    assert foundation.one(POLICY, "boundary-policy").outputs["arn"] == (
        "arn:aws:iam::123456789012:policy/trackstack/ts-foundation-boundary"
    )


def test_no_rule_is_broken_when_github_may_deploy(whole: Graph) -> None:
    """With all of foundation in place, its roles and their policies hold every rule that blocks."""
    broken = [
        (rule.id, finding.message) for rule in RULES if rule.verdict is Verdict.BLOCK for finding in rule.check(whole)
    ]
    assert broken == []
