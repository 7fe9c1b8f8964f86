"""Supervisors of a test's own, each ended with it."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from trackstack_infra.local.provider import Clients
from trackstack_infra.local.supervisor.client import Supervisor

REGION = "us-east-1"
TINY_APP = Path(__file__).parents[1] / "agent" / "tiny_app.py"
BASE = 19000

# What a user's shell may have set; nothing listens at these addresses.
HOSTILE = {
    "AWS_PROFILE": "missing",
    "AWS_ENDPOINT_URL": "http://192.0.2.1:9",
    "AWS_ACCESS_KEY_ID": "AKIAREAL",
    "HTTP_PROXY": "http://192.0.2.1:9",
    "http_proxy": "http://192.0.2.1:9",
}


@dataclass
class Homes:
    """State directories, and the supervisors that were started in them."""

    root: Path
    names: list[str] = field(default_factory=list)
    stop_timeout_s: int = 120
    """How long a task may take to end: ECS's longest."""

    def home(self, name: str = "home") -> Path:
        """A state directory; the image ts-tiny is the tiny app."""
        home = self.root / name
        home.mkdir(exist_ok=True)
        (home / "images.json").write_text(json.dumps({"ts-tiny": [sys.executable, str(TINY_APP)]}))
        self.names.append(name)
        return home

    def start(self, name: str = "home", port_base: int = BASE) -> Supervisor:
        """Start a supervisor, or find the one that runs."""
        home = self.home(name)
        return Supervisor.start(home, port_base, 60.0, "--images", str(home / "images.json"), "--region", REGION)

    def stop_all(self) -> None:
        """End what still runs."""
        for name in self.names:
            supervisor = Supervisor.find(self.root / name)
            if supervisor is not None:
                supervisor.stop()

    def start_task(self, supervisor: Supervisor, **environment: str) -> dict[str, Any]:
        """Run one tiny app behind a load balancer; return the task when it is healthy."""
        aws = Clients(supervisor.endpoint, REGION)
        elb, ec2, ecs = aws.client("elbv2"), aws.client("ec2"), aws.client("ecs")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
                "SubnetId"
            ]
            for n, zone in enumerate("ab")
        ]
        group = elb.create_target_group(
            Name="tiny", Protocol="HTTP", Port=8000, VpcId=vpc, TargetType="ip", HealthCheckPath="/readyz"
        )["TargetGroups"][0]["TargetGroupArn"]
        balancer = elb.create_load_balancer(Name="ts-tiny", Subnets=subnets, Type="application")["LoadBalancers"][0]
        forward = [{"Type": "forward", "TargetGroupArn": group}]
        elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=forward
        )
        ecs.create_cluster(clusterName="ts-tiny")
        revision = ecs.register_task_definition(
            family="tiny",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[
                {
                    "name": "tiny",
                    "image": "ts-tiny",
                    "stopTimeout": self.stop_timeout_s,
                    "environment": [{"name": key, "value": value} for key, value in environment.items()],
                }
            ],
        )["taskDefinition"]["taskDefinitionArn"]
        ecs.create_service(
            cluster="ts-tiny",
            serviceName="tiny",
            taskDefinition=revision,
            desiredCount=1,
            launchType="FARGATE",
            loadBalancers=[{"targetGroupArn": group, "containerName": "tiny", "containerPort": 8000}],
        )
        seen = -1
        while True:
            seen, services = supervisor.services(after=seen, wait_s=10.0)
            if services and services[0]["state"] == "healthy":
                task: dict[str, Any] = services[0]["tasks"][0]
                return task


@dataclass(frozen=True)
class Shared:
    """A supervisor, and the task it runs."""

    supervisor: Supervisor
    task: dict[str, Any]


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[Homes]:
    """Whatever a test leaves running is ended."""
    before = living()
    homes = Homes(tmp_path)
    yield homes
    homes.stop_all()
    assert living() <= before


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """One supervisor with one task for tests that change nothing; who started it had AWS settings and a proxy."""
    homes = Homes(tmp_path_factory.mktemp("shared"))
    with pytest.MonkeyPatch.context() as environment:
        for name, value in HOSTILE.items():
            environment.setenv(name, value)
        supervisor = homes.start()
    yield Shared(supervisor, homes.start_task(supervisor))
    homes.stop_all()


def living() -> set[int]:
    """The processes that this one has started and that still run."""
    children = psutil.Process().children(recursive=True)
    return {child.pid for child in children if child.status() != psutil.STATUS_ZOMBIE}
