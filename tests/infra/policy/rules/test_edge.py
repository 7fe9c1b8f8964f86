"""CloudFront: TLS on both sides, private buckets behind it, headers that browsers heed."""

from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.graph import Graph
from trackstack_infra.policy.rules.edge import RULES

Site = Callable[..., Graph]
BUCKET_ORIGIN = {
    "originId": "bucket",
    "domainName": "pages-0a1b2c3.s3.us-east-1.amazonaws.com",
    "originAccessControlId": "access",
}
API_ORIGIN = {
    "originId": "api",
    "domainName": "a1.execute-api.us-east-1.amazonaws.com",
    "customOriginConfig": {"originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"]},
}
BEHAVIOUR = {"viewerProtocolPolicy": "redirect-to-https", "responseHeadersPolicyId": "headers"}
SECURE = {
    "strictTransportSecurity": {"accessControlMaxAgeSec": 31_536_000, "override": True},
    "contentSecurityPolicy": {"contentSecurityPolicy": "default-src 'self'", "override": True},
    "contentTypeOptions": {"override": True},
    "frameOptions": {"frameOption": "DENY", "override": True},
    "referrerPolicy": {"referrerPolicy": "same-origin", "override": True},
}
CERTIFICATE = {
    "acmCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "sslSupportMethod": "sni-only",
    "minimumProtocolVersion": "TLSv1.2_2021",
}


@pytest.fixture
def site(with_changes: Callable[..., Graph]) -> Site:
    """A page and an API under a name of their own, holding every rule that blocks."""
    parts = {
        "site": (
            "aws:cloudfront/distribution:Distribution",
            {
                "aliases": ["track.example.org"],
                "viewerCertificate": CERTIFICATE,
                "defaultRootObject": "index.html",
                "origins": [BUCKET_ORIGIN, API_ORIGIN],
                "defaultCacheBehavior": BEHAVIOUR,
                "orderedCacheBehaviors": [{"pathPattern": "/api/*", **BEHAVIOUR}],
                "restrictions": {"geoRestriction": {"restrictionType": "none"}},
            },
        ),
        "access": (
            "aws:cloudfront/originAccessControl:OriginAccessControl",
            {
                "name": "access",
                "originAccessControlOriginType": "s3",
                "signingBehavior": "always",
                "signingProtocol": "sigv4",
            },
        ),
        "headers": (
            "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
            {"name": "headers", "securityHeadersConfig": SECURE},
        ),
    }

    def make(**changes: Any) -> Graph:
        return with_changes(parts, **changes)

    return make


def headers(**changes: Any) -> dict[str, Any]:
    return {"headers": {"securityHeadersConfig": {**SECURE, **changes}}}


BREAKS: list[tuple[str, dict[str, Any], str]] = [
    (
        "cloudfront-https-only",
        {"site": {"defaultCacheBehavior": {**BEHAVIOUR, "viewerProtocolPolicy": "allow-all"}}},
        "its default behaviour answers over plain HTTP",
    ),
    (
        "cloudfront-https-only",
        {"site": {"orderedCacheBehaviors": [{"pathPattern": "/api/*", "viewerProtocolPolicy": "allow-all"}]}},
        "its behaviour for /api/* answers over plain HTTP",
    ),
    (
        "cloudfront-tls-version",
        {"site": {"viewerCertificate": {**CERTIFICATE, "minimumProtocolVersion": "TLSv1.2_2019"}}},
        "its minimum TLS version is TLSv1.2_2019; TLSv1.2_2021 or newer is required",
    ),
    (
        "cloudfront-own-name",
        {"site": {"aliases": None, "viewerCertificate": {"cloudfrontDefaultCertificate": True}}},
        "it has CloudFront's default domain and certificate, which allow TLS 1.0",
    ),
    (
        "cloudfront-certificate",
        {"site": {"viewerCertificate": {"cloudfrontDefaultCertificate": True}}},
        "it has aliases but no certificate for them",
    ),
    (
        "cloudfront-certificate",
        {"site": {"viewerCertificate": {**CERTIFICATE, "sslSupportMethod": "vip"}}},
        "its certificate is not served by SNI: a dedicated IP address costs $600 a month",
    ),
    ("cloudfront-private-buckets", {"access": None}, "origin bucket reads its bucket without an origin access control"),
    (
        "cloudfront-private-buckets",
        {"access": {"signingBehavior": "no-override"}},
        "the origin access control of bucket does not always sign requests",
    ),
    (
        "cloudfront-private-buckets",
        {"site": {"origins": [{"originId": "web", "domainName": "pages.s3-website-us-east-1.amazonaws.com"}]}},
        "origin web is an S3 website endpoint, which is public",
    ),
    (
        "cloudfront-root-object",
        {"site": {"defaultRootObject": None}},
        "it has no default root object: / lists the bucket or fails",
    ),
    (
        "cloudfront-headers",
        {"site": {"defaultCacheBehavior": {"viewerProtocolPolicy": "https-only"}}},
        "its default behaviour has no response headers policy of this stack",
    ),
    (
        "cloudfront-headers",
        {
            "site": {"orderedCacheBehaviors": []},
            **headers(strictTransportSecurity={"accessControlMaxAgeSec": 3600}, contentSecurityPolicy=None),
        },
        "the response headers policy of its default behaviour lacks HSTS for a year, a content security policy",
    ),
    (
        "cloudfront-headers",
        {
            "site": {"orderedCacheBehaviors": []},
            **headers(
                frameOptions={"frameOption": "SAMEORIGIN"},
                contentTypeOptions=None,
                referrerPolicy={"referrerPolicy": "unsafe-url"},
            ),
        },
        "the response headers policy of its default behaviour lacks nosniff, frame options DENY,"
        " a strict referrer policy",
    ),
    (
        "cloudfront-origins-over-tls",
        {"site": {"origins": [{**API_ORIGIN, "customOriginConfig": {"originProtocolPolicy": "http-only"}}]}},
        "origin api is called over plain HTTP",
    ),
    (
        "cloudfront-origins-over-tls",
        {
            "site": {
                "origins": [
                    {
                        **API_ORIGIN,
                        "customOriginConfig": {
                            "originProtocolPolicy": "https-only",
                            "originSslProtocols": ["TLSv1.1", "TLSv1.2"],
                        },
                    }
                ]
            }
        },
        "origin api is called with protocols older than TLS 1.2",
    ),
    ("cloudfront-waf", {}, "no web application firewall protects it"),
    ("cloudfront-countries", {}, "it serves viewers in every country"),
    ("cloudfront-failover", {}, "no second origin takes over when one fails"),
    ("cloudfront-access-log", {}, "its requests are not logged"),
]


@pytest.mark.parametrize(("rule", "changes", "message"), BREAKS)
def test_a_distribution_that_breaks_a_rule_is_found(
    site: Site, broken: Any, rule: str, changes: dict[str, Any], message: str
) -> None:
    """Each rule finds the distribution, and says what is wrong with it."""
    assert broken(RULES, rule, site(**changes)) == [f"site: {message}"]


CLOSED = {
    "cloudfront-waf": {"webAclId": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/w/1"},
    "cloudfront-countries": {"restrictions": {"geoRestriction": {"restrictionType": "whitelist", "locations": ["DE"]}}},
    "cloudfront-failover": {"originGroups": [{"originId": "both"}]},
    "cloudfront-access-log": {"loggingConfig": {"bucket": "logs.s3.amazonaws.com"}},
}


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_a_distribution_that_holds_a_rule_is_left_alone(site: Site, broken: Any, rule: str) -> None:
    """The page and the API with everything set hold each rule."""
    assert broken(RULES, rule, site(site=CLOSED.get(rule, {}))) == []


def test_without_a_name_of_its_own_the_tls_version_is_not_the_programs_to_choose(site: Site, broken: Any) -> None:
    """CloudFront's own certificate fixes the version: that is accepted, and not asked for twice."""
    unnamed = site(site={"aliases": None, "viewerCertificate": {"cloudfrontDefaultCertificate": True}})
    assert broken(RULES, "cloudfront-tls-version", unnamed) == []
    assert broken(RULES, "cloudfront-certificate", unnamed) == []


def test_every_rule_has_been_broken() -> None:
    """No rule of this file is without a test."""
    assert {rule for rule, *_ in BREAKS} == {rule.id for rule in RULES}
