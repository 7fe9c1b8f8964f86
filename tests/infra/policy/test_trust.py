# ruff: noqa: E501 (the tables have a policy a line)
"""Trust policies for GitHub: ours pass, and twenty that are seen in the wild are refused, each in a sentence."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from iam_decisions import trusts

from stacks.foundation import program
from trackstack_infra.graph import Graph, record
from trackstack_infra.policy.trust import faults_of_trust
from trackstack_infra.settings.load import load_settings
from trackstack_infra.settings.models import FoundationSettings

ROOT = Path(__file__).parents[3]
GITHUB = {"owner": "Tracker", "owner_id": 11, "repository": "trackstack", "repository_id": 22}
HOST = "token.actions.githubusercontent.com"
AUD, SUB = f"{HOST}:aud", f"{HOST}:sub"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{HOST}"
RIGHT: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Federated": PROVIDER},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
        "StringEquals": {
            AUD: "sts.amazonaws.com",
            SUB: [
                "repo:Tracker/trackstack:environment:enterprise-auto",
                "repo:Tracker@11/trackstack@22:environment:enterprise-auto",
            ],
        }
    },
}


@pytest.fixture(scope="module")
def foundation() -> Graph:
    """Foundation with a repository named."""
    settings = load_settings("foundation", ROOT, github=GITHUB)
    assert isinstance(settings, FoundationSettings)
    return record(lambda: program(settings), stack="foundation", outputs="fabricated")


def document(statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def changed(**claims: Any) -> dict[str, Any]:
    """The right statement with other tests of claims; None takes one away."""
    statement = copy.deepcopy(RIGHT)
    tests = statement["Condition"]["StringEquals"]
    for claim, value in claims.items():
        if value is None:
            del tests[f"{HOST}:{claim}"]
        else:
            tests[f"{HOST}:{claim}"] = value
    return statement


def compared(operator: str) -> dict[str, Any]:
    """The right tests under another operator."""
    return {**RIGHT, "Condition": {operator: RIGHT["Condition"]["StringEquals"]}}


WRONG: list[tuple[str, Any, str]] = [
    ("no condition", {key: value for key, value in RIGHT.items() if key != "Condition"}, "every workflow on GitHub"),
    ("an empty condition", {**RIGHT, "Condition": {}}, "every workflow on GitHub"),
    ("no audience", changed(aud=None), "the only audience must be sts.amazonaws.com"),
    ("another audience", changed(aud="https://github.com/Tracker"), "the only audience must be sts.amazonaws.com"),
    ("two audiences", changed(aud=["sts.amazonaws.com", "api://other"]), "the only audience must be sts.amazonaws.com"),
    ("only the audience", changed(sub=None), "every repository on GitHub"),
    ("a pattern", compared("StringLike"), "StringLike must be StringEquals"),
    ("all of an owner's", changed(sub="repo:Tracker/*"), "does not name one repository"),
    ("all runs", changed(sub="repo:Tracker/trackstack:*"), "does not name one repository and one kind of run"),
    ("all environments", changed(sub="repo:Tracker/trackstack:environment:*"), "StringEquals needs exact text"),
    ("a question mark", changed(sub="repo:Tracker/trackstack:environment:enterprise-aut?"), "exact text"),
    ("everything", changed(sub="*"), "exact text"),
    ("the repository alone", changed(sub="repo:Tracker/trackstack"), "does not name one repository"),
    ("in capitals", changed(sub="Repo:Tracker/trackstack:environment:enterprise-auto"), "does not name one repository"),
    ("a kind of run in capitals", changed(sub="repo:Tracker/trackstack:Environment:enterprise-auto"), "kind of run"),
    ("two repositories", changed(sub=["repo:Tracker/trackstack:ref:refs/heads/main", "repo:Tracker/other:ref:refs/heads/main"]), "two spellings of one repository"),
    ("two kinds of run", changed(sub=["repo:Tracker/trackstack:ref:refs/heads/main", "repo:Tracker/trackstack:environment:enterprise-auto"]), "one kind of run"),
    ("pull requests may deploy", changed(sub="repo:Tracker/trackstack:pull_request"), "anyone can open a pull request"),
    ("pull requests among others", changed(sub=["repo:Tracker/trackstack:environment:enterprise-auto", "repo:Tracker/trackstack:pull_request"]), "anyone can open a pull request"),
    ("all of nothing is true", compared("ForAllValues:StringEquals"), "ForAllValues:StringEquals must be StringEquals"),
    ("true without the claim", compared("StringEqualsIfExists"), "StringEqualsIfExists must be StringEquals"),
    ("any capitals", compared("StringEqualsIgnoreCase"), "StringEqualsIgnoreCase must be StringEquals"),
    ("everybody", {**RIGHT, "Principal": "*"}, "the only principal must be GitHub's OIDC provider"),
    ("any provider", {**RIGHT, "Principal": {"Federated": "*"}}, "is not this account's OIDC provider"),
    ("another provider", {**RIGHT, "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}, "is not this account's OIDC provider"),
    ("a provider that begins alike", {**RIGHT, "Principal": {"Federated": f"{PROVIDER}.example.org"}}, "is not this account's OIDC provider"),
    ("an account as well", {**RIGHT, "Principal": {"Federated": PROVIDER, "AWS": "210987654321"}}, "the only principal must be"),
    ("the host is misspelt", {**RIGHT, "Condition": {"StringEquals": {"token.actions.github.com:sub": "repo:Tracker/trackstack:ref:refs/heads/main", AUD: "sts.amazonaws.com"}}}, "is not a claim of GitHub's tokens"),
    ("tags of the session too", {**RIGHT, "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]}, "the only action must be"),
    ("without a token", {**RIGHT, "Action": "sts:AssumeRole"}, "the only action must be"),
    ("only a denial", {**RIGHT, "Effect": "Deny"}, "it must hold only Allow"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "fault"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_trust_policy_is_refused(statement: Any, fault: str) -> None:
    """What lets in more than one kind of run of one repository, or lets in nobody, is said in a sentence."""
    assert any(fault in each for each in faults_of_trust(document(statement))), faults_of_trust(document(statement))


def test_there_are_twenty_wrong_ones() -> None:
    """The table does not shrink unnoticed."""
    assert len(WRONG) >= 20


@pytest.mark.parametrize("text", ["", "{", "[]", '{"Statement": []}'])
def test_what_is_no_policy_is_refused(text: str) -> None:
    """A text that is no policy trusts nobody, and that is said."""
    assert len(faults_of_trust(text)) == 1


def test_a_second_statement_is_looked_at(foundation: Graph) -> None:
    """One right statement does not outweigh a wrong one beside it."""
    both = json.dumps({"Statement": [RIGHT, changed(sub="repo:Tracker/*")]})
    assert faults_of_trust(json.dumps({"Statement": [RIGHT]})) == []
    assert faults_of_trust(both) != []


@pytest.mark.parametrize(("role", "changes"), [("preview", False), ("deploy", True), ("janitor", True)])
def test_ours_are_right(foundation: Graph, role: str, changes: bool) -> None:
    """The three roles' own policies pass; pull requests may look only."""
    policy = foundation.one("aws:iam/role:Role", f"github-{role}-role").inputs["assumeRolePolicy"]
    assert faults_of_trust(policy, changes=changes) == []


def test_pull_requests_may_look_and_not_change(foundation: Graph) -> None:
    """The role of previews would be refused as a role that changes anything."""
    policy = foundation.one("aws:iam/role:Role", "github-preview-role").inputs["assumeRolePolicy"]
    assert "anyone can open a pull request" in faults_of_trust(policy)[0]


def token(context: str, **changes: str) -> dict[str, str]:
    """The claims of a workflow's token, in the spelling of a repository made before July 2026."""
    return {
        "iss": f"https://{HOST}",
        "aud": "sts.amazonaws.com",
        "sub": f"repo:Tracker/trackstack:{context}",
        "repository_id": "22",
        "repository_owner_id": "11",
        "ref": "refs/heads/main",
        **changes,
    }


IMMUTABLE = "repo:Tracker@11/trackstack@22:environment:enterprise-auto"
TOKENS: list[tuple[str, str, dict[str, str], bool]] = [
    ("the environment", "deploy", token("environment:enterprise-auto"), True),
    ("in the new spelling", "deploy", token("", sub=IMMUTABLE), True),
    ("a pull request looks", "preview", token("pull_request", ref="refs/pull/7/merge"), True),
    ("the janitor's environment", "janitor", token("environment:janitor"), True),
    ("a pull request deploys", "deploy", token("pull_request", ref="refs/pull/7/merge"), False),
    ("a pull request cleans up", "janitor", token("pull_request"), False),
    ("the environment from a branch", "deploy", token("environment:enterprise-auto", ref="refs/heads/mine"), False),
    ("the main branch without environment", "deploy", token("ref:refs/heads/main"), False),
    ("another environment", "deploy", token("environment:janitor"), False),
    ("a fork", "deploy", token("", sub="repo:You/trackstack:environment:enterprise-auto", repository_id="99"), False),
    ("the name after it was given up", "deploy", token("environment:enterprise-auto", repository_id="99"), False),
    ("the owner's name after it was given up", "deploy", token("environment:enterprise-auto", repository_owner_id="99"), False),
    ("another number in the new spelling", "deploy", token("", sub=IMMUTABLE.replace("@22", "@99")), False),
    ("another audience", "deploy", token("environment:enterprise-auto", aud="https://github.com/Tracker"), False),
    ("another issuer", "deploy", token("environment:enterprise-auto", iss="https://gitlab.com"), False),
    ("other capitals", "deploy", token("environment:Enterprise-Auto"), False),
    ("an environment that begins alike", "deploy", token("environment:enterprise-auto-2"), False),
    ("the preview from the environment", "preview", token("environment:enterprise-auto"), False),
]  # fmt: skip


@pytest.mark.parametrize(("role", "claims", "expected"), [row[1:] for row in TOKENS], ids=[row[0] for row in TOKENS])
def test_a_token_opens_one_role(foundation: Graph, role: str, claims: dict[str, str], expected: bool) -> None:
    """Tokens as GitHub issues them, weighed against the policies as they are deployed."""
    assert trusts(foundation, f"ts-foundation-github-{role}", claims) is expected
