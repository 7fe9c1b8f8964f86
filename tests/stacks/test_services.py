"""What runs: one task a service, hardened, from an image that cannot change."""

import json
import re
from typing import Any

import pytest

from trackstack_infra.graph import Graph

SERVICE = "aws:ecs/service:Service"
DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
ROLE = "aws:iam/role:Role"
CLUSTER_CAPACITY = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"


def container(graph: Graph, name: str) -> dict[str, Any]:
    (only,) = json.loads(graph.one(DEFINITION, f"{name}-definition").inputs["containerDefinitions"])
    assert isinstance(only, dict)
    return only


def containers(graph: Graph) -> list[dict[str, Any]]:
    return [container(graph, each.name.removesuffix("-definition")) for each in graph.all(DEFINITION)]


def environment(graph: Graph, name: str) -> dict[str, str]:
    return {each["name"]: each["value"] for each in container(graph, name)["environment"]}


def test_never_two_tasks_of_one_service_are_asked_for(architecture: Graph) -> None:
    """Exactly one task a service: the old one stops before the new one starts, and a bad version is rolled back."""
    assert architecture.all(SERVICE)
    for service in architecture.all(SERVICE):
        assert service.inputs["desiredCount"] == 1
        assert service.inputs["deploymentMinimumHealthyPercent"] == 0
        assert service.inputs["deploymentMaximumPercent"] == 100
        assert service.inputs["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
        assert service.inputs["availabilityZoneRebalancing"] == "DISABLED"


def test_nobody_gets_a_shell_in_a_task(architecture: Graph) -> None:
    """ECS's execute command is off in every service."""
    assert all(service.inputs["enableExecuteCommand"] is False for service in architecture.all(SERVICE))


def test_pragmatic_runs_on_spot_and_enterprise_does_not(pragmatic: Graph, enterprise: Graph) -> None:
    """The always-on process takes Spot's price; the weekend's services take no interruption."""
    spot = {each.inputs["capacityProviderStrategies"][0]["capacityProvider"] for each in pragmatic.all(SERVICE)}
    demand = {each.inputs["capacityProviderStrategies"][0]["capacityProvider"] for each in enterprise.all(SERVICE)}
    assert (spot, demand) == ({"FARGATE_SPOT"}, {"FARGATE"})


def test_spot_is_a_setting_of_each_service(recorded: Any) -> None:
    """Gym alone can be moved to Spot."""
    graph = recorded("enterprise", services={"gym": {"spot_share": 1}})
    providers = {
        each.name: each.inputs["capacityProviderStrategies"][0]["capacityProvider"] for each in graph.all(SERVICE)
    }
    assert providers == {"expenses-service": "FARGATE", "gym-service": "FARGATE_SPOT", "heating-service": "FARGATE"}


def test_size_and_architecture_are_settings_of_each_service(recorded: Any) -> None:
    """Heating alone can be given a larger x86 task."""
    graph = recorded("enterprise", services={"heating": {"cpu": 512, "memory_mib": 1024, "architecture": "x86_64"}})
    sizes = {
        each.name: (each.inputs["cpu"], each.inputs["memory"], each.inputs["runtimePlatform"]["cpuArchitecture"])
        for each in graph.all(DEFINITION)
    }
    assert sizes == {
        "expenses-definition": ("256", "512", "ARM64"),
        "gym-definition": ("256", "512", "ARM64"),
        "heating-definition": ("512", "1024", "X86_64"),
    }


def test_an_image_is_named_by_its_content(architecture: Graph) -> None:
    """Every container is pinned to the digest of its sources: nothing changes under a running service."""
    for each in containers(architecture):
        assert re.fullmatch(rf"localhost/ts-{each['name']}@sha256:[0-9a-f]{{64}}", each["image"])


def test_a_container_can_write_only_where_it_must(architecture: Graph) -> None:
    """A container runs as user 1000 on a read-only disk; only its data and /tmp can be written."""
    for each in containers(architecture):
        assert each["user"] == "1000:1000"
        assert each["readonlyRootFilesystem"] is True
        assert each["privileged"] is False
        assert {mount["containerPath"] for mount in each["mountPoints"]} == {"/data", "/tmp"}


def test_the_data_is_mounted_encrypted_and_by_role(architecture: Graph) -> None:
    """A task reaches its directory through its access point, over TLS, with its own role."""
    for definition in architecture.all(DEFINITION):
        (data,) = [volume for volume in definition.inputs["volumes"] if volume["name"] == "data"]
        efs = data["efsVolumeConfiguration"]
        assert efs["transitEncryption"] == "ENABLED"
        assert efs["authorizationConfig"]["iam"] == "ENABLED"
        assert efs["authorizationConfig"]["accessPointId"].startswith("fsap-")


def test_a_task_may_take_its_time_to_start_and_to_stop(architecture: Graph) -> None:
    """A start may wait five minutes for the lock of a lost task; a stop has two minutes before it is killed."""
    for each in containers(architecture):
        assert each["healthCheck"]["startPeriod"] == 300
        assert each["healthCheck"]["command"][:3] == ["CMD", "python", "-c"]
        assert "http://127.0.0.1:8000/livez" in each["healthCheck"]["command"][3]
        assert each["stopTimeout"] == 120
        assert each["linuxParameters"] == {"initProcessEnabled": True}


def test_the_health_check_is_a_program_that_runs() -> None:
    """The health check's line of Python is valid."""
    from trackstack_infra.components.task import ALIVE

    compile(ALIVE, "health check", "exec")


def test_logs_go_to_the_services_own_group(architecture: Graph) -> None:
    """What a container prints is kept in /ts/<stack>/<service>."""
    for each in containers(architecture):
        assert each["logConfiguration"]["logDriver"] == "awslogs"
        assert each["logConfiguration"]["options"]["awslogs-group"] == f"/ts/{architecture.stack}/{each['name']}"


def test_a_services_environment_is_what_it_was_given(enterprise: Graph) -> None:
    """Gym knows its queue, the topic, its data, and who signs tokens; nothing else."""
    assert environment(enterprise, "gym") == {
        "APP_VERSION": container(enterprise, "gym")["image"].partition("@sha256:")[2][:12],
        "AWS_REGION": "us-east-1",
        "DATABASE": "bridge",
        "DATA_DIR": "/data",
        "EVENTS_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:ts-enterprise-events",
        "HOST": "0.0.0.0",
        "JOURNAL": "truncate",
        "JWT_CLIENT_ID": "4a5b6c7d8e9f0a1b2c3d4e5f6a",
        "JWT_ISSUER": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_0A1b2C3d4",
        "JWT_JWKS_URL": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_0A1b2C3d4/.well-known/jwks.json",
        "PORT": "8000",
        "QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/ts-enterprise-gym",
    }


def test_the_monolith_publishes_to_itself_and_backs_up(pragmatic: Graph) -> None:
    """The monolith has its own database, one queue for sending and receiving, and a place for backups."""
    values = environment(pragmatic, "monolith")
    queue = "https://sqs.us-east-1.amazonaws.com/123456789012/ts-pragmatic-monolith"
    assert (values["DATABASE"], values["EVENTS_QUEUE_URL"], values["QUEUE_URL"]) == ("own", queue, queue)
    assert (values["BACKUP_BUCKET"], values["BACKUP_PREFIX"]) == ("backups-0a1b2c3", "backups/pragmatic")
    assert "EVENTS_TOPIC_ARN" not in values


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_the_journal_is_a_setting(recorded: Any, journal: str) -> None:
    """`journal` reaches every service."""
    graph = recorded("enterprise", journal=journal)
    assert {environment(graph, name)["JOURNAL"] for name in ("expenses", "gym", "heating")} == {journal}


def test_every_task_has_two_roles_of_its_own(architecture: Graph) -> None:
    """The role that pulls images is never the one the code runs as, and no two services share one."""
    arns = [
        definition.inputs[key]
        for definition in architecture.all(DEFINITION)
        for key in ("executionRoleArn", "taskRoleArn")
    ]
    assert len(set(arns)) == 2 * len(architecture.all(DEFINITION))


def test_the_cluster_lets_go_of_spot_last(architecture: Graph) -> None:
    """Capacity providers are there before a service asks for one, and go after it."""
    (capacity,) = architecture.all(CLUSTER_CAPACITY)
    assert all(architecture.path(service, capacity) for service in architecture.all(SERVICE))


def test_a_role_has_its_rights_before_its_task_can_start(architecture: Graph) -> None:
    """A task definition waits for the policies of both roles."""
    for definition in architecture.all(DEFINITION):
        name = definition.name.removesuffix("-definition")
        for role in ("execution", "task"):
            policy = architecture.one("aws:iam/rolePolicy:RolePolicy", f"{name}-{role}-policy")
            assert architecture.path(definition, policy)
