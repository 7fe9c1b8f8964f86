"""Load balancers, APIs, Cloud Map and CloudFront: each type goes once through its life."""

from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.local.provider import Inputs

TAGS = {"Name": "ts-test-thing", "stack": "test"}
RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}
NOT_FOUND = {
    "type": "fixed-response",
    "fixedResponse": {"contentType": "application/json", "messageBody": "{}", "statusCode": "404"},
}


def balancer(world: Any) -> str:
    made = world.have(
        "alb",
        "aws:lb/loadBalancer:LoadBalancer",
        name="shared",
        internal=True,
        subnets=[world.subnet(), world.subnet("b")],
        securityGroups=[world.group()],
    )
    return str(made["arn"])


def listener(world: Any) -> str:
    made = world.have(
        "listener",
        "aws:lb/listener:Listener",
        loadBalancerArn=balancer(world),
        port=8081.0,
        protocol="HTTP",
        defaultActions=[NOT_FOUND],
    )
    return str(made["arn"])


def api(world: Any) -> str:
    return str(world.have("api", "aws:apigatewayv2/api:Api", name="shared", protocolType="HTTP")["id"])


def namespace(world: Any) -> str:
    token = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
    return str(world.have("namespace", token, name="shared.internal", vpc=world.vpc())["id"])


def distribution(world: Any) -> dict[str, Any]:
    return {
        "comment": "ts-test-site",
        "enabled": True,
        "isIpv6Enabled": True,
        "httpVersion": "http2and3",
        "priceClass": "PriceClass_100",
        "defaultRootObject": "index.html",
        "origins": [
            {
                "originId": "bucket",
                "domainName": "shared-bucket.s3.us-east-1.amazonaws.com",
                "originAccessControlId": "E123",
            }
        ],
        "defaultCacheBehavior": {
            "targetOriginId": "bucket",
            "viewerProtocolPolicy": "redirect-to-https",
            "allowedMethods": ["GET", "HEAD"],
            "cachedMethods": ["GET", "HEAD"],
            "compress": True,
            "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
            "responseHeadersPolicyId": "67f7725c-6f97-4210-82d7-5512b31e9d03",
        },
        "customErrorResponses": [
            {"errorCode": 403.0, "responseCode": 200.0, "responsePagePath": "/index.html", "errorCachingMinTtl": 0.0}
        ],
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
        "tags": TAGS,
    }


CASES: list[Any] = [
    (
        "aws:lb/loadBalancer:LoadBalancer",
        lambda w: {
            "name": "ts-test",
            "internal": True,
            "loadBalancerType": "application",
            "ipAddressType": "ipv4",
            "subnets": [w.subnet(), w.subnet("b")],
            "securityGroups": [w.group()],
            "dropInvalidHeaderFields": True,
            "desyncMitigationMode": "defensive",
            "enableDeletionProtection": False,
            "tags": TAGS,
        },
        lambda w: RETAGGED | {"securityGroups": [w.group("other")], "idleTimeout": 30.0},
        "arn arnSuffix dnsName zoneId vpcId",
    ),
    (
        "aws:lb/targetGroup:TargetGroup",
        lambda w: {
            "name": "ts-test-expenses",
            "port": 8000.0,
            "protocol": "HTTP",
            "targetType": "ip",
            "vpcId": w.vpc(),
            "deregistrationDelay": 15.0,
            "healthCheck": {
                "path": "/readyz",
                "protocol": "HTTP",
                "matcher": "200",
                "interval": 10.0,
                "timeout": 5.0,
                "healthyThreshold": 2.0,
                "unhealthyThreshold": 3.0,
            },
            "tags": TAGS,
        },
        RETAGGED | {"healthCheck": {"path": "/livez"}, "deregistrationDelay": 5.0},
        "arn arnSuffix",
    ),
    (
        "aws:lb/listener:Listener",
        lambda w: {
            "loadBalancerArn": balancer(w),
            "port": 80.0,
            "protocol": "HTTP",
            "defaultActions": [NOT_FOUND],
            "tags": TAGS,
        },
        lambda w: RETAGGED | {"defaultActions": [{"type": "forward", "targetGroupArn": w.targets()}]},
        "arn",
    ),
    (
        "aws:lb/listenerRule:ListenerRule",
        lambda w: {
            "listenerArn": listener(w),
            "priority": 10.0,
            "conditions": [{"pathPattern": {"values": ["/api/v1/gym/*"]}}],
            "actions": [{"type": "forward", "targetGroupArn": w.targets()}],
            "tags": TAGS,
        },
        lambda w: RETAGGED | {"priority": 20.0, "conditions": [{"hostHeader": {"values": ["a.test"]}}]},
        "arn",
    ),
    (
        "aws:apigatewayv2/api:Api",
        lambda w: {
            "name": "ts-test",
            "protocolType": "HTTP",
            "corsConfiguration": {
                "allowOrigins": ["https://site.test"],
                "allowMethods": ["GET"],
                "allowCredentials": False,
                "maxAge": 600.0,
            },
            "tags": TAGS,
        },
        RETAGGED | {"description": "changed"},
        "arn apiEndpoint executionArn",
    ),
    (
        "aws:apigatewayv2/stage:Stage",
        lambda w: {
            "name": "$default",
            "apiId": api(w),
            "autoDeploy": True,
            "defaultRouteSettings": {"throttlingRateLimit": 20.0, "throttlingBurstLimit": 40.0},
            "accessLogSettings": {"destinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:x", "format": "{}"},
            "tags": TAGS,
        },
        RETAGGED | {"defaultRouteSettings": {"throttlingRateLimit": 5.0, "throttlingBurstLimit": 10.0}},
        "arn invokeUrl executionArn",
    ),
    (
        "aws:apigatewayv2/vpcLink:VpcLink",
        lambda w: {"name": "ts-test", "subnetIds": [w.subnet()], "securityGroupIds": [w.group()], "tags": TAGS},
        RETAGGED | {"name": "renamed"},
        "arn",
    ),
    (
        "aws:apigatewayv2/integration:Integration",
        lambda w: {
            "apiId": api(w),
            "integrationType": "HTTP_PROXY",
            "integrationMethod": "ANY",
            "integrationUri": listener(w),
            "connectionType": "VPC_LINK",
            "connectionId": "link",
            "payloadFormatVersion": "1.0",
        },
        {"timeoutMilliseconds": 5000.0},
        "",
    ),
    (
        "aws:apigatewayv2/route:Route",
        lambda w: {
            "apiId": api(w),
            "routeKey": "ANY /api/v1/gym/{proxy+}",
            "target": "integrations/abc",
            "authorizationType": "JWT",
            "authorizerId": "xyz",
            "authorizationScopes": ["trackstack/gym"],
        },
        {"target": "integrations/def"},
        "",
    ),
    (
        "aws:apigatewayv2/authorizer:Authorizer",
        lambda w: {
            "apiId": api(w),
            "name": "tokens",
            "authorizerType": "JWT",
            "identitySources": ["$request.header.Authorization"],
            "jwtConfiguration": {"issuer": "https://issuer.test", "audiences": ["client"]},
        },
        {"jwtConfiguration": {"issuer": "https://issuer.test", "audiences": ["other"]}},
        "",
    ),
    (
        "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
        lambda w: {"name": "ts-test.internal", "vpc": w.vpc(), "tags": TAGS},
        RETAGGED,
        "arn hostedZone",
    ),
    (
        "aws:servicediscovery/service:Service",
        lambda w: {
            "name": "monolith",
            "dnsConfig": {
                "namespaceId": namespace(w),
                "routingPolicy": "MULTIVALUE",
                "dnsRecords": [{"type": "SRV", "ttl": 10.0}],
            },
            "healthCheckCustomConfig": {},
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    (
        "aws:cloudfront/originAccessControl:OriginAccessControl",
        lambda w: {
            "name": "ts-test-site",
            "originAccessControlOriginType": "s3",
            "signingBehavior": "always",
            "signingProtocol": "sigv4",
        },
        {"description": "changed"},
        "arn etag",
    ),
    (
        "aws:cloudfront/distribution:Distribution",
        distribution,
        RETAGGED | {"defaultRootObject": "start.html"},
        "arn domainName hostedZoneId etag",
    ),
]


@pytest.mark.parametrize(("token", "inputs", "changes", "gives"), CASES, ids=[case[0] for case in CASES])
def test_edge_live_and_end(
    token: str,
    inputs: Callable[[Any], Inputs],
    changes: Inputs | Callable[[Any], Inputs] | None,
    gives: str,
    live: Callable[..., None],
) -> None:
    """Each type can be created, read, found again, changed in place and deleted, twice if need be."""
    live(token, inputs, changes, gives)
