"""The local provider: what each resource type of the stacks means in calls to the emulator.

It refuses to work against anything but a loopback endpoint (docs/local.md).
"""

from collections.abc import Mapping

from trackstack_infra.local.provider import (
    acm,
    apigatewayv2,
    budgets,
    cloudfront,
    cloudfront_function,
    cloudfront_headers,
    cloudwatch,
    cognito,
    dynamodb,
    ec2_flowlog,
    ec2_gateways,
    ec2_instance,
    ec2_network,
    ec2_security,
    ecr,
    ecs,
    efs,
    elbv2,
    events,
    iam,
    iam_managed,
    lambdas,
    lightsail,
    logs,
    rds,
    route53,
    s3,
    s3_object,
    s3_settings,
    scheduler,
    servicediscovery,
    sns,
    sqs,
    ssm,
)
from trackstack_infra.local.provider.clients import Clients
from trackstack_infra.local.provider.errors import ProviderError
from trackstack_infra.local.provider.handler import Handler, Outputs
from trackstack_infra.local.provider.invokes import invoke
from trackstack_infra.local.provider.lambda_invocation import Invocation
from trackstack_infra.local.provider.naming import auto_name
from trackstack_infra.local.provider.shapes import Inputs

__all__ = ["HANDLERS", "Clients", "Handler", "Inputs", "Outputs", "ProviderError", "auto_name", "invoke"]


_SERVICES = (
    acm,
    apigatewayv2,
    budgets,
    cloudfront,
    cloudfront_function,
    cloudfront_headers,
    cloudwatch,
    cognito,
    dynamodb,
    ec2_gateways,
    ec2_instance,
    ec2_flowlog,
    ec2_network,
    ec2_security,
    ecr,
    ecs,
    efs,
    elbv2,
    events,
    iam,
    iam_managed,
    lambdas,
    lightsail,
    logs,
    rds,
    route53,
    s3,
    s3_object,
    s3_settings,
    scheduler,
    servicediscovery,
    sns,
    sqs,
    ssm,
)

HANDLERS: Mapping[str, Handler] = {
    recipe.token: recipe for recipe in (*(each for service in _SERVICES for each in service.RECIPES), Invocation())
}
