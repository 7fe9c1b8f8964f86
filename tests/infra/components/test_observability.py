"""What the observability task may do, and who can reach it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.observability import ObservabilityService, ObservabilityTask
from trackstack_infra.graph import Graph, record
from trackstack_infra.settings.load import load_settings
from trackstack_infra.settings.models import EnterpriseSettings


@pytest.fixture(scope="module")
def graph(private_network: Any) -> Graph:
    def program() -> None:
        settings = load_settings("enterprise", Path(__file__).parents[3], power="on")
        assert isinstance(settings, EnterpriseSettings)
        network = private_network("nat")
        task = ObservabilityTask("observability", settings=settings, network=network)
        ObservabilityService("monitoring", task=task, cluster=Cluster("cluster"), network=network)

    return record(program, stack="enterprise", outputs="fabricated")


@pytest.fixture(scope="module")
def containers(graph: Graph) -> dict[str, Any]:
    text = graph.one("aws:ecs/taskDefinition:TaskDefinition", "observability-definition").inputs["containerDefinitions"]
    return {each["name"]: each for each in json.loads(text)}


def test_both_images_are_pinned_by_digest(containers: dict[str, Any]) -> None:
    """A tag could become another program overnight; a digest cannot."""
    assert set(containers) == {"prometheus", "grafana"}
    for name, image in (("prometheus", "prom/prometheus"), ("grafana", "grafana/grafana")):
        assert re.fullmatch(f"{image}@sha256:[0-9a-f]{{64}}", containers[name]["image"])


def test_the_containers_are_as_hardened_as_the_services(containers: dict[str, Any]) -> None:
    """Neither runs as root, and neither can write but to memory and to Prometheus's own volume."""
    for container in containers.values():
        assert container["readonlyRootFilesystem"] is True
        assert container["user"].partition(":")[0] in {"65534", "472"}
        assert container["logConfiguration"]["options"]["awslogs-group"] == "/ts/enterprise/observability"
    assert [each["containerPath"] for each in containers["prometheus"]["mountPoints"]] == ["/prometheus"]
    assert containers["grafana"]["mountPoints"] == []
    scratch = [each["containerPath"] for each in containers["grafana"]["linuxParameters"]["tmpfs"]]
    assert scratch == ["/tmp", "/var/lib/grafana"]


def test_nothing_outside_of_the_task_can_call_it(graph: Graph) -> None:
    """Its security group lets nobody in, and it has no public address."""
    assert graph.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") == ()
    service = graph.one("aws:ecs/service:Service", "monitoring-service").inputs
    assert service["networkConfiguration"]["assignPublicIp"] is False
    assert service["desiredCount"] == 1


def test_the_task_has_no_way_into_aws(graph: Graph) -> None:
    """It runs without a role of its own, on the smallest size, and goes with the power."""
    definition = graph.one("aws:ecs/taskDefinition:TaskDefinition", "observability-definition").inputs
    assert "taskRoleArn" not in definition
    assert (definition["cpu"], definition["memory"]) == ("256", "512")
    assert definition["runtimePlatform"]["cpuArchitecture"] == "ARM64"
    assert definition["tags"]["layer"] == "persistent"
    assert graph.one("aws:ecs/service:Service", "monitoring-service").inputs["tags"]["layer"] == "runtime"
