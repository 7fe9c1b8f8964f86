"""Who moves services away from Spot, on which event, and what it may do for that."""

import json
from typing import Any

import pytest

from apps.spot.handler import PLACEMENT_FAILED
from trackstack_infra.components.fallback import SpotFallback
from trackstack_infra.graph import Graph, record

ACCOUNT = "us-east-1:123456789012"
FUNCTION = f"arn:aws:lambda:{ACCOUNT}:function:ts-pragmatic-fallback"
DEAD_LETTERS = f"arn:aws:sqs:{ACCOUNT}:ts-pragmatic-fallback-dead-letters"
SERVICE = f"arn:aws:ecs:{ACCOUNT}:service/ts-pragmatic/ts-pragmatic-monolith"
RULE = f"arn:aws:events:{ACCOUNT}:rule/ts-pragmatic-fallback"


@pytest.fixture(scope="module")
def graph(monolith: Any) -> Graph:
    def program() -> None:
        made = monolith()
        SpotFallback("fallback", settings=made.settings, cluster=made.cluster, tasks=[made.task])

    return record(program, stack="pragmatic", outputs="fabricated")


def policy(graph: Graph, name: str) -> dict[str, Any]:
    """The statements of a role by their ids."""
    text = graph.one("aws:iam/rolePolicy:RolePolicy", name).inputs["policy"]
    return {each["Sid"]: each for each in json.loads(text)["Statement"]}


def test_ecs_calls_the_function_when_it_has_no_room(graph: Graph) -> None:
    """The event that a task of this service could not be placed, and no other event, goes to the function."""
    rule = graph.one("aws:cloudwatch/eventRule:EventRule", "fallback-rule").inputs
    assert json.loads(rule["eventPattern"]) == {
        "source": ["aws.ecs"],
        "detail-type": [PLACEMENT_FAILED],
        "resources": [SERVICE],
        "detail": {"eventType": ["ERROR"], "eventName": ["SERVICE_TASK_PLACEMENT_FAILURE"]},
    }
    target = graph.one("aws:cloudwatch/eventTarget:EventTarget", "fallback-target").inputs
    assert (target["rule"], target["arn"]) == ("ts-pragmatic-fallback", FUNCTION)
    permission = graph.one("aws:lambda/permission:Permission", "fallback-permission").inputs
    assert (permission["principal"], permission["sourceArn"]) == ("events.amazonaws.com", RULE)


def test_the_clock_calls_the_function_four_times_a_day(graph: Graph) -> None:
    """Spot is tried every six hours, which the function does only for a service that is on demand."""
    schedule = graph.one("aws:scheduler/schedule:Schedule", "fallback-return-schedule").inputs
    assert (schedule["scheduleExpression"], schedule["target"]["arn"]) == ("rate(6 hours)", FUNCTION)
    assert json.loads(schedule["target"]["input"])["detail-type"] != PLACEMENT_FAILED
    assert policy(graph, "fallback-return-schedule-policy")["CallTheFunction"]["Resource"] == [FUNCTION]


def test_the_function_may_move_its_services_and_nothing_else(graph: Graph) -> None:
    """Each action names what it is for; the roles it may pass are the task's two, and to ECS only."""
    cluster = graph.one("aws:ecs/cluster:Cluster", "cluster").outputs["arn"]
    may = policy(graph, "fallback-policy")
    here = {"ArnEquals": {"ecs:cluster": cluster}}
    assert set(may) == {"MoveServices", "TrySpot", "GiveTheTryItsRoles", "KeepDeadLetters", "WriteOwnLog"}
    assert may["MoveServices"]["Action"] == ["ecs:DescribeServices", "ecs:UpdateService"]
    assert (may["MoveServices"]["Resource"], may["MoveServices"]["Condition"]) == ([SERVICE], here)
    assert (may["TrySpot"]["Action"], may["TrySpot"]["Condition"]) == (["ecs:RunTask"], here)
    assert may["TrySpot"]["Resource"] == [f"arn:aws:ecs:{ACCOUNT}:task-definition/ts-pragmatic-monolith:*"]
    roles = [graph.one("aws:iam/role:Role", f"monolith-{each}-role").outputs["arn"] for each in ("execution", "task")]
    assert may["GiveTheTryItsRoles"]["Resource"] == roles
    assert may["GiveTheTryItsRoles"]["Condition"] == {
        "StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
    }


def test_what_fails_is_kept(graph: Graph) -> None:
    """Events that never arrive and calls that fail end in one queue, which only this rule may fill from outside."""
    function = graph.one("aws:lambda/function:Function", "fallback-function").inputs
    target = graph.one("aws:cloudwatch/eventTarget:EventTarget", "fallback-target").inputs
    schedule = graph.one("aws:scheduler/schedule:Schedule", "fallback-return-schedule").inputs
    assert function["deadLetterConfig"] == {"targetArn": DEAD_LETTERS}
    assert target["deadLetterConfig"] == schedule["target"]["deadLetterConfig"] == {"arn": DEAD_LETTERS}
    queue_policy = json.loads(
        graph.one("aws:sqs/queuePolicy:QueuePolicy", "fallback-dead-letters-policy").inputs["policy"]
    )
    allowed = [each for each in queue_policy["Statement"] if each["Effect"] == "Allow"]
    assert [each["Condition"] for each in allowed] == [{"ArnEquals": {"aws:SourceArn": RULE}}]


def test_the_function_is_two_files_and_knows_its_services(graph: Graph) -> None:
    """Nothing of the toolkit or of the domains goes with it; it runs one at a time and outside of the VPC."""
    function = graph.one("aws:lambda/function:Function", "fallback-function").inputs
    assert sorted(function["code"].members) == ["apps/spot/__init__.py", "apps/spot/handler.py"]
    assert (function["handler"], function["runtime"]) == ("apps.spot.handler.handler", "python3.13")
    assert function["reservedConcurrentExecutions"] == 1
    assert "vpcConfig" not in function
    variables = function["environment"]["variables"]
    assert json.loads(variables["CONTAINERS"]) == {"ts-pragmatic-monolith": "monolith"}
    log = graph.one("aws:cloudwatch/logGroup:LogGroup", "fallback-log").inputs
    assert (log["name"], log["retentionInDays"]) == ("/aws/lambda/ts-pragmatic-fallback", 14)
