"""What a distribution does with a path, and whether a bucket lets it in."""

import json
from typing import Any

import pytest

from trackstack_infra.local.router.distributions import Behaviour, Distribution, bucket_allows
from trackstack_infra.local.router.read_cloudfront import BUCKET_HOST

ARN = "arn:aws:cloudfront::123456789012:distribution/E1"
OBJECT = "arn:aws:s3:::site/index.html"
READ: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudfront.amazonaws.com"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::site/*",
    "Condition": {"StringEquals": {"AWS:SourceArn": ARN}},
}
ONLY_TLS: dict[str, Any] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::site", "arn:aws:s3:::site/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("/api/v1/gym", "api"),
        ("/api", "bucket"),
        ("/images/a.png", "images"),
        ("/images/a/b.PNG", "bucket"),
        ("/", "bucket"),
    ],
)
def test_the_first_pattern_that_fits_decides(path: str, origin: str) -> None:
    """A pattern may be written with or without its first slash; the default behaviour takes the rest."""
    methods = frozenset({"GET"})
    behaviours = (
        Behaviour("/api/*", "api", methods, ""),
        Behaviour("images/*.png", "images", methods, ""),
        Behaviour("*", "bucket", methods, ""),
    )
    distribution = Distribution("E1", ARN, "site", "pragmatic", "d1.cloudfront.net", True, "", behaviours, {}, {})
    assert distribution.behaviour(path).origin == origin


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([READ, ONLY_TLS], True),
        ([READ | {"Condition": {"StringLike": {"aws:sourcearn": "arn:aws:cloudfront::123456789012:*"}}}], True),
        ([READ | {"Action": ["s3:Get*"], "Resource": [OBJECT]}], True),
        ([], False),
        ([ONLY_TLS], False),
        ([READ | {"Condition": {"StringEquals": {"AWS:SourceArn": ARN + "2"}}}], False),
        ([READ | {"Condition": {"IpAddress": {"aws:SourceIp": "1.2.3.4"}}}], False),
        ([READ | {"Principal": {"Service": "logging.s3.amazonaws.com"}}], False),
        ([READ | {"Action": "s3:PutObject"}], False),
        ([READ | {"Resource": "arn:aws:s3:::site/public/*"}], False),
        ([READ, READ | {"Effect": "Deny"}], False),
    ],
)
def test_a_bucket_lets_a_distribution_in_by_its_policy(statements: list[dict[str, Any]], allowed: bool) -> None:
    """Service, action, object and the distribution's own ARN must fit; a denial goes before a permission."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    assert bucket_allows(policy, "s3:GetObject", OBJECT, ARN) is allowed


def test_a_bucket_without_a_policy_lets_nobody_in() -> None:
    """Buckets are private."""
    assert not bucket_allows(None, "s3:GetObject", OBJECT, ARN)


def test_reading_an_object_is_not_listing_the_bucket() -> None:
    """So a missing object is a 403 for the distribution, as on AWS."""
    policy = json.dumps({"Statement": READ})
    assert not bucket_allows(policy, "s3:ListBucket", "arn:aws:s3:::site", ARN)


@pytest.mark.parametrize(
    ("host", "bucket"),
    [
        ("site-1a2b3c4.s3.eu-central-1.amazonaws.com", "site-1a2b3c4"),
        ("site.s3.amazonaws.com", "site"),
        ("my.dotted.site.s3.us-east-1.amazonaws.com", "my.dotted.site"),
        ("site.s3-eu-west-1.amazonaws.com", "site"),
        ("abc.execute-api.eu-central-1.amazonaws.com", None),
        ("example.com", None),
    ],
)
def test_a_bucket_is_known_by_its_host_name(host: str, bucket: str | None) -> None:
    """Every other origin is a host."""
    found = BUCKET_HOST.fullmatch(host)
    assert (found["bucket"] if found else None) == bucket
