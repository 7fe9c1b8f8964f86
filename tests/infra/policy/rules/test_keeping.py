"""What buckets hold: data is kept, cannot be deleted by mistake, and rubbish goes."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.graph import Graph
from trackstack_infra.policy.rules.keeping import RULES

UPLOADED = {"page": ("aws:s3/bucketObjectv2:BucketObjectv2", {"bucket": "photos", "key": "index.html"})}
# A bucket of things that can be made again: its program uploads them, and no role writes to it.
DISPOSABLE = {
    "photos": {"forceDestroy": True, "protect": None, "objectLockEnabled": None},
    "versions": None,
    "lock": None,
}
OPEN = {"status": "Enabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 3}}
WRITER = {
    "writer": (
        "aws:iam/rolePolicy:RolePolicy",
        {
            "policy": json.dumps(
                {
                    "Statement": [
                        {"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::photos/raw/*"}
                    ]
                }
            )
        },
    )
}

BREAKS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("s3-versions", {}, {"versions": None}, "it holds data but has no versioning: an overwritten object is lost"),
    (
        "s3-versions",
        {},
        {"versions": {"versioningConfiguration": {"status": "Suspended"}}},
        "it holds data but has no versioning: an overwritten object is lost",
    ),
    ("s3-lifecycle", {}, {"lifecycle": None}, "it has no enabled lifecycle rule"),
    (
        "s3-lifecycle",
        {},
        {"lifecycle": {"rules": [{**OPEN, "status": "Disabled"}]}},
        "it has no enabled lifecycle rule",
    ),
    (
        "s3-lifecycle",
        {},
        {"lifecycle": {"rules": [{**OPEN, "filter": {"prefix": "tmp/"}}]}},
        "incomplete multipart uploads stay in it and are billed",
    ),
    (
        "s3-object-lock",
        {},
        {"photos": {"objectLockEnabled": False}},
        "it holds data without Object Lock: anyone who may delete versions can delete it all",
    ),
    ("s3-object-lock", {}, {"lock": None}, "its Object Lock has no default retention, so it locks nothing"),
    (
        "s3-data-protected",
        {},
        {"photos": {"protect": None}},
        "it holds data, and the engine may delete it (no `protect`)",
    ),
    (
        "s3-data-protected",
        {},
        {"photos": {"forceDestroy": True}},
        "deleting it deletes its objects too (forceDestroy), though it is protected",
    ),
    (
        "s3-data-protected",
        {},
        DISPOSABLE,
        "deleting it deletes its objects too (forceDestroy), though nothing in it comes from the program",
    ),
    (
        "s3-data-protected",
        {**UPLOADED, **WRITER},
        DISPOSABLE,
        "deleting it deletes its objects too (forceDestroy), though a role may write to it",
    ),
]


@pytest.mark.parametrize(("rule", "more", "changes", "message"), BREAKS)
def test_data_that_could_be_lost_is_found(
    bucket: Callable[..., Graph], broken: Any, rule: str, more: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    """Each rule finds the bucket, and says what is wrong with it."""
    assert broken(RULES, rule, bucket(more, **changes)) == [f"photos: {message}"]


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_data_that_is_kept_is_left_alone(bucket: Callable[..., Graph], broken: Any, rule: str) -> None:
    """A protected bucket with versions, a lock and a lifecycle holds every rule."""
    assert broken(RULES, rule, bucket()) == []


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_what_the_program_can_upload_again_needs_no_keeping(
    bucket: Callable[..., Graph], broken: Any, rule: str
) -> None:
    """A site's bucket may be deleted with what is in it: neither versions nor lock, but a lifecycle all the same."""
    assert broken(RULES, rule, bucket(UPLOADED, **DISPOSABLE)) == []


def test_every_rule_has_been_broken() -> None:
    """No rule of this file is without a test."""
    assert {rule for rule, *_ in BREAKS} == {rule.id for rule in RULES}
