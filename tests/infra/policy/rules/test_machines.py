"""Instances, databases and tables."""

from collections.abc import Callable
from typing import Any

import pytest


def instance(**inputs: Any) -> list[Any]:
    return [("aws:ec2/instance:Instance", "i", inputs)]


def database(**inputs: Any) -> list[Any]:
    return [("aws:rds/instance:Instance", "db", inputs)]


def table(**inputs: Any) -> list[Any]:
    return [("aws:dynamodb/table:Table", "leases", inputs)]


def parameters(value: str) -> list[Any]:
    parameter = {"name": "rds.force_ssl", "value": value}
    group = ("aws:rds/parameterGroup:ParameterGroup", "g", {"name": "pg", "parameters": [parameter]})
    return [group, *database(parameterGroupName="pg")]


CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "ec2-metadata-tokens": (instance(), instance(metadataOptions={"httpTokens": "required"})),
    "ec2-disks-encrypted": (instance(), instance(rootBlockDevice={"encrypted": True})),
    "ec2-no-log-in": (instance(keyName="mine"), instance()),
    "ec2-no-public-address": (
        instance(associatePublicIpAddress=True),
        instance(associatePublicIpAddress=True, sourceDestCheck=False),
    ),
    "ec2-nat-instance": (instance(sourceDestCheck=False), instance()),
    "ec2-monitoring": (instance(), instance(monitoring=True)),
    "rds-encrypted": (database(), database(storageEncrypted=True)),
    "rds-private": (database(), database(publiclyAccessible=False)),
    "rds-managed-password": (database(password="0123456789"), database(manageMasterUserPassword=True)),
    "rds-tls-only": (parameters("0"), parameters("1")),
    "rds-updates": (database(), database(autoMinorVersionUpgrade=True)),
    "rds-two-zones": (database(), database(multiAz=True)),
    "rds-deletion-protection": (database(), database(deletionProtection=True)),
    "dynamodb-recovery": (table(), table(pointInTimeRecovery={"enabled": True})),
    "dynamodb-customer-key": (table(), table(serverSideEncryption={"enabled": True, "kmsKeyArn": "arn:k"})),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_sees_what_breaks_it_and_lets_pass_what_keeps_it(broken_by: Callable[..., list[str]], rule: str) -> None:
    """Each rule for machines finds the bad one, and nothing in the good one."""
    broken, kept = CASES[rule]
    assert broken_by(rule, broken)
    assert broken_by(rule, kept) == []
