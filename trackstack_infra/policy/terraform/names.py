"""What Terraform calls a type, a property or a resource that Pulumi's AWS provider calls otherwise.

Pulumi's provider is made from Terraform's by rules of spelling: camel case instead of snake case, plurals for lists,
one object instead of a list that can hold only one. The rules run backwards here; the tables hold what they do not
reach, for the types our programs register.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

# Pulumi's modules that Terraform's names leave out or spell otherwise.
_MODULES: Final[Mapping[str, str]] = {
    "apigateway": "api_gateway_",
    "ec2": "",
    "rds": "db_",
    "servicediscovery": "service_discovery_",
    "sfn": "sfn_",
}
_TYPES: Final[Mapping[str, str]] = {
    "aws:ec2/managedPrefixList:ManagedPrefixList": "aws_ec2_managed_prefix_list",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws_iam_openid_connect_provider",
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:rds/cluster:Cluster": "aws_rds_cluster",
    "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
}

# Properties that Pulumi renamed, by type.
_PROPERTIES: Final[Mapping[str, Mapping[str, str]]] = {
    "aws_apigatewayv2_authorizer": {"audiences": "audience"},
    "aws_cloudwatch_metric_alarm": {"name": "alarm_name"},
    "aws_lambda_function": {
        "code": "filename",
        "commands": "command",
        "entryPoints": "entry_point",
        "name": "function_name",
    },
    "aws_lambda_permission": {"function": "function_name"},
    "aws_sns_topic_subscription": {"topic": "topic_arn"},
}

# Lists of blocks whose names the rule of plurals would spoil.
_SINGULARS: Final[Mapping[str, str]] = {
    "aliases": "alias",
    "dns_records": "dns_records",
    "items": "items",
}

# Properties whose value maps free keys to values. Everything else that looks like it is a block.
MAPS: Final = frozenset(
    {
        "dimensions",
        "dockerLabels",
        "driverOpts",
        "keepers",
        "labels",
        "requestParameters",
        "requestTemplates",
        "responseParameters",
        "stageVariables",
        "tags",
        "tagsAll",
        "triggers",
        "variables",
    }
)

# What a plan says is not there, where a scanner takes silence for the worst: a rule without addresses is not for all.
SAID_TO_BE_ABSENT: Final[Mapping[str, tuple[str, ...]]] = {
    "aws_vpc_security_group_egress_rule": ("cidr_ipv4", "cidr_ipv6"),
    "aws_vpc_security_group_ingress_rule": ("cidr_ipv4", "cidr_ipv6"),
}


def type_name(token: str) -> str:
    """Terraform's name of a resource type: `aws:ecs/cluster:Cluster` is `aws_ecs_cluster`."""
    if token in _TYPES:
        return _TYPES[token]
    package, module, kind = token.split(":")
    module = module.partition("/")[0]
    name = _snake(kind).removesuffix("_v2")
    if module == "index":
        return name if name.startswith(f"{package}_") else f"{package}_{name}"
    return f"{package}_{_MODULES.get(module, f'{module}_')}{name}"


def property_name(type_: str, key: str, *, blocks: bool = False) -> str:
    """Terraform's name of a property of a type, also of one deeper inside; `blocks` when it holds a list of objects."""
    name = _PROPERTIES.get(type_, {}).get(key) or _snake(key)
    return _singular(name) if blocks else name


def identifier(name: str) -> str:
    """A logical name in the letters that Terraform allows in one."""
    allowed = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    return allowed if re.match(r"[A-Za-z_]", allowed) else f"_{allowed}"


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _singular(name: str) -> str:
    if name in _SINGULARS:
        return _SINGULARS[name]
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name if name.endswith("ss") else name.removesuffix("s")
