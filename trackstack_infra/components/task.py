"""What a service runs: its container, its roles, its log. It costs nothing until an ECS service starts it."""

from collections.abc import Mapping
from typing import Final, Literal

import pulumi
import pulumi_aws as aws

from trackstack_infra import names
from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.foundation import TokenIssuer
from trackstack_infra.components.iam_policy import Statement, allow
from trackstack_infra.components.log import container_log, log_group, may_write
from trackstack_infra.components.messaging import Publishing, Queue
from trackstack_infra.components.role import Role
from trackstack_infra.components.storage import BACKUP_PREFIX, Backups
from trackstack_infra.components.volume import APP_USER, Directory, Volume
from trackstack_infra.images import dual_stack_registry
from trackstack_infra.settings.models import ArchitectureSettings

PORT: Final = 8000
DATA_DIR: Final = "/data"
# ECS sends SIGKILL that long after SIGTERM, two minutes at most; the app drains and exits within 30 s.
STOP_TIMEOUT_S: Final = 120
# A start may have to wait up to 180 s for the lock of a task that was lost with its host; 300 is ECS's maximum.
START_PERIOD_S: Final = 300
ALIVE: Final = f"import urllib.request as u; u.urlopen('http://127.0.0.1:{PORT}/livez', timeout=4)"


def short_version(image: str) -> str:
    """What a process says about its version: the first digits of its image's digest."""
    return image.rpartition(":")[2][:12]


class ServiceTask(Component):
    """The task definition of one service, with a role that can do what the service was given and nothing else.

    `secrets` are environment variables whose values ECS reads from SSM parameters, by ARN, when it starts the task:
    no definition, log or state holds them. `dual_stack` is for tasks without IPv4.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: ArchitectureSettings,
        database: Literal["own", "bridge"],
        volume: Volume,
        path: str,
        queue: Queue,
        publishes_to: Publishing,
        tokens: TokenIssuer,
        backups: Backups | None = None,
        secrets: Mapping[str, pulumi.Input[str]] | None = None,
        dual_stack: bool = False,
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        self.image = dual_stack_registry(settings.image(name)) if dual_stack else settings.image(name)
        self._secrets = dict(secrets or {})
        self.size = settings.service(name)
        directory = Directory(name, volume=volume, path=path, opts=self.owned())
        self.log_group = log_group(self, name=names.log_group(self.stack, self.name), days=settings.log_days)
        self.execution_role = self._execution_role()
        self.task_role = self._task_role(directory, queue, publishes_to, backups)
        environment: dict[str, pulumi.Input[str]] = {
            "HOST": "::" if dual_stack else "0.0.0.0",  # noqa: S104 (inside its own network namespace)
            "PORT": str(PORT),
            "DATA_DIR": DATA_DIR,
            "DATABASE": database,
            "JOURNAL": settings.journal,
            "QUEUE_URL": queue.url,
            "AWS_REGION": settings.region,
            "APP_VERSION": short_version(self.image),
            **publishes_to.address,
            **tokens.environment,
        }
        if dual_stack:
            environment["AWS_USE_DUALSTACK_ENDPOINT"] = "true"  # most of AWS's usual names have no IPv6 address
        if backups:
            environment |= {"BACKUP_BUCKET": backups.bucket, "BACKUP_PREFIX": BACKUP_PREFIX}
        self.definition = self._definition(settings.region, directory, environment)
        self.ready = directory.ready
        self.register_outputs({"task_definition": self.definition.arn})

    def _execution_role(self) -> Role:
        """What ECS itself does before and beside the container: pull the image, read the secrets, write the log."""
        account = account_id()
        repository = pulumi.Output.concat("arn:aws:ecr:*:", account, f":repository/ts-{self.name}")
        pull = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
        statements = [
            allow("LogIn", ["ecr:GetAuthorizationToken"], ["*"]),  # the login is to the registry, which has no ARN
            allow("PullOwnImage", pull, [repository]),
            may_write(self.log_group),
        ]
        if self._secrets:
            arns = [self._secrets[name] for name in sorted(self._secrets)]
            statements.append(allow("ReadOwnSecrets", ["ssm:GetParameters"], arns))
        return Role(
            f"{self.name}-execution",
            service="ecs-tasks.amazonaws.com",
            trust_condition={"StringEquals": {"aws:SourceAccount": account}},
            statements=statements,
            opts=self.owned(),
        )

    def _task_role(self, directory: Directory, queue: Queue, publishes_to: Publishing, backups: Backups | None) -> Role:
        """What the code in the container may do."""
        statements: list[Statement] = [directory.may_mount(), queue.may_receive(), publishes_to.may_publish()]
        if backups:
            statements += [backups.may_keep(), backups.may_list(), backups.may_report_failure()]
        return Role(
            f"{self.name}-task",
            service="ecs-tasks.amazonaws.com",
            trust_condition={"StringEquals": {"aws:SourceAccount": account_id()}},
            statements=statements,
            opts=self.owned(),
        )

    def _definition(
        self, region: str, directory: Directory, environment: dict[str, pulumi.Input[str]]
    ) -> aws.ecs.TaskDefinition:
        authorization = aws.ecs.TaskDefinitionVolumeEfsVolumeConfigurationAuthorizationConfigArgs(
            access_point_id=directory.access_point.id, iam="ENABLED"
        )
        efs = aws.ecs.TaskDefinitionVolumeEfsVolumeConfigurationArgs(
            file_system_id=directory.volume.file_system.id,
            transit_encryption="ENABLED",
            authorization_config=authorization,
        )
        return aws.ecs.TaskDefinition(
            self.child("definition"),
            family=self.physical(self.name),
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(self.size.cpu),
            memory=str(self.size.memory_mib),
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                operating_system_family="LINUX", cpu_architecture=self.size.architecture.upper()
            ),
            execution_role_arn=self.execution_role.arn,
            task_role_arn=self.task_role.arn,
            volumes=[
                aws.ecs.TaskDefinitionVolumeArgs(name="data", efs_volume_configuration=efs),
                aws.ecs.TaskDefinitionVolumeArgs(name="tmp"),
            ],
            container_definitions=pulumi.Output.json_dumps([self._container(region, environment)]),
            tags=self.tags(),
            opts=self.owned(after=[self.execution_role.policy, self.task_role.policy]),
        )

    def _container(self, region: str, environment: dict[str, pulumi.Input[str]]) -> dict[str, object]:
        return {
            "name": self.name,
            "image": self.image,
            "essential": True,
            "user": f"{APP_USER}:{APP_USER}",
            "readonlyRootFilesystem": True,
            "privileged": False,
            "portMappings": [{"containerPort": PORT, "protocol": "tcp"}],
            "environment": [{"name": key, "value": environment[key]} for key in sorted(environment)],
            **self._secret_variables(),
            "mountPoints": [
                {"sourceVolume": "data", "containerPath": DATA_DIR, "readOnly": False},
                {"sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": False},  # noqa: S108 (the only place to write)
            ],
            "healthCheck": {
                "command": ["CMD", "python", "-c", ALIVE],
                "interval": 30,
                "timeout": 5,
                "retries": 3,
                "startPeriod": START_PERIOD_S,
            },
            "linuxParameters": {"initProcessEnabled": True},
            "stopTimeout": STOP_TIMEOUT_S,
            "logConfiguration": container_log(names.log_group(self.stack, self.name), region),
        }

    def _secret_variables(self) -> dict[str, object]:
        if not self._secrets:
            return {}
        return {"secrets": [{"name": name, "valueFrom": self._secrets[name]} for name in sorted(self._secrets)]}
