"""Logs and parameters: logs end, and secrets are kept as secrets."""

from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.graph import Secret


def log(days: int, name: str = "/ts/pragmatic/gym") -> tuple[Any, ...]:
    return "aws:cloudwatch/logGroup:LogGroup", "log", {"name": name, "retentionInDays": days}


def parameter(kind: str, value: Any) -> tuple[Any, ...]:
    return "aws:ssm/parameter:Parameter", "p", {"type": kind, "value": value}


FUNCTION = ("aws:lambda/function:Function", "f", {"name": "ts-f"})
FLOWS = (
    "aws:ec2/flowLog:FlowLog",
    "flows",
    {"logDestination": "arn:aws:logs:us-east-1:123456789012:log-group:/ts/pragmatic/gym"},
)
CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "logs-end": ([log(3)], [log(14)]),
    "logs-of-functions": ([FUNCTION], [FUNCTION, log(14, "/aws/lambda/ts-f")]),
    "logs-year": ([log(14)], [log(365)]),
    "ssm-secret": ([parameter("SecureString", "clear")], [parameter("SecureString", Secret("hidden"))]),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_sees_what_breaks_it_and_lets_pass_what_keeps_it(broken_by: Callable[..., list[str]], rule: str) -> None:
    """Each rule for logs and parameters finds the bad one, and nothing in the good one."""
    broken, kept = CASES[rule]
    assert broken_by(rule, broken)
    assert broken_by(rule, kept) == []


def test_flows_may_end_after_three_days(broken_by: Callable[..., list[str]]) -> None:
    """They are many, and looked at on the day after."""
    assert broken_by("logs-end", [log(3), FLOWS]) == []
