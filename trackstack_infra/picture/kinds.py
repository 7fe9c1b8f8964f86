"""What people call a resource type, and which types are only the small print of a part.

The order is the order of importance: a component is called after the first of its types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from trackstack_infra.picture.diagram import Family


@dataclass(frozen=True)
class Kind:
    """A resource type in a picture."""

    type: str
    label: str
    family: Family


KINDS: Final = (
    Kind("aws:cloudfront/distribution:Distribution", "CloudFront", Family.EDGE),
    Kind("aws:apigatewayv2/api:Api", "HTTP API", Family.EDGE),
    Kind("aws:apigatewayv2/vpcLink:VpcLink", "VPC link", Family.EDGE),
    Kind("aws:lb/loadBalancer:LoadBalancer", "load balancer", Family.EDGE),
    Kind("aws:ecs/service:Service", "Fargate service", Family.COMPUTE),
    Kind("aws:ecs/taskDefinition:TaskDefinition", "task definition", Family.COMPUTE),
    Kind("aws:servicediscovery/service:Service", "Cloud Map", Family.EDGE),
    Kind("aws:lambda/function:Function", "Lambda", Family.COMPUTE),
    Kind("aws:scheduler/schedule:Schedule", "schedule", Family.EVENTS),
    Kind("aws:cloudwatch/eventRule:EventRule", "event rule", Family.EVENTS),
    Kind("aws:rds/instance:Instance", "PostgreSQL", Family.DATA),
    Kind("aws:efs/fileSystem:FileSystem", "EFS", Family.DATA),
    Kind("aws:dynamodb/table:Table", "DynamoDB table", Family.DATA),
    Kind("aws:lightsail/instance:Instance", "Lightsail host", Family.WATCH),
    Kind("aws:sns/topic:Topic", "SNS topic", Family.EVENTS),
    Kind("aws:sqs/queue:Queue", "SQS queue", Family.EVENTS),
    Kind("aws:cognito/userPool:UserPool", "Cognito users", Family.ACCESS),
    Kind("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "OIDC roles", Family.ACCESS),
    Kind("aws:acm/certificate:Certificate", "certificate", Family.EDGE),
    Kind("aws:ecr/repository:Repository", "image repository", Family.DATA),
    Kind("aws:s3/bucket:Bucket", "S3 bucket", Family.DATA),
    Kind("aws:budgets/budget:Budget", "budget", Family.WATCH),
    Kind("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", Family.WATCH),
    Kind("aws:ec2/natGateway:NatGateway", "NAT gateway", Family.NETWORK),
    Kind("aws:ec2/instance:Instance", "EC2 instance", Family.NETWORK),
    Kind("aws:ec2/vpc:Vpc", "VPC", Family.NETWORK),
    Kind("aws:ec2/flowLog:FlowLog", "flow log", Family.WATCH),
    Kind("aws:route53/zone:Zone", "DNS zone", Family.NETWORK),
)
BY_TYPE: Final = {kind.type: kind for kind in KINDS}
RANK: Final = {kind.type: rank for rank, kind in enumerate(KINDS)}

_SMALL_PRINT: Final = re.compile(
    r"aws:(?:"
    r"iam/|vpc/|ssm/|budgets/budgetAction|route53/(?!zone)"
    r"|ec2/(?!vpc:|natGateway:|instance:)"
    r"|apigatewayv2/(?!api:|vpcLink:)"
    r"|cloudfront/(?!distribution:)|s3/(?!bucket:)|lb/(?!loadBalancer:)|ecs/(?!service:|taskDefinition:)"
    r"|efs/(?!fileSystem:)|ecr/(?!repository:)|cognito/(?!userPool:)|acm/certificateValidation|dynamodb/(?!table:)"
    r"|servicediscovery/(?!service:)|sns/(?!topic:)|sqs/(?!queue:)|lambda/(?!function:)|lightsail/(?!instance:)"
    r"|cloudwatch/(?!eventRule:|metricAlarm:)|scheduler/(?!schedule:)|rds/(?!instance:|cluster:)"
    r")|(?:random|tls|command|time|pulumi):"
)


def is_small_print(type_: str) -> bool:
    """Whether it never makes a box of its own: a policy, a route, a log group, a setting of something bigger."""
    return type_ not in BY_TYPE and _SMALL_PRINT.match(type_) is not None


def kind_of(type_: str) -> Kind:
    """How a type is called; one nobody has listed yet is called by its own name, in plain words."""
    if type_ in BY_TYPE:
        return BY_TYPE[type_]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", type_.rpartition(":")[2]).lower()
    return Kind(type_, words, Family.OTHER)
