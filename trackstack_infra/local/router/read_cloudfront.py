"""Reads distributions, and the policies of their buckets, back from the emulator's describe calls."""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from trackstack_infra.local.router.distributions import AddedHeader, Behaviour, Distribution, ErrorPage, Origin
from trackstack_infra.local.router.reading import Aws, stack_of, tags_of

log = logging.getLogger(__name__)

# <bucket>.s3.<region>.amazonaws.com, or the older forms without region or with a dash; not a bucket's website.
BUCKET_HOST = re.compile(r"(?P<bucket>.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com")


def read_distributions(aws: Aws) -> tuple[Distribution, ...]:
    """Return every distribution."""
    cloudfront = aws.client("cloudfront")
    listed = [
        summary
        for page in cloudfront.get_paginator("list_distributions").paginate()
        for summary in page["DistributionList"].get("Items", ())
    ]
    policies = _header_policies(cloudfront) if listed else {}
    return tuple(_distribution(cloudfront, summary["Id"], policies) for summary in listed)


def read_policies(aws: Aws, distributions: Iterable[Distribution]) -> dict[str, str | None]:
    """Return the policy of each bucket that a distribution reads from, None where it has none."""
    buckets = {
        origin.bucket
        for distribution in distributions
        for origin in distribution.origins.values()
        if origin.bucket is not None
    }
    return {bucket: _policy(aws, bucket) for bucket in buckets}


def _policy(aws: Aws, bucket: str) -> str | None:
    try:
        policy: str = aws.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]
    except ClientError:
        return None  # no policy, or no bucket: nobody is let in
    return policy


def _header_policies(cloudfront: Any) -> dict[str, Sequence[AddedHeader]]:
    listed = cloudfront.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"]
    policies = [each["ResponseHeadersPolicy"] for each in _items(listed)]
    return {each["Id"]: _added(each["ResponseHeadersPolicyConfig"]) for each in policies}


def _added(config: Mapping[str, Any]) -> Sequence[AddedHeader]:
    security = config.get("SecurityHeadersConfig") or {}
    says: dict[str, tuple[str, str]] = {}
    if "StrictTransportSecurity" in security:
        says["StrictTransportSecurity"] = ("strict-transport-security", _hsts(security["StrictTransportSecurity"]))
    if "ContentTypeOptions" in security:
        says["ContentTypeOptions"] = ("x-content-type-options", "nosniff")
    for part, key, name in (
        ("ContentSecurityPolicy", "ContentSecurityPolicy", "content-security-policy"),
        ("FrameOptions", "FrameOption", "x-frame-options"),
        ("ReferrerPolicy", "ReferrerPolicy", "referrer-policy"),
    ):
        if part in security:
            says[part] = (name, security[part][key])
    added = [
        AddedHeader(name.encode(), value.encode(), bool(security[part]["Override"]))
        for part, (name, value) in says.items()
    ]
    custom = [
        AddedHeader(each["Header"].lower().encode(), each["Value"].encode(), bool(each["Override"]))
        for each in _items(config.get("CustomHeadersConfig"))
    ]
    return (*added, *custom)


def _hsts(says: Mapping[str, Any]) -> str:
    subdomains = "; includeSubDomains" if says.get("IncludeSubdomains") else ""
    preload = "; preload" if says.get("Preload") else ""
    return f"max-age={says['AccessControlMaxAgeSec']}{subdomains}{preload}"


def _distribution(cloudfront: Any, id_: str, policies: Mapping[str, Sequence[AddedHeader]]) -> Distribution:
    found = cloudfront.get_distribution(Id=id_)["Distribution"]
    configuration = found["DistributionConfig"]
    tags = tags_of(cloudfront.list_tags_for_resource(Resource=found["ARN"])["Tags"].get("Items", []))
    name = configuration.get("Comment") or tags.get("Name") or id_
    behaviours = [
        *_items(configuration.get("CacheBehaviors")),
        {**configuration["DefaultCacheBehavior"], "PathPattern": "*"},
    ]
    return Distribution(
        id=id_,
        arn=found["ARN"],
        name=name,
        stack=stack_of(tags, name),
        host=found["DomainName"],
        enabled=configuration["Enabled"],
        root_object=configuration.get("DefaultRootObject") or "",
        behaviours=tuple(_behaviour(cloudfront, behaviour) for behaviour in behaviours),
        origins={origin["Id"]: _origin(origin) for origin in _items(configuration["Origins"])},
        error_pages={
            int(page["ErrorCode"]): ErrorPage(page["ResponsePagePath"], int(page["ResponseCode"] or page["ErrorCode"]))
            for page in _items(configuration.get("CustomErrorResponses"))
            if page.get("ResponsePagePath")
        },
        header_policies=policies,
        aliases=tuple(_items(configuration.get("Aliases"))),
    )


def _behaviour(cloudfront: Any, behaviour: Mapping[str, Any]) -> Behaviour:
    methods = _items(behaviour.get("AllowedMethods")) or ["GET", "HEAD"]
    return Behaviour(
        pattern=behaviour["PathPattern"],
        origin=behaviour["TargetOriginId"],
        methods=frozenset(methods),
        headers_policy=behaviour.get("ResponseHeadersPolicyId") or "",
        request_policy=behaviour.get("OriginRequestPolicyId") or "",
        function=_function(cloudfront, behaviour),
    )


def _function(cloudfront: Any, behaviour: Mapping[str, Any]) -> str:
    """The published source of the function that sees the viewers' requests."""
    for each in _items(behaviour.get("FunctionAssociations")):
        name = each["FunctionARN"].rpartition("/")[2]
        if each["EventType"] != "viewer-request":
            log.warning("the local router runs functions on viewer requests only, not %s", name)
            continue
        source: bytes = cloudfront.get_function(Name=name, Stage="LIVE")["FunctionCode"].read()
        return source.decode()
    return ""


def _origin(origin: Mapping[str, Any]) -> Origin:
    bucket = BUCKET_HOST.fullmatch(origin["DomainName"])
    return Origin(
        id=origin["Id"],
        host=origin["DomainName"],
        path=origin.get("OriginPath") or "",
        bucket=bucket["bucket"] if bucket else None,
        signed=bool(origin.get("OriginAccessControlId")),
        headers=tuple(
            (each["HeaderName"].lower().encode(), each["HeaderValue"].encode())
            for each in _items(origin.get("CustomHeaders"))
        ),
    )


def _items(collection: Mapping[str, Any] | None) -> list[Any]:
    """CloudFront's lists are {"Quantity": n, "Items": […]}."""
    return list((collection or {}).get("Items") or ())
