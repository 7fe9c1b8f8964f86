"""A real supervisor, and ECS services in it that run a tiny app."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.local.provider import Clients
from trackstack_infra.local.supervisor.client import Supervisor

REGION = "us-east-1"
TINY_APP = Path(__file__).with_name("tiny_app.py")
HANGS_S = 300.0  # no service takes a tenth of it


@pytest.fixture(scope="session")
def supervisor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervisor]:
    """The local cloud, in a process of its own, where the image ts-tiny is the tiny app."""
    home = tmp_path_factory.mktemp("home")
    images = home / "images.json"
    images.write_text(json.dumps({"ts-tiny": [sys.executable, str(TINY_APP)]}))
    running = Supervisor.start(home, 18600, 60.0, "--images", str(images))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def aws(supervisor: Supervisor) -> Clients:
    """Clients of its emulator."""
    return Clients(supervisor.endpoint, REGION)


@dataclass
class World:
    """What a test has made; names are its own, so that tests do not meet."""

    supervisor: Supervisor
    aws: Clients
    name: str
    made: list[str] = field(default_factory=list)

    def revision(
        self,
        *,
        data: bool = False,
        stop_timeout_s: int = 30,
        image: str = "ts-tiny",
        secrets: Sequence[dict[str, str]] = (),
        **environment: str,
    ) -> str:
        """Register a task definition and return its ARN."""
        container: dict[str, Any] = {
            "name": "tiny",
            "image": f"registry.example/{image}@sha256:{'0' * 64}",
            "environment": [{"name": key, "value": value} for key, value in environment.items()],
            "secrets": list(secrets),
            "stopTimeout": stop_timeout_s,
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                    "awslogs-group": f"/ts/{self.name}",
                    "awslogs-region": REGION,
                    "awslogs-stream-prefix": "task",
                },
            },
        }
        volumes = []
        if data:
            container["mountPoints"] = [{"sourceVolume": "data", "containerPath": "/data"}]
            container["environment"].append({"name": "DATA_DIR", "value": "/data"})
            volumes = [self._volume()]
        registered = self.aws.client("ecs").register_task_definition(
            family=self.name,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[container],
            volumes=volumes,
        )
        arn: str = registered["taskDefinition"]["taskDefinitionArn"]
        return arn

    def service(self, revision: str, *, desired: int = 1, **more: Any) -> None:
        """Create the ECS service."""
        self.aws.client("ecs").create_service(
            cluster=self.name,
            serviceName=f"{self.name}-tiny",
            taskDefinition=revision,
            desiredCount=desired,
            launchType="FARGATE",
            **more,
        )
        self.made.append(f"{self.name}-tiny")

    def update(self, **changes: Any) -> None:
        """Update the ECS service."""
        self.aws.client("ecs").update_service(cluster=self.name, service=f"{self.name}-tiny", **changes)

    def delete(self) -> None:
        """Delete the ECS service."""
        self.aws.client("ecs").delete_service(cluster=self.name, service=self.made.pop(), force=True)

    def described(self) -> dict[str, Any]:
        """The service as DescribeServices says it."""
        answer = self.aws.client("ecs").describe_services(cluster=self.name, services=[f"{self.name}-tiny"])
        found: dict[str, Any] = answer["services"][0]
        return found

    def until(self, fits: Callable[[dict[str, Any]], bool], timeout_s: float = HANGS_S) -> dict[str, Any]:
        """Wait until the service is shown as `fits` wants it, and return what is shown ({} when it is gone)."""
        deadline = time.monotonic() + timeout_s
        revision = -1
        while True:
            revision, services = self.supervisor.services(after=revision, wait_s=1.0)
            shown = next((service for service in services if service["cluster"] == self.name), {})
            if fits(shown):
                return shown
            assert time.monotonic() < deadline, f"after {timeout_s} s it is {shown}"

    def until_state(self, state: str) -> dict[str, Any]:
        """Wait until the service is in a state."""
        return self.until(lambda shown: shown.get("state") == state)

    def lines(self, wanted: str) -> list[str]:
        """Wait until a line has arrived in CloudWatch Logs, and return all of them."""
        deadline = time.monotonic() + HANGS_S
        while True:
            answer = self.aws.client("logs").filter_log_events(logGroupName=f"/ts/{self.name}")
            found = [event["message"] for event in answer["events"]]
            if wanted in found:
                return found
            assert time.monotonic() < deadline, f"{wanted!r} is not among {found}"
            time.sleep(0.05)

    def data_directory(self) -> Path:
        """The directory that stands for the tiny app's access point."""
        return self.supervisor.home / "efs" / f"{self.name}-data" / "tiny"

    def target_group(self) -> str:
        """Create a target group and return its ARN."""
        made = self.aws.client("elbv2").create_target_group(
            Name=self.name, Protocol="HTTP", Port=8000, VpcId=self._vpc(), TargetType="ip", HealthCheckPath="/readyz"
        )
        arn: str = made["TargetGroups"][0]["TargetGroupArn"]
        return arn

    def targets(self, group: str) -> list[int]:
        """The ports registered in a target group."""
        health = self.aws.client("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return [entry["Target"]["Port"] for entry in health]

    def public_registry(self) -> tuple[str, str]:
        """Create a Cloud Map service with an AAAA record in a public namespace, and return its id and ARN."""
        cloud_map = self.aws.client("servicediscovery")
        cloud_map.create_public_dns_namespace(Name=f"{self.name}.example.org")
        namespaces = cloud_map.list_namespaces()["Namespaces"]
        namespace = next(each["Id"] for each in namespaces if each["Name"] == f"{self.name}.example.org")
        records = [{"Type": "AAAA", "TTL": 10}]
        made = cloud_map.create_service(Name="tiny", DnsConfig={"NamespaceId": namespace, "DnsRecords": records})
        return made["Service"]["Id"], made["Service"]["Arn"]

    def registry(self) -> tuple[str, str]:
        """Create a Cloud Map service and return its id and ARN."""
        cloud_map = self.aws.client("servicediscovery")
        cloud_map.create_private_dns_namespace(Name=f"{self.name}.internal", Vpc=self._vpc())
        namespaces = cloud_map.list_namespaces()["Namespaces"]
        namespace = next(each["Id"] for each in namespaces if each["Name"] == f"{self.name}.internal")
        made = cloud_map.create_service(
            Name="tiny",
            DnsConfig={"NamespaceId": namespace, "DnsRecords": [{"Type": "SRV", "TTL": 10}]},
        )["Service"]
        return made["Id"], made["Arn"]

    def _vpc(self) -> str:
        vpc: str = self.aws.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        return vpc

    def _volume(self) -> dict[str, Any]:
        efs = self.aws.client("efs")
        found = [
            each for each in efs.describe_file_systems()["FileSystems"] if each["CreationToken"] == f"{self.name}-data"
        ]
        system = (
            found[0]["FileSystemId"]
            if found
            else efs.create_file_system(CreationToken=f"{self.name}-data")["FileSystemId"]
        )
        point = efs.create_access_point(
            ClientToken=f"{self.name}-{time.monotonic_ns()}", FileSystemId=system, RootDirectory={"Path": "/tiny"}
        )
        return {
            "name": "data",
            "efsVolumeConfiguration": {
                "fileSystemId": system,
                "transitEncryption": "ENABLED",
                "authorizationConfig": {"accessPointId": point["AccessPointId"], "iam": "ENABLED"},
            },
        }


@pytest.fixture
def world(supervisor: Supervisor, aws: Clients, request: pytest.FixtureRequest) -> Iterator[World]:
    """An empty cluster with a log group, named after the test."""
    name = "ts-" + request.node.name.removeprefix("test_").replace("_", "-")[:24].strip("-")
    aws.client("ecs").create_cluster(clusterName=name)
    aws.client("logs").create_log_group(logGroupName=f"/ts/{name}")
    world = World(supervisor, aws, name)
    yield world
    for service in world.made:
        aws.client("ecs").delete_service(cluster=name, service=service, force=True)
    world.until(lambda shown: not shown)
