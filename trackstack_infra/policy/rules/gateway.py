"""Rules for ingress (rows 49 to 53): the API and the load balancer behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.policy.architecture import has_domain
from trackstack_infra.policy.documents import as_list
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import block, blocks, refers
from trackstack_infra.policy.zones import zones_of

API: Final = "aws:apigatewayv2/api:Api"
AUTHORIZER: Final = "aws:apigatewayv2/authorizer:Authorizer"
ROUTE: Final = "aws:apigatewayv2/route:Route"
STAGE: Final = "aws:apigatewayv2/stage:Stage"
BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
LISTENER: Final = "aws:lb/listener:Listener"
TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"
FIREWALL: Final = "aws:wafv2/webAclAssociation:WebAclAssociation"
HEALTH: Final = frozenset({"GET /livez", "GET /readyz", "GET /version"})
# Those that refuse everything older than TLS 1.2.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
TLS_POLICIES: Final = (
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
)


def _routes(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(ROUTE):
        key, kind = each.inputs.get("routeKey"), each.inputs.get("authorizationType")
        if key in HEALTH:
            continue
        if kind not in ("JWT", "CUSTOM", "AWS_IAM"):
            yield Finding(each.urn, f"anyone can call {key}")
        elif kind != "AWS_IAM" and not each.inputs.get("authorizerId"):
            yield Finding(each.urn, f"no authorizer checks the tokens of {key}")
        elif kind == "JWT" and not each.inputs.get("authorizationScopes"):
            yield Finding(each.urn, f"{key} requires no scope: any token can call it")


def _tokens(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(AUTHORIZER):
        if each.inputs.get("authorizerType") != "JWT":
            continue
        tokens = block(each, "jwtConfiguration")
        if not str(tokens.get("issuer")).startswith("https://"):
            yield Finding(each.urn, "its token issuer is not an HTTPS URL")
        if not tokens.get("audiences"):
            yield Finding(each.urn, "it accepts tokens issued for any client")


def _origins(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(API):
        allowed = block(each, "corsConfiguration")
        if any("*" in str(origin) for origin in as_list(allowed.get("allowOrigins"))):
            yield Finding(each.urn, "CORS allows every origin to call it")
        if allowed.get("allowCredentials"):
            yield Finding(each.urn, "CORS allows browsers to send it cookies")


def _logged(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(STAGE):
        log = block(each, "accessLogSettings")
        if not log.get("destinationArn") or not log.get("format"):
            yield Finding(each.urn, "its calls are not logged")


def _throttled(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(STAGE):
        limits = block(each, "defaultRouteSettings")
        if not limits.get("throttlingRateLimit") or not limits.get("throttlingBurstLimit"):
            yield Finding(each.urn, "it has no throttling limit of its own")


def _application(graph: Graph) -> list[Resource]:
    return [each for each in graph.all(BALANCER) if each.inputs.get("loadBalancerType", "application") == "application"]


def _internal(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(BALANCER):
        if each.inputs.get("internal") is not True:
            yield Finding(each.urn, "it is internet-facing, which bypasses the API and its token check")


def _headers(graph: Graph) -> Iterator[Finding]:
    for each in _application(graph):
        if each.inputs.get("dropInvalidHeaderFields") is not True:
            yield Finding(each.urn, "it forwards invalid headers")
        if each.inputs.get("desyncMitigationMode", "defensive") not in ("defensive", "strictest"):
            yield Finding(each.urn, "it forwards ambiguous requests (request smuggling)")


def _zones(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(BALANCER):
        if len(zones_of(graph, as_list(each.inputs.get("subnets")))) < 2:
            yield Finding(each.urn, "it is in fewer than two zones")


def _balancer_of(graph: Graph, listener: Resource) -> Resource | None:
    arn = listener.inputs.get("loadBalancerArn")
    return next((each for each in graph.all(BALANCER) if refers(arn, each)), None)


def _redirects(listener: Resource) -> bool:
    actions = blocks(listener, "defaultActions")
    return bool(actions) and all(
        action.get("type") == "redirect" and block(action, "redirect").get("protocol") == "HTTPS" for action in actions
    )


def _plain(listener: Resource) -> bool:
    return listener.inputs.get("protocol", "HTTP") not in ("HTTPS", "TLS") and not _redirects(listener)


def _may_be_plain(graph: Graph, listener: Resource) -> bool:
    """Inside the network, where there is no name to have a certificate for."""
    balancer = _balancer_of(graph, listener)
    return balancer is not None and balancer.inputs.get("internal") is True and not has_domain(graph)


def _tls(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(LISTENER):
        policy = each.inputs.get("sslPolicy")
        if _plain(each):
            if not _may_be_plain(graph, each):
                yield Finding(each.urn, "it listens without TLS")
        elif not _redirects(each) and policy not in TLS_POLICIES:
            yield Finding(each.urn, f"it allows TLS older than 1.2 (sslPolicy {policy})")


def _plain_inside(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(LISTENER):
        if _plain(each) and _may_be_plain(graph, each):
            yield Finding(each.urn, "the API calls it in clear text, inside the VPC")


def _plain_targets(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(TARGET_GROUP):
        if each.inputs.get("protocol") == "HTTP":
            yield Finding(each.urn, "the load balancer calls tasks in clear text, inside the VPC")


def _is_off(key: str, message: str) -> Any:
    def check(graph: Graph) -> Iterator[Finding]:
        for each in graph.all(BALANCER):
            value = each.inputs.get(key)
            if value is not True and not block(each, key).get("enabled"):
                yield Finding(each.urn, message)

    return check


def _firewall(graph: Graph) -> Iterator[Finding]:
    guarded = [each.inputs.get("resourceArn") for each in graph.all(FIREWALL)]
    for each in _application(graph):
        if not any(refers(arn, each) for arn in guarded):
            yield Finding(each.urn, "no web application firewall protects it")


RULES: Final = (
    Rule(
        id="api-authorized",
        row=49,
        title="Every route except health checks requires a token with the domain's scope.",
        verdict=Verdict.BLOCK,
        fsbp=("APIGateway.8",),
        checkov=("CKV_AWS_309",),
        check=_routes,
    ),
    Rule(
        id="api-tokens",
        row=49,
        title="The API accepts tokens of one issuer, for one client.",
        verdict=Verdict.BLOCK,
        check=_tokens,
    ),
    Rule(
        id="api-origins",
        row=49,
        title="Browsers can call the API only from its own site, without cookies.",
        verdict=Verdict.BLOCK,
        check=_origins,
    ),
    Rule(
        id="api-access-log",
        row=50,
        title="Every API call is logged.",
        verdict=Verdict.BLOCK,
        fsbp=("APIGateway.9",),
        checkov=("CKV_AWS_76", "CKV_AWS_95"),
        trivy=("AWS-0001",),
        check=_logged,
    ),
    Rule(
        id="api-throttled",
        row=50,
        title="The API has a throttling limit of its own.",
        verdict=Verdict.BLOCK,
        check=_throttled,
    ),
    Rule(
        id="alb-internal",
        row=51,
        title="Every load balancer is internal: only the API is reachable from the internet.",
        verdict=Verdict.BLOCK,
        trivy=("AWS-0053",),
        check=_internal,
    ),
    Rule(
        id="alb-headers",
        row=51,
        title="A load balancer drops invalid headers and ambiguous requests.",
        verdict=Verdict.BLOCK,
        fsbp=("ELB.4", "ELB.12"),
        checkov=("CKV_AWS_131", "CKV_AWS_328"),
        trivy=("AWS-0052",),
        check=_headers,
    ),
    Rule(
        id="alb-zones",
        row=51,
        title="A load balancer is in two zones.",
        verdict=Verdict.BLOCK,
        fsbp=("ELB.13",),
        check=_zones,
    ),
    Rule(
        id="alb-tls",
        row=52,
        title="A load balancer requires TLS 1.2 or newer, unless it is internal and has no domain.",
        verdict=Verdict.BLOCK,
        fsbp=("ELB.1",),
        checkov=("CKV_AWS_2", "CKV_AWS_103", "CKV2_AWS_20", "CKV2_AWS_74"),
        trivy=("AWS-0047", "AWS-0054"),
        check=_tls,
    ),
    Rule(
        id="alb-tls-inside",
        row=52,
        title="An internal load balancer uses TLS even without a domain.",
        verdict=Verdict.ACCEPT,
        fsbp=("ELB.1",),
        checkov=("CKV_AWS_2", "CKV_AWS_103", "CKV2_AWS_20"),
        trivy=("AWS-0054",),
        reason="Only the API's VPC link reaches it, inside the VPC. With a domain it uses TLS.",
        price="$0.50 for a domain's hosted zone",
        check=_plain_inside,
    ),
    Rule(
        id="alb-tls-to-tasks",
        row=52,
        title="A load balancer uses TLS to its tasks.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_378",),
        reason="Only the load balancer reaches a task's port; each task would need a certificate and its renewal.",
        price="$0",
        check=_plain_targets,
    ),
    Rule(
        id="alb-deletion-protection",
        row=53,
        title="A load balancer has deletion protection.",
        verdict=Verdict.ACCEPT,
        fsbp=("ELB.6",),
        checkov=("CKV_AWS_150",),
        reason="It is deleted each week on purpose, because it is billed by the hour; it holds no data.",
        price="$13.59 for the hours it is stopped",
        check=_is_off("enableDeletionProtection", "it has no deletion protection"),
    ),
    Rule(
        id="alb-access-log",
        row=53,
        title="A load balancer logs its requests.",
        verdict=Verdict.ACCEPT,
        fsbp=("ELB.5",),
        checkov=("CKV_AWS_91",),
        reason="Every request comes through the API, which logs it.",
        price="$0.023 a GB",
        check=_is_off("accessLogs", "its requests are not logged"),
    ),
    Rule(
        id="alb-firewall",
        row=53,
        title="A web application firewall protects the load balancer.",
        verdict=Verdict.ACCEPT,
        fsbp=("ELB.16",),
        checkov=("CKV2_AWS_28",),
        reason="Only the API reaches it, which requires a token and throttles.",
        price="$6.00",
        check=_firewall,
    ),
)
