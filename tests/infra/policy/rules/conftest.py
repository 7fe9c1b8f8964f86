"""Resources that hold every rule, to be broken one property at a time."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from trackstack_infra.graph import Graph, Resource

Parts = dict[str, Resource]
Change = Mapping[str, Any] | None


@pytest.fixture
def with_changes(resource: Callable[..., Resource], graph_of: Callable[..., Graph]) -> Callable[..., Graph]:
    """A graph of parts, some changed: properties laid over a part's own, `None` leaves the part out.

    `protect` is the option of that name; a property that is `None` is left out.
    """

    def make(parts: Mapping[str, tuple[str, Mapping[str, Any]]], **changes: Change) -> Graph:
        made = []
        for name, (type_, inputs) in parts.items():
            change = changes.get(name, {})
            if change is None:
                continue
            merged = {key: value for key, value in {**inputs, **change}.items() if value is not None}
            protect = bool(merged.pop("protect", False))
            made.append(resource(type_, name, merged, protect=protect))
        return graph_of(*made)

    return make


@pytest.fixture
def bucket(with_changes: Callable[..., Graph]) -> Callable[..., Graph]:
    """A bucket that holds data and every rule: `bucket(lifecycle=None)` is one that nothing clears up."""
    arn = "arn:aws:s3:::photos"
    tls = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    parts: dict[str, tuple[str, dict[str, Any]]] = {
        "photos": ("aws:s3/bucket:Bucket", {"bucket": "photos", "objectLockEnabled": True, "protect": True}),
        "access": ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", dict.fromkeys(flags, True)),
        "policy": ("aws:s3/bucketPolicy:BucketPolicy", {"policy": json.dumps({"Statement": [tls]})}),
        "owner": (
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        ),
        "encryption": (
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
        ),
        "versions": (
            "aws:s3/bucketVersioning:BucketVersioning",
            {"versioningConfiguration": {"status": "Enabled"}},
        ),
        "lifecycle": (
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            {
                "rules": [
                    {
                        "status": "Enabled",
                        "filter": {"prefix": ""},
                        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 3},
                    }
                ]
            },
        ),
        "lock": (
            "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
            {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 14}}},
        ),
    }
    for name, (_, inputs) in parts.items():
        if name != "photos":
            inputs["bucket"] = "photos"

    def make(more: Mapping[str, tuple[str, Mapping[str, Any]]] | None = None, **changes: Change) -> Graph:
        return with_changes({**parts, **(more or {})}, **changes)

    return make
