"""Databases and machines that are written down and do not run: each type goes once through its life."""

from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.local.provider import Inputs

TAGS = {"Name": "ts-test-thing", "stack": "test"}
RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}


def subnets(world: Any) -> str:
    ids = [world.subnet("a"), world.subnet("b")]
    return str(world.have("db-subnets", "aws:rds/subnetGroup:SubnetGroup", name="shared", subnetIds=ids)["id"])


def parameters(world: Any) -> str:
    token = "aws:rds/parameterGroup:ParameterGroup"
    return str(world.have("db-parameters", token, name="shared", family="postgres17")["id"])


CASES: list[Any] = [
    (
        "aws:rds/subnetGroup:SubnetGroup",
        lambda w: {
            "name": "ts-test-postgres",
            "description": "Private subnets",
            "subnetIds": [w.subnet("a"), w.subnet("b")],
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    (
        "aws:rds/parameterGroup:ParameterGroup",
        lambda w: {
            "name": "ts-test-postgres",
            "family": "postgres17",
            "description": "TLS only",
            "parameters": [{"name": "rds.force_ssl", "value": "1"}],
            "tags": TAGS,
        },
        RETAGGED | {"parameters": [{"name": "rds.force_ssl", "value": "0"}]},
        "arn",
    ),
    (
        "aws:rds/instance:Instance",
        lambda w: {
            "identifier": "ts-test-postgres",
            "engine": "postgres",
            "engineVersion": "17",
            "instanceClass": "db.t4g.micro",
            "allocatedStorage": 20.0,
            "storageType": "gp3",
            "storageEncrypted": True,
            "username": "master",
            "manageMasterUserPassword": True,
            "iamDatabaseAuthenticationEnabled": True,
            "port": 5432.0,
            "dbSubnetGroupName": subnets(w),
            "parameterGroupName": parameters(w),
            "vpcSecurityGroupIds": [w.group()],
            "publiclyAccessible": False,
            "multiAz": False,
            "autoMinorVersionUpgrade": True,
            "backupRetentionPeriod": 1.0,
            "deleteAutomatedBackups": True,
            "copyTagsToSnapshot": True,
            "skipFinalSnapshot": True,
            "deletionProtection": False,
            "applyImmediately": True,
            "tags": TAGS,
        },
        RETAGGED | {"allocatedStorage": 40.0},
        "arn resourceId address endpoint masterUserSecrets",
    ),
    (
        "aws:lightsail/instance:Instance",
        lambda w: {
            "name": "ts-test-monitoring",
            "availabilityZone": "us-east-1a",
            "blueprintId": "amazon_linux_2023",
            "bundleId": "small_3_0",
            "ipAddressType": "dualstack",
            "userData": "#!/bin/sh\n",
            "tags": TAGS,
        },
        RETAGGED | {"ipAddressType": "ipv6"},
        "arn publicIpAddress",
    ),
    (
        "aws:lightsail/instancePublicPorts:InstancePublicPorts",
        lambda w: {
            "instanceName": "ts-test-monitoring",
            "portInfos": [{"protocol": "tcp", "fromPort": 443.0, "toPort": 443.0, "cidrs": ["0.0.0.0/0"]}],
        },
        None,
        "",
    ),
]


@pytest.mark.parametrize(("token", "inputs", "changes", "gives"), CASES, ids=[case[0] for case in CASES])
def test_machines_live_and_end(
    token: str,
    inputs: Callable[[Any], Inputs],
    changes: Inputs | Callable[[Any], Inputs] | None,
    gives: str,
    live: Callable[..., None],
) -> None:
    """Each type can be created, read, found again, changed in place and deleted, twice if need be."""
    live(token, inputs, changes, gives)
