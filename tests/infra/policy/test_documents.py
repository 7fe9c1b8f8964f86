"""Policies as rules read them: who is a stranger, and when TLS is really asked for."""

import json
from typing import Any

import pytest

from trackstack_infra.graph import Secret
from trackstack_infra.policy.documents import denies_without_tls, statements, strangers

OWN = "123456789012"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:mailbox"


def allow(principal: Any, **more: Any) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", "Principal": principal, "Action": "sqs:SendMessage", **more}})


def source(operator: str, key: str, value: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


@pytest.mark.parametrize(
    "document",
    [
        allow({"AWS": OWN}),
        allow({"AWS": [f"arn:aws:iam::{OWN}:role/gym", f"arn:aws:iam::{OWN}:root"]}),
        allow({"Service": "sns.amazonaws.com"}, **source("ArnEquals", "aws:SourceArn", "arn:aws:sns:us-east-1:1:t")),
        allow({"Service": "events.amazonaws.com"}, **source("StringEquals", "AWS:SourceAccount", OWN)),
        json.dumps({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*"}}),
        "{}",
        "",
    ],
)
def test_ones_own_account_and_services_that_act_for_it_are_no_strangers(document: str) -> None:
    """A service counts as one's own with a condition on the account or the resource it acts for."""
    assert strangers(document) == []


@pytest.mark.parametrize(
    ("document", "who"),
    [
        (allow("*"), "everyone"),
        (allow({"AWS": "*"}, **source("StringEquals", "aws:SourceAccount", OWN)), "everyone"),
        (allow({"AWS": "210987654321"}), "another account (210987654321)"),
        (allow({"Service": "sns.amazonaws.com"}), "sns.amazonaws.com on behalf of any account"),
        (
            allow({"Service": "sns.amazonaws.com"}, **source("ArnLike", "aws:SourceArn", "*")),
            "sns.amazonaws.com on behalf of any account",
        ),
        (
            allow({"Service": "sns.amazonaws.com"}, **source("ArnNotEquals", "aws:SourceArn", "arn:aws:sns:::t")),
            "sns.amazonaws.com on behalf of any account",
        ),
        (allow({"Federated": "accounts.google.com"}), "Federated accounts.google.com"),
        (
            json.dumps({"Statement": [{"Effect": "Allow", "NotPrincipal": {"AWS": OWN}, "Action": "*"}]}),
            "everyone but a few (NotPrincipal)",
        ),
    ],
)
def test_whoever_is_not_of_the_account_is_a_stranger(document: str, who: str) -> None:
    """Everybody, another account, a service that others may have sent, and what is not named at all."""
    assert strangers(document) == [who]


def deny(**changes: Any) -> str:
    whole = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": ["sqs:*"],
        "Resource": [QUEUE],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Statement": [{**whole, **changes}]})


def refused(document: str) -> bool:
    return denies_without_tls(document, action="sqs:*", resources=frozenset({QUEUE}))


def test_a_denial_counts_when_it_is_about_everybody_everything_and_nothing_but_tls() -> None:
    """A further condition would make an exception, and a value of true would deny those with TLS."""
    assert refused(deny())
    assert refused(deny(Action="*", Resource="*", Principal="*"))
    assert refused(deny(Condition={"Bool": {"AWS:SecureTransport": False}}))
    assert not refused(deny(Condition={"Bool": {"aws:SecureTransport": "true"}}))
    assert not refused(deny(Condition={"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}}))
    assert not refused(deny(Condition=None))
    assert not refused(deny(Action="sqs:SendMessage"))
    assert not refused(deny(Resource=f"{QUEUE}-other"))


def test_a_policy_may_be_text_an_object_or_secret() -> None:
    """All three are read alike; what is none of them has no statements."""
    statement = {"Effect": "Allow"}
    for document in (
        json.dumps({"Statement": statement}),
        {"Statement": [statement]},
        Secret({"Statement": statement}),
    ):
        assert statements(document) == [statement]
    assert statements("no JSON") == statements(None) == statements("[]") == []
