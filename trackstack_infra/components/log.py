"""Logs in CloudWatch: a group that forgets, what may write to it, and how a container does."""

from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component
from trackstack_infra.components.iam_policy import Statement, allow

WRITE: Final = ["logs:CreateLogStream", "logs:PutLogEvents"]


def log_group(owner: Component, *, name: str, days: int) -> aws.cloudwatch.LogGroup:
    """A component's log, kept for so many days."""
    return aws.cloudwatch.LogGroup(
        owner.child("log"),
        name=name,
        retention_in_days=days,
        tags=owner.tags(),
        opts=owner.owned(delete_first=True),
    )


def may_write(group: aws.cloudwatch.LogGroup) -> Statement:
    """Write to that log, in streams of one's own."""
    return allow("WriteOwnLog", WRITE, [pulumi.Output.concat(group.arn, ":*")])


def container_log(name: str, region: str) -> dict[str, object]:
    """What a container's definition says about where its output goes."""
    options = {"awslogs-group": name, "awslogs-region": region, "awslogs-stream-prefix": "task"}
    return {"logDriver": "awslogs", "options": options}
