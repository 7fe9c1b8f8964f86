"""Elastic load balancing: balancers, target groups, listeners and their rules."""

from collections.abc import Mapping
from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, attributes, call, text
from trackstack_infra.local.provider.tagging import shaped, tags

_BALANCER = {
    "enableDeletionProtection": "deletion_protection.enabled",
    "idleTimeout": "idle_timeout.timeout_seconds",
    "clientKeepAlive": "client_keep_alive.seconds",
    "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
    "desyncMitigationMode": "routing.http.desync_mitigation_mode",
    "enableHttp2": "routing.http2.enabled",
    "preserveHostHeader": "routing.http.preserve_host_header.enabled",
    "xffHeaderProcessingMode": "routing.http.xff_header_processing.mode",
}
_GROUP = {
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "slowStart": "slow_start.duration_seconds",
    "loadBalancingAlgorithmType": "load_balancing.algorithm.type",
}


def _tag(client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
    if put:
        client.add_tags(ResourceArns=[ref], Tags=shaped(put, "Key"))
    if drop:
        client.remove_tags(ResourceArns=[ref], TagKeys=drop)


def _as_pairs(inputs: Inputs, names: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in attributes(inputs, names).items()]


def _make_balancer(client: Client, inputs: Inputs) -> Found:
    request = {
        "Scheme": "internal" if inputs.get("internal") else "internet-facing",
        "Type": inputs.get("loadBalancerType"),
        "Tags": tags(inputs),
    }
    found: Found = call(client, "CreateLoadBalancer", inputs, **request)["LoadBalancers"][0]
    _set_balancer(client, found["LoadBalancerArn"], inputs)
    return found


def _set_balancer(client: Client, ref: str, inputs: Inputs) -> None:
    pairs = _as_pairs(inputs, _BALANCER)
    if pairs:
        client.modify_load_balancer_attributes(LoadBalancerArn=ref, Attributes=pairs)


def _balancer(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_load_balancers(LoadBalancerArns=[ref])["LoadBalancers"][0]
    return found


def _change_balancer(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    _set_balancer(client, ref, new)
    if old.get("securityGroups") != new.get("securityGroups"):
        client.set_security_groups(LoadBalancerArn=ref, SecurityGroups=new["securityGroups"])
    if old.get("subnets") != new.get("subnets"):
        client.set_subnets(LoadBalancerArn=ref, Subnets=new["subnets"])


LOAD_BALANCER = Recipe(
    "aws:lb/loadBalancer:LoadBalancer",
    service="elbv2",
    fixed="name internal loadBalancerType ipAddressType",
    changes=" ".join(("securityGroups subnets", *_BALANCER)),
    name_property="name",
    make=_make_balancer,
    look=_balancer,
    identify="LoadBalancerArn",
    shown=lambda found, inputs: {
        "arn": found["LoadBalancerArn"],
        "arnSuffix": str(found["LoadBalancerArn"]).rpartition(":loadbalancer/")[2],
        "dnsName": found["DNSName"],
        "zoneId": found.get("CanonicalHostedZoneId", ""),
        "vpcId": found["VpcId"],
    },
    change=_change_balancer,
    remove=lambda client, ref, outputs: client.delete_load_balancer(LoadBalancerArn=ref),
    search=lambda client, inputs: client.describe_load_balancers(Names=[inputs["name"]])["LoadBalancers"][0],
    tagging=_tag,
)


def _health_check(inputs: Inputs) -> dict[str, Any]:
    check = inputs.get("healthCheck") or {}
    names = {
        "enabled": "HealthCheckEnabled",
        "path": "HealthCheckPath",
        "port": "HealthCheckPort",
        "protocol": "HealthCheckProtocol",
        "interval": "HealthCheckIntervalSeconds",
        "timeout": "HealthCheckTimeoutSeconds",
        "healthyThreshold": "HealthyThresholdCount",
        "unhealthyThreshold": "UnhealthyThresholdCount",
    }
    request: dict[str, Any] = {
        aws: int(check[ours]) if isinstance(check[ours], float) else check[ours]
        for ours, aws in names.items()
        if check.get(ours) is not None
    }
    if request.get("HealthCheckPort") is not None:
        request["HealthCheckPort"] = text(request["HealthCheckPort"])
    return request | ({"Matcher": {"HttpCode": text(check["matcher"])}} if check.get("matcher") else {})


def _make_group(client: Client, inputs: Inputs) -> Found:
    made = call(client, "CreateTargetGroup", inputs, Tags=tags(inputs), **_health_check(inputs))
    found: Found = made["TargetGroups"][0]
    _set_group(client, found["TargetGroupArn"], inputs)
    return found


def _set_group(client: Client, ref: str, inputs: Inputs) -> None:
    pairs = _as_pairs(inputs, _GROUP)
    if pairs:
        client.modify_target_group_attributes(TargetGroupArn=ref, Attributes=pairs)


def _group(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_target_groups(TargetGroupArns=[ref])["TargetGroups"][0]
    return found


def _change_group(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    _set_group(client, ref, new)
    if old.get("healthCheck") != new.get("healthCheck"):
        client.modify_target_group(TargetGroupArn=ref, **_health_check(new))


TARGET_GROUP = Recipe(
    "aws:lb/targetGroup:TargetGroup",
    service="elbv2",
    fixed="name port protocol protocolVersion targetType vpcId ipAddressType",
    changes=" ".join(("healthCheck", *_GROUP)),
    name_property="name",
    make=_make_group,
    look=_group,
    identify="TargetGroupArn",
    shown=lambda found, inputs: {
        "arn": found["TargetGroupArn"],
        "arnSuffix": str(found["TargetGroupArn"]).rpartition(":")[2],
        "loadBalancerArns": found.get("LoadBalancerArns", []),
    },
    change=_change_group,
    remove=lambda client, ref, outputs: client.delete_target_group(TargetGroupArn=ref),
    search=lambda client, inputs: client.describe_target_groups(Names=[inputs["name"]])["TargetGroups"][0],
    tagging=_tag,
)


def _actions(actions: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_action(action, order) for order, action in enumerate(actions, start=1)]


def _action(action: Mapping[str, Any], order: int) -> dict[str, Any]:
    made: dict[str, Any] = {"Type": action["type"], "Order": int(action.get("order") or order)}
    if action.get("targetGroupArn"):
        made["TargetGroupArn"] = action["targetGroupArn"]
    if fixed := action.get("fixedResponse"):
        body = {"MessageBody": fixed["messageBody"]} if fixed.get("messageBody") is not None else {}
        made["FixedResponseConfig"] = {
            "ContentType": fixed["contentType"],
            "StatusCode": text(fixed.get("statusCode") or "200"),
            **body,
        }
    if redirect := action.get("redirect"):
        made["RedirectConfig"] = {key[0].upper() + key[1:]: text(value) for key, value in redirect.items()}
    if forward := action.get("forward"):
        groups = [
            {"TargetGroupArn": each["arn"], "Weight": int(each.get("weight") or 1)} for each in forward["targetGroups"]
        ]
        made["ForwardConfig"] = {"TargetGroups": groups}
    return made


def _certificates(inputs: Inputs) -> list[dict[str, str]] | None:
    return [{"CertificateArn": inputs["certificateArn"]}] if inputs.get("certificateArn") else None


def _make_listener(client: Client, inputs: Inputs) -> Found:
    given = {key: value for key, value in inputs.items() if key not in ("defaultActions", "certificateArn")}
    request = {
        "DefaultActions": _actions(inputs["defaultActions"]),
        "Certificates": _certificates(inputs),
        "Tags": tags(inputs),
    }
    found: Found = call(client, "CreateListener", given, **request)["Listeners"][0]
    return found


def _listener(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_listeners(ListenerArns=[ref])["Listeners"][0]
    return found


def _change_listener(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    by_hand = ("defaultActions", "loadBalancerArn", "certificateArn")
    given = {key: value for key, value in new.items() if key not in by_hand}
    actions, certificates = _actions(new["defaultActions"]), _certificates(new)
    call(client, "ModifyListener", given, ListenerArn=ref, DefaultActions=actions, Certificates=certificates)


def _same_listener(client: Client, inputs: Inputs) -> Found | None:
    listeners = client.describe_listeners(LoadBalancerArn=inputs["loadBalancerArn"])["Listeners"]
    return next((found for found in listeners if found["Port"] == int(inputs["port"])), None)


LISTENER = Recipe(
    "aws:lb/listener:Listener",
    service="elbv2",
    fixed="loadBalancerArn",
    changes="port protocol defaultActions sslPolicy certificateArn",
    make=_make_listener,
    look=_listener,
    identify="ListenerArn",
    shown={"arn": "ListenerArn"},
    change=_change_listener,
    remove=lambda client, ref, outputs: client.delete_listener(ListenerArn=ref),
    search=_same_listener,
    tagging=_tag,
    deletes_first=True,  # a balancer has one listener on a port
)

_FIELDS = {
    "pathPattern": ("path-pattern", "PathPatternConfig"),
    "hostHeader": ("host-header", "HostHeaderConfig"),
    "httpRequestMethod": ("http-request-method", "HttpRequestMethodConfig"),
    "sourceIp": ("source-ip", "SourceIpConfig"),
}


def _conditions(conditions: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for condition in conditions:
        for ours, values in condition.items():
            if not values:
                continue
            if ours not in _FIELDS:
                raise ValueError(f"conditions: the local provider knows {', '.join(_FIELDS)}, not {ours}")
            field, config = _FIELDS[ours]
            made.append({"Field": field, config: {"Values": list(values["values"])}})
    return made


def _make_rule(client: Client, inputs: Inputs) -> Found:
    found: Found = client.create_rule(
        ListenerArn=inputs["listenerArn"],
        Priority=int(inputs["priority"]),
        Conditions=_conditions(inputs["conditions"]),
        Actions=_actions(inputs["actions"]),
        Tags=tags(inputs) or [],
    )["Rules"][0]
    return found


def _rule(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_rules(RuleArns=[ref])["Rules"][0]
    return found


def _change_rule(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    if old and old["priority"] != new["priority"]:
        client.set_rule_priorities(RulePriorities=[{"RuleArn": ref, "Priority": int(new["priority"])}])
    client.modify_rule(RuleArn=ref, Conditions=_conditions(new["conditions"]), Actions=_actions(new["actions"]))


def _same_rule(client: Client, inputs: Inputs) -> Found | None:
    rules = client.describe_rules(ListenerArn=inputs["listenerArn"])["Rules"]
    return next((found for found in rules if found["Priority"] == text(inputs["priority"])), None)


LISTENER_RULE = Recipe(
    "aws:lb/listenerRule:ListenerRule",
    service="elbv2",
    fixed="listenerArn",
    changes="priority conditions actions",
    make=_make_rule,
    look=_rule,
    identify="RuleArn",
    shown={"arn": "RuleArn"},
    change=_change_rule,
    remove=lambda client, ref, outputs: client.delete_rule(RuleArn=ref),
    search=_same_rule,
    tagging=_tag,
    deletes_first=True,  # a listener has one rule of a priority
)

RECIPES = (LOAD_BALANCER, TARGET_GROUP, LISTENER, LISTENER_RULE)
