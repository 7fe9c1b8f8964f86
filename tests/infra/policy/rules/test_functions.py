"""Functions: who may call them, on what they run, and what happens when they fail."""

from collections.abc import Callable
from typing import Any

import pytest

FUNCTION = "aws:lambda/function:Function"
PERMISSION = "aws:lambda/permission:Permission"
F = "arn:aws:lambda:us-east-1:123456789012:function:f"
RULE = "arn:aws:events:us-east-1:123456789012:rule/r"
CALLED = ("aws:cloudwatch/eventTarget:EventTarget", "target", {"arn": F})


def function(**inputs: Any) -> tuple[Any, ...]:
    return FUNCTION, "f", {"name": "f", **inputs}


def zone(letter: str) -> list[Any]:
    return [
        (
            "aws:ec2/subnet:Subnet",
            f"subnet-{letter}",
            {"availabilityZone": f"us-east-1{letter}"},
            {"outputs": {"id": f"subnet-{letter}"}},
        ),
        ("aws:efs/mountTarget:MountTarget", f"mount-{letter}", {"subnetId": f"subnet-{letter}"}),
    ]


def mounting(*letters: str) -> tuple[Any, ...]:
    subnets = [f"subnet-{letter}" for letter in letters]
    return function(vpcConfig={"subnetIds": subnets}, fileSystemConfig={"arn": "arn:x"})


DEAD = {"targetArn": "arn:aws:sqs:us-east-1:123456789012:dead"}
CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "lambda-named-callers": (
        [(PERMISSION, "p", {"principal": "events.amazonaws.com"})],
        [(PERMISSION, "p", {"principal": "events.amazonaws.com", "sourceArn": RULE})],
    ),
    "lambda-runtime": ([function(runtime="python3.8")], [function(runtime="python3.13")]),
    "lambda-concurrency": ([function()], [function(reservedConcurrentExecutions=1)]),
    "lambda-failures-kept": ([function(), CALLED], [function(deadLetterConfig=DEAD), CALLED]),
    "lambda-failures-kept-too": ([function()], [function(deadLetterConfig=DEAD)]),
    "lambda-zones": ([*zone("a"), *zone("b"), mounting("a")], [*zone("a"), *zone("b"), mounting("a", "b")]),
    "lambda-in-network": ([function()], [mounting("a")]),
    "lambda-no-secrets": (
        [function(environment={"variables": {"API_KEY": "0123456789abcdef"}})],
        [
            function(
                environment={
                    "variables": {"BUCKET": "photos", "API_KEY": "arn:aws:ssm:us-east-1:123456789012:parameter/key"}
                }
            )
        ],
    ),
    "lambda-tracing": ([function()], [function(tracingConfig={"mode": "Active"})]),
    "lambda-signed": ([function()], [function(codeSigningConfigArn="arn:aws:lambda:x")]),
    "lambda-environment-key": ([function()], [function(kmsKeyArn="arn:aws:kms:x")]),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_sees_what_breaks_it_and_lets_pass_what_keeps_it(broken_by: Callable[..., list[str]], rule: str) -> None:
    """Each rule for functions finds the bad one, and nothing in the good one."""
    broken, kept = CASES[rule]
    assert broken_by(rule, broken)
    assert broken_by(rule, kept) == []


def test_one_zone_is_enough_where_the_file_system_has_one(broken_by: Callable[..., list[str]]) -> None:
    """With `azs: 1` there is no second zone in which the files could be mounted."""
    assert broken_by("lambda-zones", [*zone("a"), mounting("a")]) == []
