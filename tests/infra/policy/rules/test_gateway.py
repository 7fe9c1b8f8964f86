"""Ingress: the API, and the load balancer behind it."""

from collections.abc import Callable
from typing import Any

import pytest

ROUTE = "aws:apigatewayv2/route:Route"
STAGE = "aws:apigatewayv2/stage:Stage"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
B = {"outputs": {"arn": "arn:b", "id": "arn:b"}}
TLS = "ELBSecurityPolicy-TLS13-1-2-2021-06"


def route(**inputs: Any) -> tuple[Any, ...]:
    return ROUTE, "r", {"routeKey": "GET /api/v1/gym/{proxy+}", **inputs}


def tokens(**configuration: Any) -> tuple[Any, ...]:
    inputs = {"authorizerType": "JWT", "jwtConfiguration": {"issuer": "https://issuer", **configuration}}
    return "aws:apigatewayv2/authorizer:Authorizer", "a", inputs


def origins(*allowed: str) -> tuple[Any, ...]:
    return "aws:apigatewayv2/api:Api", "api", {"corsConfiguration": {"allowOrigins": list(allowed)}}


def balancer(**inputs: Any) -> tuple[Any, ...]:
    return BALANCER, "b", {"internal": True, **inputs}, B


def listener(**inputs: Any) -> tuple[Any, ...]:
    return "aws:lb/listener:Listener", "l", {"loadBalancerArn": "arn:b", **inputs}


def subnet(letter: str) -> tuple[Any, ...]:
    where = {"availabilityZone": f"us-east-1{letter}"}
    return "aws:ec2/subnet:Subnet", letter, where, {"outputs": {"id": f"subnet-{letter}"}}


def targets(protocol: str) -> tuple[Any, ...]:
    return "aws:lb/targetGroup:TargetGroup", "g", {"protocol": protocol}


CERTIFICATE = ("aws:acm/certificate:Certificate", "c", {})
FIREWALL = ("aws:wafv2/webAclAssociation:WebAclAssociation", "w", {"resourceArn": "arn:b"})
IN_TWO = balancer(subnets=["subnet-a", "subnet-b"])
CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "api-authorized": (
        [route(authorizationType="JWT", authorizerId="a")],
        [route(authorizationType="JWT", authorizerId="a", authorizationScopes=["trackstack/gym"])],
    ),
    "api-tokens": ([tokens()], [tokens(audiences=["client"])]),
    "api-origins": ([origins("https://*")], [origins("https://site.example")]),
    "api-access-log": (
        [(STAGE, "s", {})],
        [(STAGE, "s", {"accessLogSettings": {"destinationArn": "arn:log", "format": "{}"}})],
    ),
    "api-throttled": (
        [(STAGE, "s", {"defaultRouteSettings": {"throttlingRateLimit": 20}})],
        [(STAGE, "s", {"defaultRouteSettings": {"throttlingRateLimit": 20, "throttlingBurstLimit": 40}})],
    ),
    "alb-internal": ([balancer(internal=False)], [balancer()]),
    "alb-headers": ([balancer()], [balancer(dropInvalidHeaderFields=True, desyncMitigationMode="defensive")]),
    "alb-zones": ([subnet("a"), balancer(subnets=["subnet-a"])], [subnet("a"), subnet("b"), IN_TWO]),
    "alb-tls": (
        [CERTIFICATE, balancer(), listener(protocol="HTTP")],
        [CERTIFICATE, balancer(), listener(protocol="HTTPS", sslPolicy=TLS)],
    ),
    "alb-tls-inside": ([balancer(), listener(protocol="HTTP")], [balancer(), listener(protocol="HTTPS")]),
    "alb-tls-to-tasks": ([targets("HTTP")], [targets("HTTPS")]),
    "alb-deletion-protection": ([balancer()], [balancer(enableDeletionProtection=True)]),
    "alb-access-log": ([balancer()], [balancer(accessLogs={"enabled": True, "bucket": "logs"})]),
    "alb-firewall": ([balancer()], [balancer(), FIREWALL]),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_sees_what_breaks_it_and_lets_pass_what_keeps_it(broken_by: Callable[..., list[str]], rule: str) -> None:
    """Each rule for ingress finds the bad one, and nothing in the good one."""
    broken, kept = CASES[rule]
    assert broken_by(rule, broken)
    assert broken_by(rule, kept) == []


def test_old_tls_is_none(broken_by: Callable[..., list[str]]) -> None:
    """AWS's default policy for listeners still speaks TLS 1.0."""
    parts = [balancer(), listener(protocol="HTTPS", sslPolicy="ELBSecurityPolicy-2016-08")]
    assert broken_by("alb-tls", parts) == ["it allows TLS older than 1.2 (sslPolicy ELBSecurityPolicy-2016-08)"]


def test_health_checks_need_no_token(broken_by: Callable[..., list[str]]) -> None:
    """Whether the app lives may be asked by everybody."""
    assert broken_by("api-authorized", [(ROUTE, "r", {"routeKey": "GET /livez"})]) == []
