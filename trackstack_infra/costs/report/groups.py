"""Kinds of meters, as people talk of them: the bars of the chart and of the page."""

from typing import Final

OTHER: Final = "other"
# The first word of a price's id, or its first two.
_GROUPS: Final = {
    "fargate": "tasks (Fargate)",
    "nat": "NAT",
    "ec2": "NAT",
    "ebs": "NAT",
    "alb": "load balancer",
    "ipv4": "public IPv4",
    "lightsail": "monitoring host (Lightsail)",
    "rds": "database (RDS)",
    "efs": "storage",
    "backup": "storage",
    "s3": "storage",
    "ecr": "storage",
    "dynamodb": "storage",
    "api": "API and CDN",
    "cloudfront": "API and CDN",
    "data": "data transfer",
    "dns": "DNS and discovery",
    "cloudmap": "DNS and discovery",
    "logs": "logs and alarms",
    "cloudwatch": "logs and alarms",
    "sqs": "messages, functions",
    "sns": "messages, functions",
    "events": "messages, functions",
    "scheduler": "messages, functions",
    "lambda": "messages, functions",
    "cognito": "sign-in, keys",
    "secrets": "sign-in, keys",
    "kms": "sign-in, keys",
    "vpc": "VPC endpoints",
}


def group_of(price: str) -> str:
    """The kind of a meter, from the id of its price."""
    return _GROUPS.get(price.partition(".")[0], OTHER)
