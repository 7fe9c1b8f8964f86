"""What is known of each resource type, in a file a service: pure data, which other tables are views of.

A type of which the programs register a resource has an entry, as has one that rules watch for. What to add for a new
one: CONTRIBUTING.md. A rule's or a picture's table of *code* by type (billing, recipes, details) is not here.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from trackstack_infra.catalog import (
    acm,
    apigatewayv2,
    budgets,
    cloudfront,
    cloudwatch,
    cognito,
    dynamodb,
    ec2,
    ecr,
    ecs,
    efs,
    iam,
    lambda_,
    lb,
    lightsail,
    rds,
    route53,
    s3,
    scheduler,
    servicediscovery,
    sns,
    sqs,
    ssm,
    vpc,
)
from trackstack_infra.catalog.resource_type import ResourceType

__all__ = ["CATALOG", "ResourceType"]

_SERVICES: Final = (
    acm,
    apigatewayv2,
    budgets,
    cloudfront,
    cloudwatch,
    cognito,
    dynamodb,
    ec2,
    ecr,
    ecs,
    efs,
    iam,
    lambda_,
    lb,
    lightsail,
    rds,
    route53,
    s3,
    scheduler,
    servicediscovery,
    sns,
    sqs,
    ssm,
    vpc,
)


def by_token(types: Iterable[ResourceType]) -> Mapping[str, ResourceType]:
    """The types by their tokens; ValueError for a token that stands there twice."""
    found: dict[str, ResourceType] = {}
    for each in types:
        if each.token in found:
            raise ValueError(f"the catalog has two entries of {each.token}")
        found[each.token] = each
    return MappingProxyType(found)


CATALOG: Final = by_token(each for service in _SERVICES for each in service.TYPES)
"""Pulumi's token -> what is known of the type."""
