"""Buckets: private, encrypted, TLS only."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.graph import Graph
from trackstack_infra.policy.rules.storage import RULES

ARN = "arn:aws:s3:::photos"


def policy(**statement: Any) -> dict[str, str]:
    return {"policy": json.dumps({"Statement": [{"Resource": [ARN, f"{ARN}/*"], **statement}]})}


def deny_without_tls(**changes: Any) -> dict[str, str]:
    whole = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return policy(**{**whole, **changes})


NOT_TLS = "its policy does not deny requests without TLS to the bucket and its objects"
BREAKS: list[tuple[str, dict[str, Any], str]] = [
    ("s3-public-access-block", {"access": None}, "it has no public access block"),
    (
        "s3-public-access-block",
        {"access": {"blockPublicPolicy": False}},
        "its public access block leaves blockPublicPolicy off",
    ),
    (
        "s3-public-access-block",
        {"access": {"bucket": "another"}},
        "it has no public access block",
    ),
    ("s3-tls-only", {"policy": None}, NOT_TLS),
    ("s3-tls-only", {"policy": deny_without_tls(Resource=f"{ARN}/*")}, NOT_TLS),
    ("s3-tls-only", {"policy": deny_without_tls(Action="s3:GetObject")}, NOT_TLS),
    ("s3-tls-only", {"policy": deny_without_tls(Effect="Allow")}, NOT_TLS),
    ("s3-tls-only", {"policy": deny_without_tls(Principal={"AWS": "123456789012"})}, NOT_TLS),
    (
        "s3-tls-only",
        {
            "policy": deny_without_tls(
                Condition={"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalTag/x": "y"}}
            )
        },
        NOT_TLS,
    ),
    ("s3-encrypted", {"encryption": None}, "it has no default encryption"),
    ("s3-customer-key", {}, "it is encrypted with an S3 managed key"),
    ("s3-no-acls", {"owner": None}, "access control lists are not disabled (BucketOwnerEnforced)"),
    (
        "s3-no-acls",
        {"owner": {"rule": {"objectOwnership": "ObjectWriter"}}},
        "access control lists are not disabled (BucketOwnerEnforced)",
    ),
    ("s3-no-acls", {"photos": {"acl": "public-read"}}, "it has an access control list"),
    (
        "s3-no-strangers",
        {"policy": policy(Effect="Allow", Principal="*", Action="s3:GetObject")},
        "its policy grants access to everyone",
    ),
    (
        "s3-no-strangers",
        {"policy": policy(Effect="Allow", Principal={"AWS": "arn:aws:iam::999999999999:root"}, Action="s3:*")},
        "its policy grants access to another account (arn:aws:iam::999999999999:root)",
    ),
    (
        "s3-no-strangers",
        {"policy": policy(Effect="Allow", Principal={"Service": "cloudfront.amazonaws.com"}, Action="s3:GetObject")},
        "its policy grants access to cloudfront.amazonaws.com on behalf of any account",
    ),
    ("s3-access-log", {}, "access to it is not logged"),
    ("s3-replication", {}, "it is not replicated to another region"),
    ("s3-events", {}, "nothing is notified of changes in it"),
]


@pytest.mark.parametrize(("rule", "changes", "message"), BREAKS)
def test_a_bucket_that_breaks_a_rule_is_found(
    bucket: Callable[..., Graph], broken: Any, rule: str, changes: dict[str, Any], message: str
) -> None:
    """Each rule finds the bucket, and says what is wrong with it."""
    assert broken(RULES, rule, bucket(**changes)) == [f"photos: {message}"]


KEYED = {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}]}
READ_BY_CLOUDFRONT = policy(
    Effect="Allow",
    Principal={"Service": "cloudfront.amazonaws.com"},
    Action="s3:GetObject",
    Condition={"StringEquals": {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1"}},
)
OWN_ACCOUNT = policy(Effect="Allow", Principal={"AWS": "arn:aws:iam::123456789012:role/reader"}, Action="s3:GetObject")
KEEPS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("s3-public-access-block", {}, {}),
    ("s3-tls-only", {}, {}),
    ("s3-tls-only", {}, {"policy": deny_without_tls(Action="*", Principal={"AWS": "*"}, Resource="*")}),
    ("s3-encrypted", {}, {}),
    ("s3-encrypted", {}, {"encryption": KEYED}),
    ("s3-customer-key", {}, {"encryption": KEYED}),
    ("s3-no-acls", {}, {}),
    ("s3-no-strangers", {}, {}),
    ("s3-no-strangers", {}, {"policy": READ_BY_CLOUDFRONT}),
    ("s3-no-strangers", {}, {"policy": OWN_ACCOUNT}),
    (
        "s3-access-log",
        {"log": ("aws:s3/bucketLogging:BucketLogging", {"bucket": "photos", "targetBucket": "logs"})},
        {},
    ),
    (
        "s3-access-log",
        {"log": ("aws:s3/bucketLogging:BucketLogging", {"bucket": "another", "targetBucket": "photos"})},
        {},
    ),
    ("s3-replication", {"copy": ("aws:s3/bucketReplicationConfig:BucketReplicationConfig", {"bucket": "photos"})}, {}),
    ("s3-events", {"events": ("aws:s3/bucketNotification:BucketNotification", {"bucket": "photos"})}, {}),
]


@pytest.mark.parametrize(("rule", "more", "changes"), KEEPS)
def test_a_bucket_that_holds_a_rule_is_left_alone(
    bucket: Callable[..., Graph], broken: Any, rule: str, more: dict[str, Any], changes: dict[str, Any]
) -> None:
    """A rule asks for what it is about, in whichever form the program chose."""
    assert broken(RULES, rule, bucket(more, **changes)) == []


def test_every_rule_has_been_broken_and_held() -> None:
    """No rule of this file is without both tests."""
    ids = {rule.id for rule in RULES}
    assert {rule for rule, *_ in BREAKS} == ids
    assert {rule for rule, *_ in KEEPS} == ids
