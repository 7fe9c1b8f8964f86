"""Schedules, rules, alarms and what they act on: each type goes once through its life."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.local.provider import Inputs

TAGS = {"Name": "ts-test-thing", "stack": "test"}
RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}
ROLE = "arn:aws:iam::123456789012:role/ts-test"


def group(world: Any) -> str:
    return str(world.have("schedules", "aws:scheduler/scheduleGroup:ScheduleGroup", name="shared")["id"])


def role(world: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(world.have("clock-role", "aws:iam/role:Role", name="clock", assumeRolePolicy=trust)["arn"])


def rule(world: Any) -> str:
    pattern = json.dumps({"source": ["aws.ecs"]})
    return str(world.have("rule", "aws:cloudwatch/eventRule:EventRule", name="shared", eventPattern=pattern)["id"])


def function(world: Any) -> dict[str, Any]:
    made: dict[str, Any] = world.have(
        "files-function",
        "aws:lambda/function:Function",
        name="shared-files",
        code={"assets": {"one.py": {"text": "def handler(event, context): ..."}}},
        handler="one.handler",
        runtime="python3.13",
        role=role(world),
    )
    return made


CASES: list[Any] = [
    (
        "aws:scheduler/scheduleGroup:ScheduleGroup",
        lambda w: {"name": "ts-test-nightly", "tags": TAGS},
        RETAGGED,
        "arn",
    ),
    (
        "aws:scheduler/schedule:Schedule",
        lambda w: {
            "name": "ts-test-nightly",
            "groupName": group(w),
            "scheduleExpression": "cron(0 2 * * ? *)",
            "scheduleExpressionTimezone": "Europe/Berlin",
            "flexibleTimeWindow": {"mode": "OFF"},
            "state": "ENABLED",
            "target": {
                "arn": w.queue()["arn"],
                "roleArn": ROLE,
                "input": "{}",
                "deadLetterConfig": {"arn": w.queue()["arn"]},
                "retryPolicy": {"maximumEventAgeInSeconds": 3600.0, "maximumRetryAttempts": 3.0},
            },
        },
        {"scheduleExpression": "cron(30 3 * * ? *)"},
        "arn",
    ),
    (
        "aws:cloudwatch/eventRule:EventRule",
        lambda w: {
            "name": "ts-test-fallback",
            "description": "no room",
            "eventPattern": json.dumps({"source": ["aws.ecs"]}),
            "tags": TAGS,
        },
        RETAGGED | {"description": "no room for a task"},
        "arn",
    ),
    (
        "aws:cloudwatch/eventTarget:EventTarget",
        lambda w: {
            "rule": rule(w),
            "targetId": "ts-test",
            "arn": function(w)["arn"],
            "deadLetterConfig": {"arn": w.queue()["arn"]},
            "retryPolicy": {"maximumEventAgeInSeconds": 3600.0, "maximumRetryAttempts": 10.0},
        },
        {"retryPolicy": {"maximumEventAgeInSeconds": 60.0, "maximumRetryAttempts": 1.0}},
        "",
    ),
    (
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        lambda w: {
            "name": "ts-test-not-running",
            "alarmDescription": "No task has run",
            "namespace": "AWS/ECS",
            "metricName": "CPUUtilization",
            "dimensions": {"ClusterName": "ts-test", "ServiceName": "ts-test-gym"},
            "statistic": "SampleCount",
            "comparisonOperator": "LessThanThreshold",
            "threshold": 1.0,
            "period": 60.0,
            "evaluationPeriods": 10.0,
            "treatMissingData": "breaching",
            "alarmActions": ["arn:aws:sns:us-east-1:123456789012:ts-test-alerts"],
            "okActions": ["arn:aws:sns:us-east-1:123456789012:ts-test-alerts"],
            "tags": TAGS,
        },
        RETAGGED | {"evaluationPeriods": 5.0},
        "arn",
    ),
    (
        "aws:cloudwatch/dashboard:Dashboard",
        lambda w: {"dashboardName": "ts-test", "dashboardBody": json.dumps({"widgets": []})},
        {"dashboardBody": json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "**up**"}}]})},
        "dashboardArn",
    ),
    (
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        lambda w: {
            "name": "ts-test-backups",
            "logGroupName": w.have("clock-log", "aws:cloudwatch/logGroup:LogGroup", name="/ts/clock")["id"],
            "pattern": '"made on request"',
            "metricTransformation": {"name": "Backups", "namespace": "TrackStack", "value": "1"},
        },
        {"pattern": '"made"'},
        "",
    ),
    (
        "aws:lambda/function:Function",
        lambda w: {
            "name": "ts-test-files",
            "code": {"assets": {"apps/spot/handler.py": {"text": "def handler(event, context): ..."}}},
            "handler": "apps.spot.handler.handler",
            "runtime": "python3.13",
            "architectures": ["arm64"],
            "memorySize": 128.0,
            "timeout": 60.0,
            "reservedConcurrentExecutions": 1.0,
            "deadLetterConfig": {"targetArn": w.queue()["arn"]},
            "role": role(w),
            "environment": {"variables": {"CLUSTER": "ts-test"}},
            "tags": TAGS,
        },
        RETAGGED | {"timeout": 30.0, "reservedConcurrentExecutions": 2.0},
        "arn",
    ),
    (
        "aws:lambda/permission:Permission",
        lambda w: {
            "function": function(w)["id"],
            "statementId": "CalledByTheRule",
            "action": "lambda:InvokeFunction",
            "principal": "events.amazonaws.com",
            "sourceArn": "arn:aws:events:us-east-1:123456789012:rule/ts-test",
        },
        None,
        "",
    ),
]


@pytest.mark.parametrize(("token", "inputs", "changes", "gives"), CASES, ids=[case[0] for case in CASES])
def test_clockwork_lives_and_ends(
    token: str,
    inputs: Callable[[Any], Inputs],
    changes: Inputs | Callable[[Any], Inputs] | None,
    gives: str,
    live: Callable[..., None],
) -> None:
    """Each type can be created, read, found again, changed in place and deleted, twice if need be."""
    live(token, inputs, changes, gives)
