"""Schedules, rules, alarms and what they act on: each type goes once through its life."""

from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.local.provider import Inputs

TAGS = {"Name": "ts-test-thing", "stack": "test"}
RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}
ROLE = "arn:aws:iam::123456789012:role/ts-test"


def group(world: Any) -> str:
    return str(world.have("schedules", "aws:scheduler/scheduleGroup:ScheduleGroup", name="shared")["id"])


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
