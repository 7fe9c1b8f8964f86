"""The web page: a private bucket that only its own CloudFront distribution may read."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.policy import Statement
from trackstack_infra.components.storage import PrivateBucket
from trackstack_infra.errors import PrerequisiteMissing

# AWS's managed policies: CachingOptimized, and SecurityHeadersPolicy (HSTS, nosniff, frames, referrer).
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_OPTIMIZED: Final = "658327ea-f89d-4fab-a63d-7e88639e58f6"
SECURITY_HEADERS: Final = "67f7725c-6f97-4210-82d7-5512b31e9d03"
CONTENT_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
# Names do not carry a hash of their content: a browser may keep a file but must ask whether it still holds.
CACHE_CONTROL: Final = "no-cache"


class Site(Component):
    """The files of one folder, behind CloudFront, over HTTPS."""

    def __init__(self, name: str, *, folder: Path, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.bucket = PrivateBucket(name, holds_data=False, opts=self.owned())
        self.distribution = self._distribution()
        self._readable_by_the_distribution()
        self._upload(folder)
        self.url = pulumi.Output.concat("https://", self.distribution.domain_name)
        self.register_outputs({"url": self.url})

    def _distribution(self) -> aws.cloudfront.Distribution:
        access = aws.cloudfront.OriginAccessControl(
            self.child("access"),
            name=self.physical(self.name),
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=self.owned(delete_first=True),
        )
        return aws.cloudfront.Distribution(
            self.child("distribution"),
            comment=self.physical(self.name),
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class="PriceClass_100",
            default_root_object="index.html",
            origins=[
                aws.cloudfront.DistributionOriginArgs(
                    origin_id="bucket",
                    domain_name=self.bucket.bucket.bucket_regional_domain_name,
                    origin_access_control_id=access.id,
                )
            ],
            default_cache_behavior=aws.cloudfront.DistributionDefaultCacheBehaviorArgs(
                target_origin_id="bucket",
                viewer_protocol_policy="redirect-to-https",
                allowed_methods=["GET", "HEAD"],
                cached_methods=["GET", "HEAD"],
                compress=True,
                cache_policy_id=CACHING_OPTIMIZED,
                response_headers_policy_id=SECURITY_HEADERS,
            ),
            restrictions=aws.cloudfront.DistributionRestrictionsArgs(
                geo_restriction=aws.cloudfront.DistributionRestrictionsGeoRestrictionArgs(restriction_type="none")
            ),
            viewer_certificate=aws.cloudfront.DistributionViewerCertificateArgs(cloudfront_default_certificate=True),
            tags=self.tags(),
            opts=self.owned(),
        )

    def _readable_by_the_distribution(self) -> None:
        read: Statement = {
            "Sid": "OnlyTheDistributionReads",
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": "s3:GetObject",
            "Resource": pulumi.Output.concat(self.bucket.bucket.arn, "/*"),
            "Condition": {"StringEquals": {"AWS:SourceArn": self.distribution.arn}},
        }
        aws.s3.BucketPolicy(
            self.child("policy"),
            bucket=self.bucket.bucket.bucket,
            policy=self.bucket.policy(read),
            opts=self.owned(after=[self.bucket.public_access_block]),
        )

    def _upload(self, folder: Path) -> None:
        for path in site_files(folder):
            key = path.relative_to(folder).as_posix()
            aws.s3.BucketObjectv2(
                self.child(key),
                bucket=self.bucket.bucket.bucket,
                key=key,
                source=pulumi.FileAsset(path),
                source_hash=hashlib.sha256(path.read_bytes()).hexdigest(),
                content_type=CONTENT_TYPES[path.suffix],
                cache_control=CACHE_CONTROL,
                tags=self.tags(),
                opts=self.owned(),
            )


def site_files(folder: Path) -> Iterator[Path]:
    """The files that belong on the web, in a stable order: those of a known type, none of them hidden."""
    if not (folder / "index.html").is_file():
        raise PrerequisiteMissing(
            f"the site has no index.html: {folder}", hint=f"restore it with `git checkout -- {folder}`"
        )
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and path.suffix in CONTENT_TYPES and not hidden:
            yield path
