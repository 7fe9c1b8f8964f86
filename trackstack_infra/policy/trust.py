"""What is wrong with a trust policy that lets GitHub's workflows in.

Most mistakes here do not fail: they let more in than was meant. So this knows one right form, and says of all else how
it differs from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from trackstack_infra.policy.documents import as_list

HOST: Final = "token.actions.githubusercontent.com"
AUDIENCE: Final = "sts.amazonaws.com"
ACTION: Final = "sts:AssumeRoleWithWebIdentity"
_PROVIDER: Final = re.compile(rf"arn:aws:iam::\d{{12}}:oidc-provider/{re.escape(HOST)}")
# Of one repository, and of one kind of run: an environment, a branch or tag, or pull requests.
_SUBJECT: Final = re.compile(
    r"repo:(?P<owner>[A-Za-z0-9-]+)(@\d+)?/(?P<repository>[\w.-]+)(@\d+)?"
    r":(?P<run>pull_request|environment:[\w.-]+|ref:refs/(heads|tags)/[\w./-]+)"
)
_KNOWN_CLAIMS: Final = frozenset(
    {"aud", "sub", "repository_id", "repository_owner_id", "ref", "environment", "job_workflow_ref", "repository"}
)


def faults_of_trust(policy: str, *, changes: bool = True) -> list[str]:
    """What is wrong, in sentences; empty for a policy that trusts one kind of run of one repository.

    CHANGES says whether the role may change anything: then pull requests, which anybody may open, are not for it.
    """
    try:
        statements = as_list(json.loads(policy)["Statement"])
    except (ValueError, KeyError, TypeError):
        return ["it is not a policy: it has no Statement"]
    if not statements:
        return ["it trusts no principal"]
    return [fault for statement in statements for fault in _faults(statement, changes)]


def _faults(statement: Mapping[str, Any], changes: bool) -> Iterator[str]:
    if statement.get("Effect") != "Allow":
        yield "it must hold only Allow: what a Deny does not match may be allowed elsewhere"
        return
    yield from _of_principal(statement)
    if as_list(statement.get("Action")) != [ACTION]:
        yield f"the only action must be {ACTION}"
    condition = statement.get("Condition")
    if not isinstance(condition, Mapping) or not condition:
        yield "it has no condition: every workflow on GitHub could assume the role"
        return
    for operator in condition:
        if operator != "StringEquals":
            yield f"{operator} must be StringEquals: other operators match values that are not listed, or none"
    tests = condition.get("StringEquals")
    yield from _of_claims(tests if isinstance(tests, Mapping) else {}, changes)


def _of_principal(statement: Mapping[str, Any]) -> Iterator[str]:
    principal = statement.get("Principal")
    if not isinstance(principal, Mapping) or list(principal) != ["Federated"]:
        yield "the only principal must be GitHub's OIDC provider"
        return
    for each in as_list(principal["Federated"]):
        if not isinstance(each, str) or not _PROVIDER.fullmatch(each):
            yield f"{each} is not this account's OIDC provider for {HOST}"


def _of_claims(tests: Mapping[str, Any], changes: bool) -> Iterator[str]:
    claims = {}
    for key, values in tests.items():
        host, _, claim = key.partition(":")
        if host != HOST or claim not in _KNOWN_CLAIMS:
            yield f"{key} is not a claim of GitHub's tokens that AWS compares"
        claims[claim] = as_list(values)
    for claim, values in claims.items():
        for value in values:
            if not isinstance(value, str) or not value or "*" in value or "?" in value:
                yield f"{claim} {value!r}: StringEquals needs exact text"
    if claims.get("aud") != [AUDIENCE]:
        yield f"the only audience must be {AUDIENCE}"
    yield from _of_subjects(claims.get("sub", []), changes)


def _of_subjects(subjects: list[Any], changes: bool) -> Iterator[str]:
    if not subjects:
        yield "it has no subject: every repository on GitHub could assume the role"
        return
    found = [_SUBJECT.fullmatch(str(each)) for each in subjects]
    for text, match in zip(subjects, found, strict=True):
        if match is None:
            yield f"the subject {text!r} does not name one repository and one kind of run"
    matches = [each for each in found if each]
    if len({(each["owner"], each["repository"], each["run"]) for each in matches}) > 1:
        yield "the subjects are not two spellings of one repository and one kind of run"
    if changes and any(each["run"] == "pull_request" for each in matches):
        yield "anyone can open a pull request, so none may assume a role that changes resources"
