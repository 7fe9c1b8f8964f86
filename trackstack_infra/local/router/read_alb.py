"""Reads load balancers back from the emulator's describe calls."""

import math
from collections.abc import Mapping
from typing import Any

from trackstack_infra.local.router.alb_rules import (
    Action,
    Address,
    BalancerRouting,
    Condition,
    FixedResponse,
    Forward,
    Listener,
    ListenerRule,
    Redirect,
)
from trackstack_infra.local.router.reading import Aws, pages, stack_of, tags_of

TAGS_AT_ONCE = 20  # DescribeTags takes no more

# A condition's values stand in a member of its own, or in Values, where older programs put them.
_CONFIGURATIONS = {
    "path-pattern": "PathPatternConfig",
    "host-header": "HostHeaderConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "http-header": "HttpHeaderConfig",
    "query-string": "QueryStringConfig",
    "source-ip": "SourceIpConfig",
}


def read_balancers(aws: Aws) -> tuple[BalancerRouting, ...]:
    """Return every application load balancer with its listeners and rules."""
    elb = aws.client("elbv2")
    found = [b for b in pages(elb, "describe_load_balancers", "LoadBalancers") if b.get("Type") == "application"]
    tags = _tags(elb, [balancer["LoadBalancerArn"] for balancer in found])
    return tuple(
        BalancerRouting(
            arn=balancer["LoadBalancerArn"],
            name=balancer["LoadBalancerName"],
            stack=stack_of(tags.get(balancer["LoadBalancerArn"], {}), balancer["LoadBalancerName"]),
            dns_name=balancer["DNSName"],
            listeners=_listeners(elb, balancer["LoadBalancerArn"]),
        )
        for balancer in found
    )


def read_targets(aws: Aws) -> dict[str, tuple[Address, ...]]:
    """Return the healthy targets of each target group."""
    elb = aws.client("elbv2")
    groups = [group["TargetGroupArn"] for group in pages(elb, "describe_target_groups", "TargetGroups")]
    return {group: _healthy(elb, group) for group in groups}


def _tags(elb: Any, arns: list[str]) -> dict[str, dict[str, str]]:
    found = {}
    for start in range(0, len(arns), TAGS_AT_ONCE):
        for description in elb.describe_tags(ResourceArns=arns[start : start + TAGS_AT_ONCE])["TagDescriptions"]:
            found[description["ResourceArn"]] = tags_of(description["Tags"])
    return found


def _listeners(elb: Any, balancer: str) -> tuple[Listener, ...]:
    return tuple(
        Listener(
            arn=listener["ListenerArn"],
            port=listener["Port"],
            protocol=listener["Protocol"],
            rules=tuple(
                sorted(
                    (
                        _rule(rule)
                        for rule in pages(elb, "describe_rules", "Rules", ListenerArn=listener["ListenerArn"])
                    ),
                    key=lambda rule: rule.priority,
                )
            ),
        )
        for listener in pages(elb, "describe_listeners", "Listeners", LoadBalancerArn=balancer)
    )


def _rule(rule: Mapping[str, Any]) -> ListenerRule:
    priority = math.inf if rule["IsDefault"] else float(rule["Priority"])
    # What authenticates comes before what answers; the last action is the one that does.
    last = sorted(rule["Actions"], key=lambda action: action.get("Order", 1))[-1]
    return ListenerRule(
        priority, tuple(_condition(condition) for condition in rule.get("Conditions", ())), _action(last)
    )


def _condition(condition: Mapping[str, Any]) -> Condition:
    field = condition["Field"]
    configuration = condition.get(_CONFIGURATIONS[field], {})
    values = configuration.get("Values") or condition.get("Values") or []
    if field == "query-string":
        values = [f"{pair['Key']}={pair['Value']}" if pair.get("Key") else pair["Value"] for pair in values]
    return Condition(field, tuple(values), configuration.get("HttpHeaderName", ""))


def _action(action: Mapping[str, Any]) -> Action:
    match action["Type"]:
        case "forward":
            groups = action.get("ForwardConfig", {}).get("TargetGroups") or [action]
            return Forward(tuple((group["TargetGroupArn"], int(group.get("Weight", 1))) for group in groups))
        case "redirect":
            redirect = action["RedirectConfig"]
            return Redirect(
                status=int(redirect["StatusCode"].removeprefix("HTTP_")),
                protocol=redirect.get("Protocol", "#{protocol}"),
                host=redirect.get("Host", "#{host}"),
                port=redirect.get("Port", "#{port}"),
                path=redirect.get("Path", "/#{path}"),
                query=redirect.get("Query", "#{query}"),
            )
        case "fixed-response":
            fixed = action["FixedResponseConfig"]
            return FixedResponse(
                int(fixed["StatusCode"]), fixed.get("ContentType", "text/plain"), fixed.get("MessageBody", "")
            )
        case kind:
            return FixedResponse(501, "text/plain", f"the local router does not do {kind} actions")


def _healthy(elb: Any, group: str) -> tuple[Address, ...]:
    """A target is registered once its task is ready, and deregistered before that ends: registered is healthy."""
    described = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return tuple(
        Address(entry["Target"]["Id"], entry["Target"]["Port"])
        for entry in described
        if entry["TargetHealth"]["State"] in ("healthy", "initial")
    )
