"""Prometheus and Grafana as a task of the cluster: cheaper than a machine of their own, and inside the VPC."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra import names
from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.log import container_log, log_group, may_write
from trackstack_infra.components.network import Network
from trackstack_infra.components.role import Role
from trackstack_infra.components.security_group import SecurityGroup
from trackstack_infra.components.task import STOP_TIMEOUT_S
from trackstack_infra.names import Layer
from trackstack_infra.settings.models import ArchitectureSettings

# Manifest lists for amd64 and arm64, of v3.11.2 and 13.0.1.
PROMETHEUS: Final = "prom/prometheus@sha256:5550dc63da361dc30f6fe02ac0e4dfc736ededfef3c8d12a634db04a67824d78"
GRAFANA: Final = "grafana/grafana@sha256:0f86bada30d65ef9d0183b90c1e2682ac92d53d95da8bed322b984ea78a4a73a"
_NOBODY: Final = "65534:65534"  # the user of Prometheus's image
_GRAFANA_USER: Final = "472:0"  # and of Grafana's
# Beside the file system that Prometheus's image declares, only memory can be written.
# https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-ecs-tmpfs-mounts-aws-fargate-managed-instances/
_SCRATCH_MIB: Final = 64
# 0.25 vCPU and 512 MiB on ARM, $0.0099 an hour (us-east-1). https://aws.amazon.com/fargate/pricing/
_CPU: Final = 256
_MEMORY_MIB: Final = 512


class ObservabilityTask(Component):
    """One task with both containers, which nothing outside of it can call, and which keeps nothing when it ends.

    Its images come from Docker Hub by digest, so it pulls nothing from ECR; it has no role, hence no way into AWS.
    Like a service's, the definition stays when the power goes off. What it scrapes and shows comes later.
    """

    def __init__(self, name: str, *, settings: ArchitectureSettings, network: Network, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.log_group = log_group(self, name=names.log_group(self.stack, name), days=settings.log_days)
        self.security_group = SecurityGroup(
            name, network=network, purpose="Prometheus and Grafana", calls_aws=True, opts=self.owned()
        )
        self.definition = self._definition(settings.region)
        self.register_outputs({"task_definition": self.definition.arn})

    def _execution_role(self) -> Role:
        return Role(
            f"{self.name}-execution",
            service="ecs-tasks.amazonaws.com",
            trust_condition={"StringEquals": {"aws:SourceAccount": account_id()}},
            statements=[may_write(self.log_group)],
            opts=self.owned(),
        )

    def _definition(self, region: str) -> aws.ecs.TaskDefinition:
        execution = self._execution_role()
        containers = [
            self._container(
                region,
                "prometheus",
                PROMETHEUS,
                user=_NOBODY,
                mounts={"metrics": "/prometheus"},
                scratch=["/tmp"],  # noqa: S108 (in the container)
                alive="wget -q -O /dev/null http://127.0.0.1:9090/-/healthy",
            ),
            self._container(
                region,
                "grafana",
                GRAFANA,
                user=_GRAFANA_USER,
                mounts={},
                scratch=["/tmp", "/var/lib/grafana"],  # noqa: S108 (in the container)
                alive="wget -q -O /dev/null http://127.0.0.1:3000/api/health",
            ),
        ]
        return aws.ecs.TaskDefinition(
            self.child("definition"),
            family=self.physical(self.name),
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(_CPU),
            memory=str(_MEMORY_MIB),
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                operating_system_family="LINUX", cpu_architecture="ARM64"
            ),
            execution_role_arn=execution.arn,
            volumes=[aws.ecs.TaskDefinitionVolumeArgs(name="metrics")],
            container_definitions=pulumi.Output.json_dumps(containers),
            tags=self.tags(),
            opts=self.owned(after=[execution.policy]),
        )

    def _container(
        self,
        region: str,
        part: str,
        image: str,
        *,
        user: str,
        mounts: Mapping[str, str],
        scratch: Sequence[str],
        alive: str,
    ) -> dict[str, object]:
        return {
            "name": part,
            "image": image,
            "essential": True,
            "user": user,
            "memory": _MEMORY_MIB // 2,
            "readonlyRootFilesystem": True,
            "privileged": False,
            "mountPoints": [
                {"sourceVolume": volume, "containerPath": path, "readOnly": False} for volume, path in mounts.items()
            ],
            "healthCheck": {"command": ["CMD-SHELL", alive], "interval": 30, "timeout": 5, "retries": 3},
            "linuxParameters": {
                "initProcessEnabled": True,
                "tmpfs": [{"containerPath": path, "size": _SCRATCH_MIB} for path in scratch],
            },
            "stopTimeout": STOP_TIMEOUT_S,
            "logConfiguration": container_log(names.log_group(self.stack, self.name), region),
        }


class ObservabilityService(Component):
    """The task, kept running: billed by the hour, hence gone with the power."""

    layer = Layer.RUNTIME

    def __init__(
        self, name: str, *, task: ObservabilityTask, cluster: Cluster, network: Network, opts: Opts = None
    ) -> None:
        super().__init__(name, opts)
        self.service = aws.ecs.Service(
            self.child("service"),
            name=self.physical(task.name),
            cluster=cluster.cluster.arn,
            task_definition=task.definition.arn,
            desired_count=1,
            deployment_minimum_healthy_percent=0,
            deployment_maximum_percent=100,
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(enable=True, rollback=True),
            availability_zone_rebalancing="DISABLED",
            capacity_provider_strategies=[
                aws.ecs.ServiceCapacityProviderStrategyArgs(capacity_provider="FARGATE", weight=1)
            ],
            platform_version="LATEST",
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=[subnet.id for subnet in network.task_subnets],
                security_groups=[task.security_group.id],
                assign_public_ip=False,
            ),
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=False,
            tags=self.tags(),
            opts=self.owned(after=[*cluster.ready, *network.ready], delete_first=True),
        )
        self.register_outputs({"service": self.service.name})
