"""File systems, tasks, functions, logs and roles: each type goes once through its life."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.local.provider import Inputs

TAGS = {"Name": "ts-test-thing", "stack": "test"}
RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "One", "Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["*"]}],
    }
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def cluster(world: Any) -> dict[str, Any]:
    return dict(world.have("cluster", "aws:ecs/cluster:Cluster", name="shared"))


def definition(world: Any, family: str = "shared", image: str = "registry.test/app@sha256:" + "a" * 64) -> Inputs:
    container = {
        "name": "expenses",
        "image": image,
        "essential": True,
        "portMappings": [{"containerPort": 8000, "protocol": "tcp"}],
        "environment": [{"name": "DATA_DIR", "value": "/data"}],
        "mountPoints": [{"sourceVolume": "data", "containerPath": "/data", "readOnly": False}],
        "linuxParameters": {"initProcessEnabled": True},
        "stopTimeout": 120,
    }
    mount = {
        "fileSystemId": world.files()["id"],
        "transitEncryption": "ENABLED",
        "authorizationConfig": {"accessPointId": world.access_point()["id"], "iam": "ENABLED"},
    }
    return {
        "family": family,
        "containerDefinitions": json.dumps([container]),
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "runtimePlatform": {"operatingSystemFamily": "LINUX", "cpuArchitecture": "ARM64"},
        "volumes": [{"name": "data", "efsVolumeConfiguration": mount}, {"name": "tmp"}],
        "tags": TAGS,
    }


def task(world: Any) -> str:
    return str(world.have("task", "aws:ecs/taskDefinition:TaskDefinition", **definition(world))["arn"])


def service(world: Any) -> dict[str, Any]:
    return {
        "name": "ts-test-expenses",
        "cluster": cluster(world)["arn"],
        "taskDefinition": task(world),
        "desiredCount": 1.0,
        "deploymentMinimumHealthyPercent": 0.0,
        "deploymentMaximumPercent": 100.0,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "availabilityZoneRebalancing": "DISABLED",
        "capacityProviderStrategies": [{"capacityProvider": "FARGATE_SPOT", "weight": 1.0}],
        "platformVersion": "LATEST",
        "networkConfiguration": {
            "subnets": [world.subnet()],
            "securityGroups": [world.group()],
            "assignPublicIp": False,
        },
        "loadBalancers": [{"targetGroupArn": world.targets(), "containerName": "expenses", "containerPort": 8000.0}],
        "healthCheckGracePeriodSeconds": 300.0,
        "enableExecuteCommand": False,
        "enableEcsManagedTags": True,
        "propagateTags": "SERVICE",
        "waitForSteadyState": False,
        "tags": TAGS,
    }


def lambda_function(world: Any, name: str) -> dict[str, Any]:
    role = world.have("role", "aws:iam/role:Role", name="shared", assumeRolePolicy=TRUST)
    return {
        "name": name,
        "packageType": "Image",
        "imageUri": "registry.test/bridge@sha256:" + "b" * 64,
        "imageConfig": {"commands": ["apps.bridge.handler.handler"]},
        "architectures": ["arm64"],
        "memorySize": 1024.0,
        "ephemeralStorage": {"size": 4096.0},
        "timeout": 900.0,
        "role": role["arn"],
        "vpcConfig": {"subnetIds": [world.subnet()], "securityGroupIds": [world.group()]},
        "fileSystemConfig": {"arn": world.access_point()["arn"], "localMountPath": "/mnt/data"},
        "environment": {"variables": {"DATA_DIR": "/mnt/data"}},
        "tags": TAGS,
    }


def function(world: Any) -> str:
    return str(world.have("function", "aws:lambda/function:Function", **lambda_function(world, "shared"))["name"])


CASES: list[Any] = [
    (
        "aws:efs/fileSystem:FileSystem",
        lambda w: {
            "creationToken": "ts-test-data",
            "encrypted": True,
            "performanceMode": "generalPurpose",
            "throughputMode": "bursting",
            "tags": TAGS,
        },
        RETAGGED | {"throughputMode": "elastic"},
        "arn dnsName name",
    ),
    (
        "aws:efs/mountTarget:MountTarget",
        lambda w: {"fileSystemId": w.files()["id"], "subnetId": w.subnet(), "securityGroups": [w.group()]},
        lambda w: {"securityGroups": [w.group("other")]},
        "dnsName networkInterfaceId fileSystemArn",
    ),
    (
        "aws:efs/accessPoint:AccessPoint",
        lambda w: {
            "fileSystemId": w.files()["id"],
            "posixUser": {"uid": 1000.0, "gid": 1000.0},
            "rootDirectory": {
                "path": "/services/gym",
                "creationInfo": {"ownerUid": 1000.0, "ownerGid": 1000.0, "permissions": "0750"},
            },
            "tags": TAGS,
        },
        RETAGGED,
        "arn fileSystemArn",
    ),
    (
        "aws:efs/fileSystemPolicy:FileSystemPolicy",
        lambda w: {"fileSystemId": w.files()["id"], "policy": POLICY},
        {"policy": TRUST},
        "",
    ),
    (
        "aws:ecs/cluster:Cluster",
        lambda w: {
            "name": "ts-test",
            "settings": [{"name": "containerInsights", "value": "disabled"}],
            "tags": TAGS,
        },
        RETAGGED | {"settings": [{"name": "containerInsights", "value": "enabled"}]},
        "arn",
    ),
    (
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        lambda w: {"clusterName": cluster(w)["name"], "capacityProviders": ["FARGATE", "FARGATE_SPOT"]},
        {"capacityProviders": ["FARGATE"]},
        "",
    ),
    (
        "aws:ecs/taskDefinition:TaskDefinition",
        lambda w: definition(w, family="ts-test-expenses"),
        RETAGGED,
        "arn arnWithoutRevision revision",
    ),
    ("aws:ecs/service:Service", service, RETAGGED | {"desiredCount": 0.0}, "arn"),
    (
        "aws:cloudwatch/logGroup:LogGroup",
        lambda w: {"name": "/ts/test/expenses", "retentionInDays": 30.0, "tags": TAGS},
        RETAGGED | {"retentionInDays": 7.0},
        "arn",
    ),
    (
        "aws:iam/role:Role",
        lambda w: {"name": "ts-test-task", "assumeRolePolicy": TRUST, "tags": TAGS},
        RETAGGED | {"assumeRolePolicy": TRUST.replace("ecs-tasks", "lambda")},
        "arn uniqueId",
    ),
    (
        "aws:iam/rolePolicy:RolePolicy",
        lambda w: {
            "role": w.have("role", "aws:iam/role:Role", name="shared", assumeRolePolicy=TRUST)["name"],
            "name": "inline",
            "policy": POLICY,
        },
        {"policy": POLICY.replace("One", "Two")},
        "",
    ),
    (
        "aws:lambda/function:Function",
        lambda w: lambda_function(w, "ts-test-bridge"),
        RETAGGED
        | {
            "imageUri": "registry.test/bridge@sha256:" + "c" * 64,
            "timeout": 60.0,
            "environment": {"variables": {"DATA_DIR": "/mnt/other"}},
        },
        "arn invokeArn qualifiedArn version",
    ),
    (
        "aws:lambda/invocation:Invocation",
        lambda w: {"functionName": function(w), "input": '{"backup": "sample"}'},
        {"input": '{"backup": "other"}'},
        "result",
    ),
]


@pytest.mark.parametrize(("token", "inputs", "changes", "gives"), CASES, ids=[case[0] for case in CASES])
def test_compute_live_and_end(
    token: str,
    inputs: Callable[[Any], Inputs],
    changes: Inputs | Callable[[Any], Inputs] | None,
    gives: str,
    live: Callable[..., None],
) -> None:
    """Each type can be created, read, found again, changed in place and deleted, twice if need be."""
    live(token, inputs, changes, gives)
