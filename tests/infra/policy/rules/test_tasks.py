"""Containers: no root, no secrets in text, nothing to write but volumes."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.graph import Graph, Secret
from trackstack_infra.policy.rules.tasks import RULES

Task = Callable[..., Graph]
CONTAINER: dict[str, Any] = {
    "name": "gym",
    "user": "1000:1000",
    "readonlyRootFilesystem": True,
    "stopTimeout": 120,
    "environment": [{"name": "QUEUE_URL", "value": "https://sqs.us-east-1.amazonaws.com/123456789012/gym"}],
    "secrets": [{"name": "DB_PASSWORD", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/gym"}],
    "mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}],
    "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "gym-log"}},
}
EFS: dict[str, Any] = {
    "fileSystemId": "fs-1",
    "transitEncryption": "ENABLED",
    "authorizationConfig": {"accessPointId": "fsap-1", "iam": "ENABLED"},
}


def container(**changes: Any) -> dict[str, Any]:
    return {"task": {"containerDefinitions": json.dumps([{**CONTAINER, **changes}])}}


def volume(**changes: Any) -> dict[str, Any]:
    return {"task": {"volumes": [{"name": "data", "efsVolumeConfiguration": {**EFS, **changes}}]}}


def variable(name: str, value: str) -> dict[str, Any]:
    return container(environment=[{"name": name, "value": value}])


@pytest.fixture
def task(with_changes: Callable[..., Graph]) -> Task:
    """A task with one container that holds every rule."""
    parts = {
        "task": (
            "aws:ecs/taskDefinition:TaskDefinition",
            {
                "networkMode": "awsvpc",
                "taskRoleArn": "arn:aws:iam::123456789012:role/gym-task",
                "executionRoleArn": "arn:aws:iam::123456789012:role/gym-execution",
                **container()["task"],
                **volume()["task"],
            },
        ),
        "log": ("aws:cloudwatch/logGroup:LogGroup", {"name": "gym-log"}),
    }

    def make(**changes: Any) -> Graph:
        return with_changes(parts, **changes)

    return make


BREAKS: list[tuple[str, dict[str, Any], str]] = [
    ("ecs-no-root", container(user="0:1000"), "container gym runs as root, unless its image says otherwise"),
    ("ecs-no-root", container(user=None), "container gym runs as root, unless its image says otherwise"),
    ("ecs-no-root", {"task": {"containerDefinitions": "no JSON"}}, "its container definitions cannot be parsed"),
    ("ecs-isolated", {"task": {"pidMode": "host"}}, "it shares a process namespace (pidMode)"),
    ("ecs-isolated", {"task": {"ipcMode": "host"}}, "it shares the host's memory (ipcMode)"),
    (
        "ecs-isolated",
        {"task": {"networkMode": "host"}},
        "it has no network interface of its own (networkMode is not awsvpc)",
    ),
    ("ecs-isolated", container(privileged=True), "container gym is privileged"),
    (
        "ecs-isolated",
        container(linuxParameters={"capabilities": {"add": ["SYS_PTRACE"]}}),
        "container gym has added capabilities: SYS_PTRACE",
    ),
    ("ecs-read-only-root", container(readonlyRootFilesystem=False), "container gym has a writable root file system"),
    (
        "ecs-no-secrets-in-text",
        variable("DB_PASSWORD", "correct horse battery"),
        "container gym has a secret in clear text: DB_PASSWORD",
    ),
    (
        "ecs-no-secrets-in-text",
        variable("DATABASE", "postgres://gym:swordfish@db.internal/gym"),
        "container gym has a secret in clear text: DATABASE",
    ),
    (
        "ecs-no-secrets-in-text",
        container(secrets=[{"name": "DB_PASSWORD", "valueFrom": "swordfish"}]),
        "container gym does not take DB_PASSWORD from an ARN of SSM or Secrets Manager",
    ),
    (
        "ecs-no-secrets-in-text",
        {"task": {"containerDefinitions": Secret(json.dumps([CONTAINER]))}},
        "a secret of the program is in its text, readable by anyone who may describe it",
    ),
    ("ecs-logs", container(logConfiguration=None), "container gym keeps no log that outlives it"),
    ("ecs-logs", container(logConfiguration={"logDriver": "none"}), "container gym keeps no log that outlives it"),
    (
        "ecs-logs",
        {"log": None},
        "container gym writes to the log group gym-log, which is not the stack's: its retention is unknown",
    ),
    ("ecs-files-in-transit", volume(transitEncryption="DISABLED"), "volume data is mounted without TLS"),
    (
        "ecs-files-in-transit",
        volume(authorizationConfig={"accessPointId": "fsap-1"}),
        "volume data is mounted without IAM authorization",
    ),
    (
        "ecs-files-in-transit",
        volume(authorizationConfig={"iam": "ENABLED"}),
        "volume data is mounted without an access point",
    ),
    (
        "ecs-two-roles",
        {"task": {"taskRoleArn": "arn:aws:iam::123456789012:role/gym-execution"}},
        "its task role is also its execution role",
    ),
    (
        "ecs-stop-timeout",
        container(stopTimeout=None),
        "container gym is killed 30 s after SIGTERM; 120 s are possible",
    ),
]


@pytest.mark.parametrize(("rule", "changes", "message"), BREAKS)
def test_a_task_that_breaks_a_rule_is_found(
    task: Task, broken: Any, rule: str, changes: dict[str, Any], message: str
) -> None:
    """Each rule finds the task definition, and says what is wrong with it."""
    assert broken(RULES, rule, task(**changes)) == [f"task: {message}"]


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_a_task_that_holds_a_rule_is_left_alone(task: Task, broken: Any, rule: str) -> None:
    """A task as it should be holds each rule."""
    assert broken(RULES, rule, task()) == []


@pytest.mark.parametrize(
    "changes",
    [
        variable("TOKEN_ISSUER", "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_1"),
        variable("SECRET_NAME", "gym-database"),
    ],
)
def test_names_and_addresses_of_secrets_are_no_secrets(task: Task, broken: Any, changes: dict[str, Any]) -> None:
    """Where a token comes from, and what a secret is called, may be read by everybody."""
    assert broken(RULES, "ecs-no-secrets-in-text", task(**changes)) == []


def test_every_rule_has_been_broken() -> None:
    """No rule of this file is without a test."""
    assert {rule for rule, *_ in BREAKS} == {rule.id for rule in RULES}
