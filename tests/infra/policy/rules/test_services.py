"""Services and clusters: no ingress from the internet, and one writer a database."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.graph import Graph
from trackstack_infra.policy.rules.services import RULES

Service = Callable[..., Graph]
NAT = {"nat": ("aws:ec2/natGateway:NatGateway", {})}
OPENING = {
    "open": (
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {"securityGroupId": "tasks", "cidrIpv4": "0.0.0.0/0", "fromPort": 8000},
    )
}


def public(**network: Any) -> dict[str, Any]:
    return {"service": {"networkConfiguration": {"assignPublicIp": True, "securityGroups": ["tasks"], **network}}}


def definition(access_point: str, *, read_only: bool = False) -> dict[str, Any]:
    efs = {"fileSystemId": "fs-1", "authorizationConfig": {"accessPointId": access_point}}
    mounted = [{"sourceVolume": "data", "containerPath": "/data", "readOnly": read_only}]
    return {
        "containerDefinitions": json.dumps([{"name": "gym", "mountPoints": mounted}]),
        "volumes": [{"name": "data", "efsVolumeConfiguration": efs}],
    }


def scaled(most: int) -> dict[str, Any]:
    target = {"resourceId": "service/it/gym", "minCapacity": 1, "maxCapacity": most}
    return {"scaling": ("aws:appautoscaling/target:Target", target)}


ONE_AT_A_TIME: dict[str, Any] = {
    "desiredCount": 1,
    "deploymentMinimumHealthyPercent": 0,
    "deploymentMaximumPercent": 100,
    "availabilityZoneRebalancing": "DISABLED",
    "deploymentCircuitBreaker": {"enable": True, "rollback": True},
    "networkConfiguration": {"assignPublicIp": False, "securityGroups": ["tasks"]},
    "platformVersion": "LATEST",
}


@pytest.fixture
def service(with_changes: Callable[..., Graph]) -> Service:
    """A service with a database on EFS that holds every rule."""
    parts: dict[str, tuple[str, dict[str, Any]]] = {
        "service": ("aws:ecs/service:Service", {"name": "gym", "taskDefinition": "task", **ONE_AT_A_TIME}),
        "task": ("aws:ecs/taskDefinition:TaskDefinition", {"family": "task", **definition("fsap-1")}),
        "tasks": ("aws:ec2/securityGroup:SecurityGroup", {"name": "tasks"}),
        "subnet": ("aws:ec2/subnet:Subnet", {"mapPublicIpOnLaunch": False}),
        "cluster": ("aws:ecs/cluster:Cluster", {"settings": [{"name": "containerInsights", "value": "enabled"}]}),
    }

    def make(more: dict[str, Any] | None = None, **changes: Any) -> Graph:
        graph = with_changes({**parts, **(more or {})}, **changes)
        group = graph.one("aws:ec2/securityGroup:SecurityGroup", "tasks").outputs["id"]
        renamed = [_with_group(each, group) for each in graph.resources]
        return Graph(graph.stack, tuple(renamed), {})

    return make


def _with_group(resource: Any, group: str) -> Any:
    """The group's id is fabricated, so tests call it `tasks`."""
    inputs = json.loads(json.dumps(resource.inputs).replace('"tasks"', json.dumps(group)))
    return type(resource)(**{**vars(resource), "inputs": inputs})


ANOTHER = {
    "twin": ("aws:ecs/service:Service", {"name": "twin", "taskDefinition": "other", **ONE_AT_A_TIME}),
    "other": ("aws:ecs/taskDefinition:TaskDefinition", {"family": "other", **definition("fsap-1")}),
}
BREAKS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    (
        "ecs-no-public-address",
        NAT,
        public(),
        "service: its tasks have public IP addresses, though the VPC has other egress",
    ),
    (
        "ecs-no-public-address",
        {"nat": ("aws:ec2/instance:Instance", {"sourceDestCheck": False})},
        public(),
        "service: its tasks have public IP addresses, though the VPC has other egress",
    ),
    (
        "ecs-no-public-address",
        OPENING,
        public(),
        "service: its tasks have public IP addresses, and a security group admits the internet",
    ),
    (
        "ecs-no-public-address",
        {},
        {**public(), "tasks": {"ingress": [{"cidrBlocks": ["0.0.0.0/0"], "fromPort": 8000}]}},
        "service: its tasks have public IP addresses, and a security group admits the internet",
    ),
    (
        "ecs-no-public-address",
        {},
        public(securityGroups=["sg-of-somebody-else"]),
        "service: its tasks have public IP addresses, and a security group admits the internet",
    ),
    (
        "ecs-address-instead-of-nat",
        {},
        public(),
        "service: its tasks have public IP addresses for egress; nothing can connect to them",
    ),
    (
        "subnet-no-public-address",
        {},
        {"subnet": {"mapPublicIpOnLaunch": True}},
        "subnet: it assigns a public IP address to whatever starts in it",
    ),
    (
        "ecs-latest-platform",
        {},
        {"service": {"platformVersion": "1.3.0"}},
        "service: it is pinned to Fargate platform version 1.3.0 and gets no later patches",
    ),
    ("ecs-container-insights", {}, {"cluster": {"settings": None}}, "cluster: Container Insights is off"),
    (
        "ecs-circuit-breaker",
        {},
        {"service": {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}},
        "service: a failed deployment is retried for ever instead of rolled back",
    ),
    ("ecs-single-writer", {}, {"service": {"desiredCount": 2}}, "service: it runs 2 tasks on one database"),
    (
        "ecs-single-writer",
        {},
        {"service": {"schedulingStrategy": "DAEMON"}},
        "service: it runs one task per host on one database",
    ),
    (
        "ecs-single-writer",
        {},
        {"service": {"deploymentMaximumPercent": 200}},
        "service: a deployment runs old and new tasks at once (0 and 200 %, not 0 and 100)",
    ),
    (
        "ecs-single-writer",
        {},
        {"service": {"deploymentMinimumHealthyPercent": None, "deploymentMaximumPercent": None}},
        "service: a deployment runs old and new tasks at once (100 and 200 %, not 0 and 100)",
    ),
    (
        "ecs-single-writer",
        {},
        {"service": {"deploymentConfiguration": {"strategy": "BLUE_GREEN"}}},
        "service: a deployment runs old and new tasks at once (it is not rolling)",
    ),
    (
        "ecs-single-writer",
        {},
        {"service": {"availabilityZoneRebalancing": None}},
        "service: Availability Zone rebalancing is on, which runs a second task for a while",
    ),
    ("ecs-single-writer", scaled(3), {}, "service: it can scale to 3 tasks on one database"),
    ("ecs-single-writer", ANOTHER, {}, "twin: it writes to the same directory as service"),
]


@pytest.mark.parametrize(("rule", "more", "changes", "message"), BREAKS)
def test_a_service_that_breaks_a_rule_is_found(
    service: Service, broken: Any, rule: str, more: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    """Each rule finds the service, subnet or cluster, and says what is wrong with it."""
    assert broken(RULES, rule, service(more, **changes)) == [message]


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
@pytest.mark.parametrize("more", [{}, NAT, OPENING, scaled(1)])
def test_a_service_that_holds_a_rule_is_left_alone(
    service: Service, broken: Any, rule: str, more: dict[str, Any]
) -> None:
    """A private service with one task at a time holds each rule, whatever stands around it."""
    assert broken(RULES, rule, service(more)) == []


def test_an_address_is_accepted_or_blocked_but_never_both(service: Service, broken: Any) -> None:
    """The same public address is judged once: as egress, or as a hole."""
    for more in ({}, NAT, OPENING):
        graph = service(more, **public())
        blocked = broken(RULES, "ecs-no-public-address", graph)
        accepted = broken(RULES, "ecs-address-instead-of-nat", graph)
        assert bool(blocked) != bool(accepted)


def test_many_tasks_may_run_where_none_writes_files(service: Service, broken: Any) -> None:
    """Who only reads a directory, or has none, may have any number of tasks."""
    many = {"service": {"desiredCount": 3, "deploymentMaximumPercent": 200}}
    readers = service(task=definition("fsap-1", read_only=True), **many)
    stateless = service(task={"volumes": None}, **many)
    assert broken(RULES, "ecs-single-writer", readers) == []
    assert broken(RULES, "ecs-single-writer", stateless) == []


def test_every_rule_has_been_broken() -> None:
    """No rule of this file is without a test."""
    assert {rule for rule, *_ in BREAKS} == {rule.id for rule in RULES}
