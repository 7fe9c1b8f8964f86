"""What ECS wants to run, read from the emulator as anybody would read it from AWS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import ClientError

from trackstack_infra.local.agent.images import image_name, is_ours

DEFAULT_STOP_TIMEOUT_S = 30  # ECS's, for a container that does not say
DESCRIBED_AT_ONCE = 10  # DescribeServices takes no more


class Aws(Protocol):
    """Clients of the emulator."""

    def client(self, name: str) -> Any:
        """Return the boto3 client of a service."""
        ...


class NotRunnable(Exception):  # noqa: N818 - a sentence reads better than a suffix
    """A task definition asks for something the local target does not do."""


class Foreign(NotRunnable):
    """A task definition of other people's images: it is written down, and nothing is wrong with it."""


@dataclass(frozen=True)
class Mount:
    """A directory the container sees at `path`; without a `creation_token` it is not of EFS and ends with the task."""

    path: str
    creation_token: str | None
    directory: str


@dataclass(frozen=True)
class LogTarget:
    """Where a container's output goes: the stream is prefix/container/task id."""

    group: str
    prefix: str


@dataclass(frozen=True)
class TaskPlan:
    """All that is needed to start one task of a task definition."""

    definition: str
    container: str
    image: str
    environment: Mapping[str, str]
    secrets: Mapping[str, str]
    """Variable -> the ARN of the SSM parameter that holds its value; read anew for each task, as ECS does."""
    mounts: tuple[Mount, ...]
    stop_timeout_s: int
    log: LogTarget | None


@dataclass(frozen=True)
class ServiceDefinition:
    """One ECS service as it is asked to be."""

    cluster: str
    service: str
    desired: int
    definition: str
    deployment: str
    target_groups: tuple[str, ...]
    registries: tuple[str, ...]
    plan: TaskPlan | None
    """None when it cannot be started; `problem` then says why."""
    problem: str
    foreign: bool
    """Of other people's images: nothing of it runs here, and nobody should wait for it."""
    published: tuple[int, int, str]
    """Running, pending and rollout state as ECS shows them now: the emulator resets them when a service is updated."""

    @property
    def name(self) -> str:
        """What the service is known by here."""
        return f"{self.cluster}/{self.service}"

    @property
    def revision(self) -> tuple[object, ...]:
        """Changes when running tasks have to be replaced."""
        return (self.definition, self.deployment, self.target_groups, self.registries)


class ServiceDefinitions:
    """Reads every service of every cluster. A task definition never changes, so each is read once."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._plans: dict[str, TaskPlan] = {}

    def read(self) -> tuple[ServiceDefinition, ...]:
        """Return the services that are not being deleted."""
        ecs = self._aws.client("ecs")
        return tuple(
            self._wanted(cluster.rsplit("/", 1)[-1], service)
            for cluster in _all(ecs, "list_clusters", "clusterArns")
            for service in _services(ecs, cluster)
            if service["status"] == "ACTIVE"
        )

    def _wanted(self, cluster: str, service: Mapping[str, Any]) -> ServiceDefinition:
        deployment = (service.get("deployments") or [{}])[0]
        plan, problem = self._plan(service["taskDefinition"])
        foreign = isinstance(problem, Foreign)
        return ServiceDefinition(
            cluster=cluster,
            service=service["serviceName"],
            desired=service["desiredCount"],
            definition=service["taskDefinition"],
            deployment=deployment.get("id", ""),
            target_groups=tuple(balancer["targetGroupArn"] for balancer in service.get("loadBalancers", ())),
            registries=tuple(
                registry["registryArn"].rsplit("/", 1)[-1] for registry in service.get("serviceRegistries", ())
            ),
            plan=plan,
            problem=str(problem or ""),
            foreign=foreign,
            published=(service["runningCount"], service["pendingCount"], deployment.get("rolloutState", "")),
        )

    def _plan(self, definition: str) -> tuple[TaskPlan | None, Exception | None]:
        if definition not in self._plans:
            try:
                self._plans[definition] = self._read_plan(definition)
            except (NotRunnable, ClientError) as problem:
                return None, problem
        return self._plans[definition], None

    def _read_plan(self, name: str) -> TaskPlan:
        definition = self._aws.client("ecs").describe_task_definition(taskDefinition=name)["taskDefinition"]
        containers = definition["containerDefinitions"]
        if not any(is_ours(container["image"]) for container in containers):
            images = " and ".join(image_name(container["image"]) for container in containers)
            raise Foreign(f"written down only, as images of others do not run on this computer: {images}")
        if len(containers) != 1:
            names = ", ".join(container["name"] for container in containers)
            raise NotRunnable(f"{name} has {len(containers)} containers ({names}); a local task is one process")
        container = containers[0]
        return TaskPlan(
            definition=definition["taskDefinitionArn"],
            container=container["name"],
            image=container["image"],
            environment={pair["name"]: pair["value"] for pair in container.get("environment", ())},
            secrets=_secrets(name, container),
            mounts=tuple(self._mounts(definition, container)),
            stop_timeout_s=container.get("stopTimeout", DEFAULT_STOP_TIMEOUT_S),
            log=_log_target(container),
        )

    def _mounts(self, definition: Mapping[str, Any], container: Mapping[str, Any]) -> Iterator[Mount]:
        volumes = {volume["name"]: volume for volume in definition.get("volumes", ())}
        for point in container.get("mountPoints", ()):
            volume = volumes[point["sourceVolume"]]
            efs = volume.get("efsVolumeConfiguration")
            if efs is None:
                yield Mount(point["containerPath"], None, volume["name"])
            else:
                token, directory = efs_directory(
                    self._aws,
                    efs["fileSystemId"],
                    efs.get("authorizationConfig", {}).get("accessPointId"),
                    efs.get("rootDirectory", "/"),
                )
                yield Mount(point["containerPath"], token, directory)


def efs_directory(aws: Aws, file_system: str, access_point: str | None, root: str = "/") -> tuple[str, str]:
    """Return the creation token of a file system and the directory in it that an access point shows as its root.

    Ids change with each start of the emulator; the creation token does not, so data is found again by it.
    """
    efs = aws.client("efs")
    found = efs.describe_file_systems(FileSystemId=file_system)["FileSystems"][0]
    if access_point is not None:
        point = efs.describe_access_points(AccessPointId=access_point)["AccessPoints"][0]
        root = point.get("RootDirectory", {}).get("Path", "/")
    return found["CreationToken"], root


def _secrets(definition: str, container: Mapping[str, Any]) -> dict[str, str]:
    found = {pair["name"]: pair["valueFrom"] for pair in container.get("secrets", ())}
    for name, arn in found.items():
        if ":ssm:" not in arn:
            raise NotRunnable(f"{definition} takes {name} from {arn}; local tasks read SSM parameters, by ARN, only")
    return found


def secret_values(aws: Aws, secrets: Mapping[str, str]) -> dict[str, str]:
    """Return what SSM says now; a parameter that is not there is an error, as it is for ECS."""
    ssm = aws.client("ssm")
    return {
        name: ssm.get_parameter(Name=arn, WithDecryption=True)["Parameter"]["Value"] for name, arn in secrets.items()
    }


def _log_target(container: Mapping[str, Any]) -> LogTarget | None:
    configuration = container.get("logConfiguration", {})
    if configuration.get("logDriver") != "awslogs":
        return None
    options = configuration["options"]
    return LogTarget(options["awslogs-group"], options.get("awslogs-stream-prefix", "ecs"))


def _services(ecs: Any, cluster: str) -> Iterator[Mapping[str, Any]]:
    names = _all(ecs, "list_services", "serviceArns", cluster=cluster)
    for start in range(0, len(names), DESCRIBED_AT_ONCE):
        yield from ecs.describe_services(cluster=cluster, services=names[start : start + DESCRIBED_AT_ONCE])["services"]


def _all(client: Any, operation: str, key: str, **parameters: Any) -> list[str]:
    return [item for page in client.get_paginator(operation).paginate(**parameters) for item in page[key]]
