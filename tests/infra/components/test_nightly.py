"""When the nightly backup is asked for, and who may ask."""

import json
from datetime import time

import pytest

from trackstack_infra.components.messaging import Queue
from trackstack_infra.components.nightly import NightlyBackup
from trackstack_infra.graph import Graph, record
from trackstack_infra.settings.groups import NightlyBackupSettings

QUEUE = "arn:aws:sqs:us-east-1:123456789012:ts-pragmatic-monolith"


@pytest.fixture(scope="module")
def graph() -> Graph:
    def program() -> None:
        backup = NightlyBackupSettings(at=time(2, 30), timezone="Europe/Berlin")
        NightlyBackup("nightly", backup=backup, queue=Queue("monolith"))

    return record(program, stack="pragmatic", outputs="fabricated")


def test_the_backup_is_asked_for_at_the_hour_of_the_settings(graph: Graph) -> None:
    """02:30 in Berlin is 02:30 in Berlin in summer and in winter, to the minute."""
    schedule = graph.one("aws:scheduler/schedule:Schedule", "nightly-schedule").inputs
    assert schedule["scheduleExpression"] == "cron(30 2 * * ? *)"
    assert schedule["scheduleExpressionTimezone"] == "Europe/Berlin"
    assert schedule["flexibleTimeWindow"] == {"mode": "OFF"}
    assert schedule["state"] == "ENABLED"


def test_the_request_goes_to_the_apps_queue_or_to_its_dead_letters(graph: Graph) -> None:
    """A request that cannot be delivered for two hours is kept."""
    target = graph.one("aws:scheduler/schedule:Schedule", "nightly-schedule").inputs["target"]
    assert target["arn"] == QUEUE
    assert target["deadLetterConfig"] == {"arn": f"{QUEUE}-dead-letters"}
    assert target["retryPolicy"] == {"maximumEventAgeInSeconds": 7200, "maximumRetryAttempts": 12}


def test_the_schedule_may_send_to_these_two_queues_and_do_nothing_else(graph: Graph) -> None:
    """Its role has one action, and only its own group of schedules can take it on."""
    role = graph.one("aws:iam/role:Role", "nightly-schedule-role").inputs
    assert role["name"] == "ts-pragmatic-nightly-schedule"
    assert json.loads(role["assumeRolePolicy"])["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "scheduler.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnEquals": {
                    "aws:SourceArn": "arn:aws:scheduler:us-east-1:123456789012:schedule-group/ts-pragmatic-nightly"
                },
            },
        }
    ]
    policy = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy", "nightly-schedule-policy").inputs["policy"])
    assert [(each["Action"], each["Resource"]) for each in policy["Statement"]] == [
        (["sqs:SendMessage"], [QUEUE]),
        (["sqs:SendMessage"], [f"{QUEUE}-dead-letters"]),
    ]
