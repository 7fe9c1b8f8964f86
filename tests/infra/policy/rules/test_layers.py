"""Layers and hours: what goes with the power, what must stay, and what may be cut off."""

import json
from collections.abc import Callable
from typing import Any

import pytest

NAT = "aws:ec2/natGateway:NatGateway"
SERVICE = "aws:ecs/service:Service"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
RUNTIME = {"tags": {"layer": "runtime"}}
STAYS = {"tags": {"layer": "persistent"}}
SPOT = {"capacityProviderStrategies": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]}


def subnet(letter: str) -> tuple[Any, ...]:
    where = {"availabilityZone": f"us-east-1{letter}"}
    return "aws:ec2/subnet:Subnet", letter, where, {"outputs": {"id": f"subnet-{letter}"}}


def nat(name: str, letter: str) -> list[Any]:
    return [
        (NAT, name, {"subnetId": f"subnet-{letter}"}, {"outputs": {"id": name}}),
        ("aws:ec2/route:Route", f"to-{name}", {"natGatewayId": name}),
    ]


def on_spot(least: int, most: int) -> list[Any]:
    limits = {"deploymentMinimumHealthyPercent": least, "deploymentMaximumPercent": most}
    task = (TASK, "t", {"containerDefinitions": json.dumps([{"stopTimeout": 120}])}, {"outputs": {"arn": "arn:t"}})
    return [(SERVICE, "s", {"taskDefinition": "arn:t", **SPOT, **limits}), task]


def files(letter: str) -> list[Any]:
    volume = {"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}
    return [
        subnet("a"),
        subnet("b"),
        ("aws:efs/mountTarget:MountTarget", "mount", {"subnetId": "subnet-a"}),
        (TASK, "t", {"volumes": [volume]}, {"outputs": {"arn": "arn:t"}}),
        (SERVICE, "s", {"taskDefinition": "arn:t", "networkConfiguration": {"subnets": [f"subnet-{letter}"]}}),
    ]


POOL = "aws:cognito/userPool:UserPool"
KEPT = {"protect": True}
CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "runtime-holds-hourly": ([(NAT, "nat", STAYS)], [(NAT, "nat", RUNTIME)]),
    "runtime-holds-nothing-lasting": (
        [("aws:kms/key:Key", "key", RUNTIME)],
        [("aws:kms/key:Key", "key", STAYS)],
    ),
    "data-protected": (
        [(POOL, "people", {"deletionProtection": "ACTIVE"})],
        [(POOL, "people", {"deletionProtection": "ACTIVE"}, KEPT)],
    ),
    "nat-count": ([subnet("a"), *nat("n", "a"), *nat("m", "a")], [subnet("a"), *nat("n", "a")]),
    "spot-restarts": (on_spot(100, 200), on_spot(0, 100)),
    "nothing-listens-in-public": (
        [("aws:lambda/functionUrl:FunctionUrl", "url", {"authorizationType": "NONE"})],
        [("aws:lambda/functionUrl:FunctionUrl", "url", {"authorizationType": "AWS_IAM"})],
    ),
    "efs-in-every-zone": (files("b"), files("a")),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_sees_what_breaks_it_and_lets_pass_what_keeps_it(broken_by: Callable[..., list[str]], rule: str) -> None:
    """Each rule for layers finds the bad one, and nothing in the good one."""
    broken, kept = CASES[rule]
    assert broken_by(rule, broken, stack="enterprise")
    assert broken_by(rule, kept, stack="enterprise") == []


def test_an_always_on_stack_has_no_nat_gateway(broken_by: Callable[..., list[str]]) -> None:
    """It would cost more than the rest of the stack."""
    assert broken_by("nat-count", [subnet("a"), *nat("n", "a")], stack="pragmatic")


def test_the_group_of_a_function_in_the_network_stays(broken_by: Callable[..., list[str]]) -> None:
    """AWS frees a deleted function's addresses after 20 to 45 minutes, and they hold its group."""
    group = ("aws:ec2/securityGroup:SecurityGroup", "g", RUNTIME, {"outputs": {"id": "sg-1"}})
    function = ("aws:lambda/function:Function", "f", {**STAYS, "vpcConfig": {"securityGroupIds": ["sg-1"]}})
    assert len(broken_by("runtime-holds-nothing-lasting", [group, function])) == 1
