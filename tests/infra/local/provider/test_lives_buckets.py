"""Buckets, their settings and their objects: each type goes once through its life."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.local.provider import Inputs

TAGS = {"Name": "ts-test-thing", "stack": "test"}
RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "One", "Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["*"]}],
    }
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


CASES: list[Any] = [
    (
        "aws:s3/bucket:Bucket",
        lambda w: {"bucket": "ts-test-site-0123abc", "forceDestroy": True, "tags": TAGS},
        RETAGGED,
        "arn bucketRegionalDomainName hostedZoneId",
    ),
    (
        "aws:s3/bucketVersioning:BucketVersioning",
        lambda w: {"bucket": w.bucket(), "versioningConfiguration": {"status": "Enabled"}},
        None,
        "",
    ),
    (
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        lambda w: {"bucket": w.bucket(), "blockPublicAcls": True, "blockPublicPolicy": True},
        {"ignorePublicAcls": True},
        "",
    ),
    (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        lambda w: {
            "bucket": w.bucket(),
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}],
        },
        None,
        "",
    ),
    (
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        lambda w: {"bucket": w.bucket(), "rule": {"objectOwnership": "BucketOwnerEnforced"}},
        None,
        "",
    ),
    ("aws:s3/bucketPolicy:BucketPolicy", lambda w: {"bucket": w.bucket(), "policy": POLICY}, {"policy": TRUST}, ""),
    (
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        lambda w: {
            "bucket": w.have("locked", "aws:s3/bucket:Bucket", bucket="locked-bucket", objectLockEnabled=True)["id"],
            "objectLockEnabled": "Enabled",
            "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 14.0}},
        },
        {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 7.0}}},
        "",
    ),
    (
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        lambda w: {
            "bucket": w.bucket(),
            "rules": [
                {
                    "id": "tidy",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 3.0},
                    "noncurrentVersionExpiration": {"noncurrentDays": 30.0},
                },
                {
                    "id": "monthly",
                    "status": "Enabled",
                    "filter": {"and": {"prefix": "backups/", "tags": {"keep": "monthly"}}},
                    "expiration": {"days": 366.0},
                },
            ],
        },
        None,
        "",
    ),
    (
        "aws:s3/bucketObjectv2:BucketObjectv2",
        lambda w: {
            "bucket": w.bucket(),
            "key": "css/site.css",
            "source": {"path": str(Path(__file__))},
            "sourceHash": "1",
            "contentType": "text/css",
            "cacheControl": "no-cache",
            "tags": TAGS,
        },
        RETAGGED | {"source": {"text": "body {}"}, "sourceHash": "2"},
        "arn etag",
    ),
]


@pytest.mark.parametrize(("token", "inputs", "changes", "gives"), CASES, ids=[case[0] for case in CASES])
def test_buckets_live_and_end(
    token: str,
    inputs: Callable[[Any], Inputs],
    changes: Inputs | Callable[[Any], Inputs] | None,
    gives: str,
    live: Callable[..., None],
) -> None:
    """Each type can be created, read, found again, changed in place and deleted, twice if need be."""
    live(token, inputs, changes, gives)
