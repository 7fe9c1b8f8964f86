"""Whole stacks: the monitoring host, tags, regions, names and secrets."""

from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.graph import Secret

HOST = ("aws:lightsail/instance:Instance", "host", {"name": "ts-enterprise-monitoring"})
QUEUE = "aws:sqs/queue:Queue"
TAGS = {"project": "trackstack", "stack": "pragmatic", "layer": "persistent", "component": "gym", "domain": "shared"}


def ports(*numbers: int) -> tuple[Any, ...]:
    infos = [{"protocol": "tcp", "fromPort": number, "toPort": number} for number in numbers]
    inputs = {"instanceName": "ts-enterprise-monitoring", "portInfos": infos}
    return "aws:lightsail/instancePublicPorts:InstancePublicPorts", "ports", inputs


def subnet(zone: str) -> tuple[Any, ...]:
    return "aws:ec2/subnet:Subnet", f"subnet-{zone}", {"availabilityZone": zone}


CERTIFICATE = ("aws:acm/certificate:Certificate", "c", {"region": "us-east-1"})
CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "lightsail-ports": ([HOST, ports(443, 22)], [HOST, ports(443)]),
    "stack-tags": ([(QUEUE, "q", {"tags": {**TAGS, "layer": ""}})], [(QUEUE, "q", {"tags": TAGS})]),
    "stack-region": ([subnet("ap-south-1a")], [subnet("eu-west-1a"), CERTIFICATE]),
    "stack-names": ([(QUEUE, "q", {"name": "ts-enterprise-gym"})], [(QUEUE, "q", {"name": "ts-pragmatic-gym"})]),
    "stack-no-secrets": (
        [("aws:rds/instance:Instance", "db", {"password": "correct horse"})],
        [("aws:rds/instance:Instance", "db", {"password": Secret("correct horse")})],
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_sees_what_breaks_it_and_lets_pass_what_keeps_it(broken_by: Callable[..., list[str]], rule: str) -> None:
    """Each rule for whole stacks finds the bad one, and nothing in the good one."""
    broken, kept = CASES[rule]
    assert broken_by(rule, broken)
    assert broken_by(rule, kept) == []


def test_a_host_whose_ports_nobody_closes_is_open(broken_by: Callable[..., list[str]]) -> None:
    """Lightsail opens 22 and 80 to everybody by itself."""
    assert broken_by("lightsail-ports", [HOST]) == [
        "it has Lightsail's default ports: 22 and 80 are open to the internet"
    ]


def test_a_stack_is_in_one_region(broken_by: Callable[..., list[str]]) -> None:
    """Two regions that are both allowed are still one too many."""
    assert len(broken_by("stack-region", [subnet("eu-west-1a"), subnet("eu-central-1b")])) == 2


@pytest.mark.parametrize(
    "text", ["AKIA0123456789ABCDEF", "postgres://app:hunter22@db/gym", "-----BEGIN RSA PRIVATE KEY-----"]
)
def test_a_secret_is_known_by_its_form(broken_by: Callable[..., list[str]], text: str) -> None:
    """Whatever holds it is called."""
    assert broken_by("stack-no-secrets", [(QUEUE, "q", {"note": text})]) == ["note holds a secret in clear text"]
