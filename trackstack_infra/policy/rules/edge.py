"""Rules for CloudFront (rows 11 to 18): TLS on both sides, private buckets behind it, headers that browsers heed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.policy.documents import as_list
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import block, blocks, refers

DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"
ACCESS_CONTROL: Final = "aws:cloudfront/originAccessControl:OriginAccessControl"
HEADERS: Final = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
TLS_1_2: Final = frozenset({"TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"})
YEAR_S: Final = 31_536_000
_BUCKET_DOMAIN: Final = re.compile(r"\.s3[.-][\w.-]*amazonaws\.com(\.cn)?$|\.s3\.amazonaws\.com$")
_WEBSITE_DOMAIN: Final = re.compile(r"\.s3-website[.-]")
_NO_REFERRER_ABROAD: Final = frozenset(
    {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
)


def _behaviours(distribution: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each cache behaviour, with how to call it in a sentence."""
    yield "its default behaviour", block(distribution, "defaultCacheBehavior")
    for each in blocks(distribution, "orderedCacheBehaviors"):
        yield f"its behaviour for {each.get('pathPattern')}", each


def _https_only(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(DISTRIBUTION):
        for name, behaviour in _behaviours(each):
            if behaviour.get("viewerProtocolPolicy") not in ("https-only", "redirect-to-https"):
                yield Finding(each.urn, f"{name} answers over plain HTTP")


def _has_own_name(distribution: Resource) -> bool:
    return bool(as_list(distribution.inputs.get("aliases"))) or _has_own_certificate(distribution)


def _has_own_certificate(distribution: Resource) -> bool:
    certificate = block(distribution, "viewerCertificate")
    return bool(certificate.get("acmCertificateArn") or certificate.get("iamCertificateId"))


def _tls_version(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(DISTRIBUTION):
        version = block(each, "viewerCertificate").get("minimumProtocolVersion")
        if _has_own_name(each) and version not in TLS_1_2:
            yield Finding(
                each.urn, f"its minimum TLS version is {version or 'TLSv1'}; TLSv1.2_2021 or newer is required"
            )


def _no_name(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(DISTRIBUTION):
        if not _has_own_name(each):
            yield Finding(each.urn, "it has CloudFront's default domain and certificate, which allow TLS 1.0")


def _certificate(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(DISTRIBUTION):
        if not as_list(each.inputs.get("aliases")):
            continue
        if not _has_own_certificate(each):
            yield Finding(each.urn, "it has aliases but no certificate for them")
        elif block(each, "viewerCertificate").get("sslSupportMethod") != "sni-only":
            yield Finding(each.urn, "its certificate is not served by SNI: a dedicated IP address costs $600 a month")


def _private_buckets(graph: Graph) -> Iterator[Finding]:
    controls = graph.all(ACCESS_CONTROL)
    for each in graph.all(DISTRIBUTION):
        for origin in blocks(each, "origins"):
            domain = str(origin.get("domainName"))
            if _WEBSITE_DOMAIN.search(domain):
                yield Finding(each.urn, f"origin {origin.get('originId')} is an S3 website endpoint, which is public")
                continue
            if not _BUCKET_DOMAIN.search(domain):
                continue
            access = next((one for one in controls if refers(origin.get("originAccessControlId"), one)), None)
            if access is None:
                yield Finding(
                    each.urn, f"origin {origin.get('originId')} reads its bucket without an origin access control"
                )
            elif not _signs(access):
                yield Finding(
                    each.urn, f"the origin access control of {origin.get('originId')} does not always sign requests"
                )


def _signs(access: Resource) -> bool:
    wanted = {
        "originAccessControlOriginType": "s3",
        "signingBehavior": "always",
        "signingProtocol": "sigv4",
    }
    return all(access.inputs.get(key) == value for key, value in wanted.items())


def _root_object(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(DISTRIBUTION):
        if not each.inputs.get("defaultRootObject"):
            yield Finding(each.urn, "it has no default root object: / lists the bucket or fails")


def _headers(graph: Graph) -> Iterator[Finding]:
    policies = graph.all(HEADERS)
    for each in graph.all(DISTRIBUTION):
        for name, behaviour in _behaviours(each):
            policy = next((one for one in policies if refers(behaviour.get("responseHeadersPolicyId"), one)), None)
            if policy is None:
                yield Finding(each.urn, f"{name} has no response headers policy of this stack")
                continue
            missing = _missing_headers(block(policy, "securityHeadersConfig"))
            if missing:
                yield Finding(each.urn, f"the response headers policy of {name} lacks {', '.join(missing)}")


def _missing_headers(headers: Mapping[str, Any]) -> list[str]:
    transport = block(headers, "strictTransportSecurity").get("accessControlMaxAgeSec")
    held = {
        "HSTS for a year": isinstance(transport, int | float) and transport >= YEAR_S,
        "a content security policy": bool(block(headers, "contentSecurityPolicy").get("contentSecurityPolicy")),
        "nosniff": bool(block(headers, "contentTypeOptions")),
        "frame options DENY": block(headers, "frameOptions").get("frameOption") == "DENY",
        "a strict referrer policy": block(headers, "referrerPolicy").get("referrerPolicy") in _NO_REFERRER_ABROAD,
    }
    return [name for name, holds in held.items() if not holds]


def _origins_over_tls(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(DISTRIBUTION):
        for origin in blocks(each, "origins"):
            custom = block(origin, "customOriginConfig")
            name = origin.get("originId")
            if not custom:
                continue
            if custom.get("originProtocolPolicy") != "https-only":
                yield Finding(each.urn, f"origin {name} is called over plain HTTP")
            elif set(as_list(custom.get("originSslProtocols"))) != {"TLSv1.2"}:
                yield Finding(each.urn, f"origin {name} is called with protocols older than TLS 1.2")


def _lacking(message: str, has: Callable[[Resource], Any]) -> Callable[[Graph], Iterator[Finding]]:
    """A check that each distribution has something."""

    def check(graph: Graph) -> Iterator[Finding]:
        for each in graph.all(DISTRIBUTION):
            if not has(each):
                yield Finding(each.urn, message)

    return check


def _limits_countries(distribution: Resource) -> bool:
    restriction = block(block(distribution, "restrictions"), "geoRestriction")
    return restriction.get("restrictionType") in ("whitelist", "blacklist")


RULES: Final = (
    Rule(
        id="cloudfront-https-only",
        row=11,
        title="Viewers can use only HTTPS.",
        verdict=Verdict.BLOCK,
        fsbp=("CloudFront.3",),
        checkov=("CKV_AWS_34",),
        trivy=("AWS-0012",),
        check=_https_only,
    ),
    Rule(
        id="cloudfront-tls-version",
        row=12,
        title="With a custom domain, viewers must use TLSv1.2_2021 or newer.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_174", "CKV2_AWS_54"),
        trivy=("AWS-0013",),
        check=_tls_version,
    ),
    Rule(
        id="cloudfront-own-name",
        row=12,
        title="A distribution has a custom domain and certificate, and so a choice of TLS versions.",
        verdict=Verdict.ACCEPT,
        fsbp=("CloudFront.7", "CloudFront.8"),
        checkov=("CKV_AWS_174", "CKV2_AWS_42", "CKV2_AWS_54"),
        trivy=("AWS-0013",),
        reason="Browsers negotiate TLS 1.3 anyway; the setting `domain` closes it for owners of a domain.",
        price="$0.50 for the hosted zone, plus the domain",
        check=_no_name,
    ),
    Rule(
        id="cloudfront-private-buckets",
        row=13,
        title="CloudFront reads buckets through an origin access control that always signs requests.",
        verdict=Verdict.BLOCK,
        fsbp=("CloudFront.13",),
        checkov=("CKV2_AWS_46",),
        check=_private_buckets,
    ),
    Rule(
        id="cloudfront-root-object",
        row=14,
        title="A distribution has a default root object.",
        verdict=Verdict.BLOCK,
        fsbp=("CloudFront.1",),
        checkov=("CKV_AWS_305",),
        check=_root_object,
    ),
    Rule(
        id="cloudfront-headers",
        row=15,
        title="Every response carries HSTS, a content security policy, nosniff, frame denial and a referrer policy.",
        verdict=Verdict.BLOCK,
        checkov=("CKV2_AWS_32", "CKV_AWS_259"),
        check=_headers,
    ),
    Rule(
        id="cloudfront-origins-over-tls",
        row=16,
        title="Origins other than buckets are called over HTTPS with TLS 1.2.",
        verdict=Verdict.BLOCK,
        fsbp=("CloudFront.9", "CloudFront.10"),
        checkov=("CKV2_AWS_72",),
        check=_origins_over_tls,
    ),
    Rule(
        id="cloudfront-waf",
        row=17,
        title="A web application firewall protects the distribution.",
        verdict=Verdict.ACCEPT,
        fsbp=("CloudFront.6",),
        checkov=("CKV_AWS_68", "CKV2_AWS_47"),
        trivy=("AWS-0011",),
        reason="The API requires a token for every call and is throttled; the site is static files.",
        price="$6.00 with one rule, and $0.60 a million requests",
        check=_lacking("no web application firewall protects it", lambda each: each.inputs.get("webAclId")),
    ),
    Rule(
        id="cloudfront-countries",
        row=17,
        title="CloudFront serves only viewers in listed countries.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_374",),
        reason="Its user travels, and a list of countries does not stop attackers.",
        price="$0",
        check=_lacking("it serves viewers in every country", _limits_countries),
    ),
    Rule(
        id="cloudfront-failover",
        row=17,
        title="A second origin takes over when the first fails.",
        verdict=Verdict.ACCEPT,
        fsbp=("CloudFront.4",),
        checkov=("CKV_AWS_310",),
        reason="The site is cached at the edge, and S3 is not the part that fails.",
        price="$0.046 a GB, for a second copy in another region",
        check=_lacking("no second origin takes over when one fails", lambda each: blocks(each, "originGroups")),
    ),
    Rule(
        id="cloudfront-access-log",
        row=17,
        title="A distribution logs its requests.",
        verdict=Verdict.ACCEPT,
        fsbp=("CloudFront.5",),
        checkov=("CKV_AWS_86",),
        trivy=("AWS-0010",),
        reason="The API logs its own calls; a log of page views would only track one person.",
        price="$0.023 a GB of log",
        check=_lacking("its requests are not logged", lambda each: block(each, "loggingConfig")),
    ),
    Rule(
        id="cloudfront-certificate",
        row=18,
        title="A certificate, served by SNI, covers all aliases.",
        verdict=Verdict.BLOCK,
        fsbp=("CloudFront.7", "CloudFront.8"),
        checkov=("CKV2_AWS_42",),
        check=_certificate,
    ),
)
