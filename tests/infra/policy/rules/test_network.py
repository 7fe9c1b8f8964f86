"""Networks: who may reach whom, and that it is written down."""

from collections.abc import Callable
from typing import Any

import pytest

VPC = ("aws:ec2/vpc:Vpc", "vpc", {}, {"outputs": {"id": "vpc-1"}})
GROUP = "aws:ec2/securityGroup:SecurityGroup"
IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
FLOWS = ("aws:ec2/flowLog:FlowLog", "flows", {"vpcId": "vpc-1", "trafficType": "ALL"})


def group(**inputs: Any) -> tuple[Any, ...]:
    return GROUP, "tasks", inputs, {"outputs": {"id": "sg-1"}}


def let_in(**inputs: Any) -> tuple[Any, ...]:
    return IN, "in", {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "description": "calls", **inputs}


def let_out(port: int | None, cidr: str, protocol: str = "tcp") -> tuple[Any, ...]:
    return OUT, "out", {"ipProtocol": protocol, "fromPort": port, "toPort": port, "cidrIpv4": cidr, "description": "x"}


DEFAULT = ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "d", {"vpcId": "vpc-1", "ingress": [], "egress": []})
CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "vpc-default-group-closed": ([VPC], [VPC, DEFAULT]),
    "sg-nothing-public-in": (
        [let_in(cidrIpv4="0.0.0.0/0")],
        [let_in(cidrIpv4="10.0.0.0/16"), let_in(prefixListId="pl")],
    ),
    "sg-described": ([group(description="Managed by Pulumi")], [group(description="Tasks"), let_in()]),
    "sg-used": ([group()], [group(), let_in(securityGroupId="sg-2", referencedSecurityGroupId="sg-1")]),
    "sg-egress-ports": ([let_out(None, "10.0.0.0/16", "-1")], [let_out(443, "0.0.0.0/0"), let_out(80, "10.0.0.0/16")]),
    "sg-egress-named": ([let_out(443, "0.0.0.0/0")], [let_out(443, "10.0.0.0/16")]),
    "vpc-flow-log-pragmatic": ([VPC], [VPC, FLOWS]),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_sees_what_breaks_it_and_lets_pass_what_keeps_it(broken_by: Callable[..., list[str]], rule: str) -> None:
    """Each rule for networks finds the bad one, and nothing in the good one."""
    broken, kept = CASES[rule]
    assert broken_by(rule, broken)
    assert broken_by(rule, kept) == []


def test_enterprise_must_log_its_flows_and_pragmatic_need_not(broken_by: Callable[..., list[str]]) -> None:
    """The same network blocks in one stack and is accepted in the other."""
    assert broken_by("vpc-flow-log", [VPC], stack="enterprise")
    assert broken_by("vpc-flow-log", [VPC, FLOWS], stack="enterprise") == []
    assert broken_by("vpc-flow-log", [VPC], stack="pragmatic") == []


@pytest.mark.parametrize("cidr", ["0.0.0.0/1", "203.0.113.0/24", "::/0"])
def test_half_the_internet_is_public_too(broken_by: Callable[..., list[str]], cidr: str) -> None:
    """Two halves of the internet, which both look harmless to scanners, are no less than the whole."""
    assert broken_by("sg-nothing-public-in", [let_in(cidrIpv4=cidr)]) == [f"it allows ingress from {cidr}"]
