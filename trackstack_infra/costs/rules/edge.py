"""What stands between people and the app: CloudFront, API Gateway, certificates."""

from collections.abc import Iterator
from typing import Final

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.inputs import Inputs, below
from trackstack_infra.costs.rules.reasons import BEHAVIOUR, CHANGES, LOGS, OTHER_PRICE, PLACE, RIGHTS
from trackstack_infra.costs.rules.rule import BillingContext, Rule
from trackstack_infra.costs.rules.sizes import units_of
from trackstack_infra.graph import Resource

_UNIT_KB: Final = 512  # a larger request counts as several: https://aws.amazon.com/api-gateway/pricing/


def distribution(distribution: Resource, context: BillingContext) -> Iterator[Meter]:
    """Bytes to the browsers, and their requests; between CloudFront and AWS nothing is billed."""
    share = context.share(distribution.type)
    yield Meter(price="cloudfront.out_gb", count=share, billing=Billing.BY_USE, usage="cloudfront.gb")
    yield Meter(price="cloudfront.request", count=share, billing=Billing.BY_USE, usage="cloudfront.requests")


def edge_function(function: Resource, context: BillingContext) -> Iterator[Meter]:
    """At most one run a request; what goes to the API does not run it."""
    share = context.share(function.type)
    yield Meter(price="cloudfront.function", count=share, billing=Billing.BY_USE, usage="cloudfront.requests")


def api(api: Resource, context: BillingContext) -> Iterator[Meter]:
    """Requests of an HTTP API, in units of 512 KB."""
    kind = "http" if api.inputs.get("protocolType") == "HTTP" else "websocket"
    size = "api.kb_per_request"
    if context.running:
        yield Meter(
            price=f"api.{kind}.request",
            count=units_of(context.sizes(size), _UNIT_KB) * context.share(api.type),
            billing=Billing.BY_USE,
            usage="api.requests",
            assumes=(size,),
            note=f"in units of {_UNIT_KB} KB",
        )


_PATHS: Final = "defaultCacheBehavior orderedCacheBehaviors"
_DISTRIBUTION = Inputs(
    neutral={
        "how paths are served": below(
            _PATHS,
            "allowedMethods cachePolicyId cachedMethods compress defaultTtl forwardedValues functionAssociations"
            " grpcConfig maxTtl minTtl originRequestPolicyId responseHeadersPolicyId smoothStreaming"
            " targetOriginId trustedKeyGroups trustedSigners viewerProtocolPolicy",
        )
        + " orderedCacheBehaviors.pathPattern",
        PLACE: "aliases isIpv6Enabled originGroups restrictions "
        + below(
            "origins",
            "connectionAttempts connectionTimeout customHeaders customOriginConfig domainName originAccessControlId"
            " originId originPath responseCompletionTimeout s3OriginConfig vpcOriginConfig",
        ),
        BEHAVIOUR: "comment customErrorResponses defaultRootObject enabled httpVersion "
        + below(
            "viewerCertificate",
            "acmCertificateArn cloudfrontDefaultCertificate iamCertificateId minimumProtocolVersion",
        ),
        CHANGES: "retainOnDelete waitForDeployment",
        "viewers are taken to be where the region's price holds": "priceClass",
    },
    unpriced={
        "runs functions at the edge, whose runs are not stated": below(_PATHS, "lambdaFunctionAssociations"),
        "bills each request anew": below(_PATHS, "fieldLevelEncryptionId"),
        "reserves addresses, at hundreds of dollars a month": "anycastIpListId"
        " viewerCertificate.sslSupportMethod=sni-only",
        "bills each request to a shield": "origins.originShield",
        "bills each request to a firewall": "webAclId",
        "splits its requests between two distributions": "continuousDeploymentPolicyId staging",
        OTHER_PRICE: "cacheTagConfig connectionFunctionAssociation viewerMtlsConfig",
        LOGS: "loggingConfig " + below(_PATHS, "realtimeLogConfigArn"),
    },
)
_EDGE_FUNCTION = Inputs(
    neutral={BEHAVIOUR: "code comment publish runtime"},
    unpriced={"reads a key value store, which bills each read": "keyValueStoreAssociations"},
)
_API = Inputs(
    reads="protocolType",
    neutral={
        PLACE: "disableExecuteApiEndpoint ipAddressType",
        BEHAVIOUR: "apiKeySelectionExpression body corsConfiguration routeKey routeSelectionExpression target version",
        CHANGES: "failOnWarnings",
        RIGHTS: "credentialsArn",
    },
)

RULES: dict[str, Rule] = {
    "aws:cloudfront/distribution:Distribution": Rule(distribution, _DISTRIBUTION),
    "aws:cloudfront/function:Function": Rule(edge_function, _EDGE_FUNCTION),
    "aws:apigatewayv2/api:Api": Rule(api, _API),
}
