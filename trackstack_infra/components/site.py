"""The web page: a private bucket that only its own CloudFront distribution reads, and the API under the same name."""

import hashlib
from pathlib import Path
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.aliases import Aliases
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.certificate import FOR_CLOUDFRONT, Certificate
from trackstack_infra.components.files import CONTENT_TYPES, cache_control, site_files
from trackstack_infra.components.headers import SecurityHeaders
from trackstack_infra.components.iam_policy import Statement
from trackstack_infra.components.origin import SECRET_HEADER, ApiOrigin
from trackstack_infra.components.storage import PrivateBucket
from trackstack_infra.settings.groups import DomainSettings

# AWS's managed policies: CachingOptimized keeps a file as long as its Cache-Control says, and a second without one's
# leave; CachingDisabled; AllViewerExceptHostHeader, as an HTTP API answers to its own host name only.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_OPTIMIZED: Final = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST: Final = "b689b0a8-53d0-40ab-baf2-38738e2966ac"

ALL_METHODS: Final = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
TLS_VERSION: Final = "TLSv1.2_2021"
# A task that is being replaced does not answer: tell the page soon, it tries again.
CONNECT_TIMEOUT_S: Final = 5
CONNECT_ATTEMPTS: Final = 2

PAGES: Final = Path(__file__).with_name("index_pages.js")


class Site(Component):
    """The files of one folder behind CloudFront, over HTTPS; `/api/*` goes to `api`, so that the page needs no CORS.

    `login_url` is where the page signs people in, `status` the text of `status.json`. With a `domain` the site has
    that name, without one CloudFront's.
    """

    def __init__(
        self,
        name: str,
        *,
        folder: Path,
        api: ApiOrigin | None,
        login_url: pulumi.Input[str] | None,
        status: str | None = None,
        domain: DomainSettings | None = None,
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        self._domain = domain
        self._headers = SecurityHeaders(
            self.child("headers"), connects_to=[] if login_url is None else [login_url], opts=self.owned()
        )
        self.bucket = PrivateBucket(name, holds_data=False, opts=self.owned())
        self.distribution = self._distribution(api)
        if domain:
            Aliases(self.child("name"), domain=domain, distribution=self.distribution, opts=self.owned())
        self._readable_by_the_distribution()
        self._upload(folder)
        if status:
            self._say(status)
        self.url = pulumi.Output.concat("https://", domain.name if domain else self.distribution.domain_name)
        self.register_outputs({"url": self.url})

    def _distribution(self, api: ApiOrigin | None) -> aws.cloudfront.Distribution:
        return aws.cloudfront.Distribution(
            self.child("distribution"),
            comment=self.physical(self.name),
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class="PriceClass_100",
            default_root_object="index.html",
            aliases=[self._domain.name] if self._domain else None,
            origins=[self._files_origin(), *([_api_origin(api)] if api else [])],
            default_cache_behavior=self._files_behavior(),
            ordered_cache_behaviors=[self._api_behavior()] if api else None,
            restrictions=aws.cloudfront.DistributionRestrictionsArgs(
                geo_restriction=aws.cloudfront.DistributionRestrictionsGeoRestrictionArgs(restriction_type="none")
            ),
            viewer_certificate=self._certificate(),
            tags=self.tags(),
            opts=self.owned(),
        )

    def _files_origin(self) -> aws.cloudfront.DistributionOriginArgs:
        access = aws.cloudfront.OriginAccessControl(
            self.child("access"),
            name=self.physical(self.name),
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=self.owned(delete_first=True),
        )
        return aws.cloudfront.DistributionOriginArgs(
            origin_id="bucket",
            domain_name=self.bucket.bucket.bucket_regional_domain_name,
            origin_access_control_id=access.id,
        )

    def _files_behavior(self) -> aws.cloudfront.DistributionDefaultCacheBehaviorArgs:
        pages = aws.cloudfront.Function(
            self.child("pages"),
            name=self.physical(self.name, "pages"),
            comment="/x and /x/ are the page /x/index.html",
            runtime="cloudfront-js-2.0",
            code=PAGES.read_text(),
            publish=True,
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
        return aws.cloudfront.DistributionDefaultCacheBehaviorArgs(
            target_origin_id="bucket",
            viewer_protocol_policy="redirect-to-https",
            allowed_methods=["GET", "HEAD"],
            cached_methods=["GET", "HEAD"],
            compress=True,
            cache_policy_id=CACHING_OPTIMIZED,
            response_headers_policy_id=self._headers.id,
            function_associations=[
                aws.cloudfront.DistributionDefaultCacheBehaviorFunctionAssociationArgs(
                    event_type="viewer-request", function_arn=pages.arn
                )
            ],
        )

    def _api_behavior(self) -> aws.cloudfront.DistributionOrderedCacheBehaviorArgs:
        return aws.cloudfront.DistributionOrderedCacheBehaviorArgs(
            path_pattern="/api/*",
            target_origin_id="api",
            viewer_protocol_policy="https-only",  # redirected, a call would have sent its token in clear
            allowed_methods=ALL_METHODS,
            cached_methods=["GET", "HEAD"],
            compress=True,
            cache_policy_id=CACHING_DISABLED,
            origin_request_policy_id=ALL_BUT_HOST,
            response_headers_policy_id=self._headers.id,
        )

    def _certificate(self) -> aws.cloudfront.DistributionViewerCertificateArgs:
        if self._domain is None:
            return aws.cloudfront.DistributionViewerCertificateArgs(cloudfront_default_certificate=True)
        certificate = Certificate(
            self.child("certificate"), domain=self._domain, region=FOR_CLOUDFRONT, opts=self.owned()
        )
        return aws.cloudfront.DistributionViewerCertificateArgs(
            acm_certificate_arn=certificate.arn, ssl_support_method="sni-only", minimum_protocol_version=TLS_VERSION
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
                cache_control=cache_control(path.name),
                tags=self.tags(),
                opts=self.owned(),
            )

    def _say(self, status: str) -> None:
        aws.s3.BucketObjectv2(
            self.child("status.json"),
            bucket=self.bucket.bucket.bucket,
            key="status.json",
            content=status,
            content_type=CONTENT_TYPES[".json"],
            cache_control="no-store",
            tags=self.tags(),
            opts=self.owned(),
        )


def _api_origin(api: ApiOrigin) -> aws.cloudfront.DistributionOriginArgs:
    header = aws.cloudfront.DistributionOriginCustomHeaderArgs
    return aws.cloudfront.DistributionOriginArgs(
        origin_id="api",
        domain_name=api.domain_name,
        connection_timeout=CONNECT_TIMEOUT_S,
        connection_attempts=CONNECT_ATTEMPTS,
        custom_headers=[header(name=SECRET_HEADER, value=api.secret)] if api.secret is not None else None,
        custom_origin_config=aws.cloudfront.DistributionOriginCustomOriginConfigArgs(
            http_port=api.port if api.protocol == "http" else 80,
            https_port=api.port if api.protocol == "https" else 443,
            origin_protocol_policy=f"{api.protocol}-only",
            origin_ssl_protocols=["TLSv1.2"],
            ip_address_type="ipv6" if api.ipv6 else "ipv4",
        ),
    )
