"""Ingress: API, load balancer and page."""

import json
from typing import Any

from trackstack_infra.graph import Graph

API = "aws:apigatewayv2/api:Api"
ROUTE = "aws:apigatewayv2/route:Route"
STAGE = "aws:apigatewayv2/stage:Stage"
AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer"
INTEGRATION = "aws:apigatewayv2/integration:Integration"
LINK = "aws:apigatewayv2/vpcLink:VpcLink"
LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
RULE = "aws:lb/listenerRule:ListenerRule"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
REGISTRY = "aws:servicediscovery/service:Service"
SERVICE = "aws:ecs/service:Service"


def test_both_architectures_have_the_same_api(pragmatic: Graph, enterprise: Graph) -> None:
    """The page cannot tell them apart: the same routes, the same scopes."""

    def api(graph: Graph) -> set[tuple[str, str]]:
        return {(each.inputs["routeKey"], *each.inputs["authorizationScopes"]) for each in graph.all(ROUTE)}

    assert api(pragmatic) == api(enterprise)
    assert api(enterprise) == {
        (f"{method} /api/v1/{domain}/{{proxy+}}", f"trackstack/{domain}")
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        for domain in ("expenses", "gym", "heating")
    }


def test_every_route_checks_the_token(architecture: Graph) -> None:
    """No call passes the API without a token of our pool and our client."""
    (authorizer,) = architecture.all(AUTHORIZER)
    assert authorizer.inputs["jwtConfiguration"] == {
        "issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_0A1b2C3d4",
        "audiences": ["4a5b6c7d8e9f0a1b2c3d4e5f6a"],
    }
    for route in architecture.all(ROUTE):
        assert route.inputs["authorizationType"] == "JWT"
        assert route.inputs["authorizerId"] == authorizer.outputs["id"]


def test_no_other_page_may_call_from_a_browser(architecture: Graph) -> None:
    """The page finds the API under its own name; to every other one a browser says no, as the API allows no origin."""
    for api in architecture.all(API):
        assert "corsConfiguration" not in api.inputs
    (distribution,) = architecture.all(DISTRIBUTION)
    (behaviour,) = distribution.inputs["orderedCacheBehaviors"]
    assert behaviour["pathPattern"] == "/api/*"


def test_a_browsers_question_needs_no_token(architecture: Graph) -> None:
    """No route matches OPTIONS, so that the API itself answers a browser that asks whether it may call."""
    assert not any(
        each.inputs["routeKey"].startswith(("ANY", "OPTIONS", "$default")) for each in architecture.all(ROUTE)
    )


def test_calls_are_throttled_and_logged(architecture: Graph, recorded: Any) -> None:
    """20 calls a second with bursts of 40, as a setting; each call leaves a line in the log."""
    (stage,) = architecture.all(STAGE)
    assert (stage.inputs["name"], stage.inputs["autoDeploy"]) == ("$default", True)
    limits = stage.inputs["defaultRouteSettings"]
    assert (limits["throttlingRateLimit"], limits["throttlingBurstLimit"]) == (20, 40)
    assert json.loads(stage.inputs["accessLogSettings"]["format"])["status"] == "$context.status"
    (stage,) = recorded(architecture.stack, throttle={"rate_per_s": 5, "burst": 10}).all(STAGE)
    limits = stage.inputs["defaultRouteSettings"]
    assert (limits["throttlingRateLimit"], limits["throttlingBurstLimit"]) == (5, 10)


def test_enterprises_api_calls_the_load_balancer(enterprise: Graph) -> None:
    """Through the VPC link to the internal load balancer."""
    (integration,) = enterprise.all(INTEGRATION)
    (listener,) = enterprise.all(LISTENER)
    assert integration.inputs["connectionType"] == "VPC_LINK"
    assert integration.inputs["connectionId"] == enterprise.all(LINK)[0].outputs["id"]
    assert integration.inputs["integrationUri"] == listener.outputs["arn"]


def test_pragmatics_api_finds_its_task_by_name(pragmatic: Graph) -> None:
    """Through the VPC link to Cloud Map, where ECS keeps the task's address and port, for ten seconds at most."""
    (integration,) = pragmatic.all(INTEGRATION)
    (registry,) = pragmatic.all(REGISTRY)
    (service,) = pragmatic.all(SERVICE)
    assert integration.inputs["integrationUri"] == registry.outputs["arn"]
    assert registry.inputs["dnsConfig"]["dnsRecords"] == [{"type": "SRV", "ttl": 10}]
    assert service.inputs["serviceRegistries"] == {
        "registryArn": registry.outputs["arn"],
        "containerName": "monolith",
        "containerPort": 8000,
    }


def test_the_load_balancer_is_internal_and_strict(enterprise: Graph) -> None:
    """It has no address on the internet and drops headers it cannot trust."""
    (balancer,) = enterprise.all(LOAD_BALANCER)
    assert balancer.inputs["internal"] is True
    assert balancer.inputs["dropInvalidHeaderFields"] is True
    assert balancer.inputs["desyncMitigationMode"] == "defensive"


def test_each_domains_calls_go_to_its_service(enterprise: Graph) -> None:
    """`/api/v1/gym/*` reaches gym's tasks, and so on; what is no domain's gets a 404 in the API's own words."""
    groups = {each.outputs["arn"]: each.name for each in enterprise.all(TARGET_GROUP)}
    assert {
        (
            each.inputs["priority"],
            each.inputs["conditions"][0]["pathPattern"]["values"][0],
            groups[each.inputs["actions"][0]["targetGroupArn"]],
        )
        for each in enterprise.all(RULE)
    } == {
        (10, "/api/v1/expenses/*", "balancer-expenses"),
        (20, "/api/v1/gym/*", "balancer-gym"),
        (30, "/api/v1/heating/*", "balancer-heating"),
    }
    (listener,) = enterprise.all(LISTENER)
    (action,) = listener.inputs["defaultActions"]
    assert action["fixedResponse"]["statusCode"] == "404"
    assert json.loads(action["fixedResponse"]["messageBody"])["title"] == "Not Found"


def test_a_service_gets_calls_when_it_is_ready(enterprise: Graph) -> None:
    """The load balancer asks /readyz, sends nothing before 200, and lets go of a stopping task after 15 seconds."""
    for group in enterprise.all(TARGET_GROUP):
        assert group.inputs["targetType"] == "ip"
        assert (group.inputs["healthCheck"]["path"], group.inputs["healthCheck"]["matcher"]) == ("/readyz", "200")
        assert group.inputs["deregistrationDelay"] == 15


def test_a_service_joins_a_load_balancer_that_is_there(enterprise: Graph) -> None:
    """ECS refuses a target group that no load balancer uses yet: the rules come first."""
    for domain in ("expenses", "gym", "heating"):
        service = enterprise.one(SERVICE, f"{domain}-service")
        assert enterprise.path(service, enterprise.one(RULE, f"balancer-{domain}-rule"))
        group = enterprise.one(TARGET_GROUP, f"balancer-{domain}")
        assert service.inputs["loadBalancers"] == [
            {"targetGroupArn": group.outputs["arn"], "containerName": domain, "containerPort": 8000}
        ]


def test_a_waiting_task_is_not_ended_by_the_load_balancer(enterprise: Graph) -> None:
    """Failed checks do not count for the five minutes that a start may take."""
    assert {each.inputs["healthCheckGracePeriodSeconds"] for each in enterprise.all(SERVICE)} == {300}


def test_only_the_distribution_reads_the_page(architecture: Graph) -> None:
    """The page's bucket opens to its own CloudFront distribution, by its ARN."""
    (distribution,) = architecture.all(DISTRIBUTION)
    policy = json.loads(architecture.one(BUCKET_POLICY, "site-policy").inputs["policy"])
    (allowed,) = [each for each in policy["Statement"] if each["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    assert allowed["Condition"] == {"StringEquals": {"AWS:SourceArn": distribution.outputs["arn"]}}


def test_the_page_comes_over_https(architecture: Graph) -> None:
    """HTTP is redirected, the bucket is read with a signature, and security headers are added."""
    (distribution,) = architecture.all(DISTRIBUTION)
    behaviour = distribution.inputs["defaultCacheBehavior"]
    assert behaviour["viewerProtocolPolicy"] == "redirect-to-https"
    (headers,) = architecture.all(HEADERS)
    assert behaviour["responseHeadersPolicyId"] == headers.outputs["id"]
    assert distribution.inputs["defaultRootObject"] == "index.html"
    origin = distribution.inputs["origins"][0]
    (access,) = architecture.all("aws:cloudfront/originAccessControl:OriginAccessControl")
    assert origin["originAccessControlId"] == access.outputs["id"]
    assert (access.inputs["signingBehavior"], access.inputs["signingProtocol"]) == ("always", "sigv4")


def test_the_page_is_uploaded_as_it_lies_in_the_repository(architecture: Graph) -> None:
    """index.html is HTML, and a browser asks each time whether it is still the same."""
    (page,) = [each for each in architecture.all(OBJECT) if each.inputs["key"] == "index.html"]
    assert page.inputs["contentType"] == "text/html; charset=utf-8"
    assert page.inputs["cacheControl"] == "no-cache"


def test_a_browser_is_told_to_trust_nothing_else(architecture: Graph) -> None:
    """HTTPS for a year, nobody's frame, no guessed types, no referrer, and no code or style but the site's own."""
    (headers,) = architecture.all(HEADERS)
    says = headers.inputs["securityHeadersConfig"]
    assert says["strictTransportSecurity"]["accessControlMaxAgeSec"] == 31_536_000
    assert says["strictTransportSecurity"]["includeSubdomains"] is True
    assert says["frameOptions"]["frameOption"] == "DENY"
    assert says["referrerPolicy"]["referrerPolicy"] == "no-referrer"
    assert all(part["override"] is True for part in says.values())
    policy = says["contentSecurityPolicy"]["contentSecurityPolicy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == directives["frame-ancestors"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert "unsafe" not in policy
