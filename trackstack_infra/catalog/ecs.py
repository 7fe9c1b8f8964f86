"""ECS: clusters, services, task definitions."""

from typing import Final

from trackstack_infra.catalog.fidelity import CONTAINERS, PERMISSIONS
from trackstack_infra.catalog.resource_type import Drawn, Family, Name, ResourceType

_ARN: Final = "arn:aws:ecs:{region}:{account}:"

TYPES: Final = (
    ResourceType(
        "aws:ecs/cluster:Cluster",
        name=Name("name", r"[\w-]{1,255}"),
        fidelity=CONTAINERS,
        outputs={"id": _ARN + "cluster/{name}", "arn": "{id}"},
        free="costs nothing while Container Insights is off; tasks are billed with their services",
        shown=("name",),
    ),
    ResourceType(
        "aws:ecs/service:Service",
        drawn=Drawn("Fargate service", Family.COMPUTE, rank=50),
        name=Name("name", r"[\w-]{1,255}"),
        fidelity=CONTAINERS,
        outputs={"id": _ARN + "service/{name}", "arn": "{id}"},
        free="without a task it costs nothing",
        shown=("name", "capacityProviderStrategies", "desiredCount", "deploymentMaximumPercent"),
    ),
    ResourceType(
        "aws:ecs/taskDefinition:TaskDefinition",
        drawn=Drawn("task definition", Family.COMPUTE, rank=60),
        name=Name("family", r"[\w-]{1,255}"),
        fidelity=CONTAINERS,
        outputs={
            "id": "{name}",
            "arn": _ARN + "task-definition/{name}:1",
            "arnWithoutRevision": _ARN + "task-definition/{name}",
        },
        free="a description; what runs from it is billed with its service",
        shown=("family", "cpu", "memory", "runtimePlatform"),
    ),
    ResourceType(
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        tags=False,
        fidelity=PERMISSIONS,
        free="says where tasks may run, which is billed with them",
    ),
    ResourceType(
        "aws:ecs/accountSettingDefault:AccountSettingDefault",
        tags=False,
        fidelity=PERMISSIONS,
        outputs={"id": "{name}", "principalArn": "arn:aws:iam::{account}:root"},
        free="a setting",
    ),
)
