"""Writes what really runs into the emulator's records of ECS, for which AWS has no call: there, ECS itself knows."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from moto.core.utils import utcnow

from trackstack_infra.local.cloud.environment import ACCOUNT

if TYPE_CHECKING:
    from moto.ecs.models import EC2ContainerServiceBackend, Service


class ShownTask:
    """A task as ListTasks and DescribeTasks show it, from a plain record under AWS's names.

    Not moto's Task, which takes an address out of the subnet and invents its own states.
    """

    # What moto's filters look at, whether the record says it or not.
    container_instance_arn = ""
    started_by = ""
    desired_status = "RUNNING"
    group = ""

    def __init__(self, record: dict[str, Any]) -> None:
        for name, value in record.items():
            setattr(self, xform_name(name), value)

    def advance(self) -> None:
        """Its states are the agent's to say."""


class EcsRecords:
    """The records of one region; every method takes the emulator's LOCK."""

    def __init__(self, lock: AbstractContextManager[object], region: str) -> None:
        self._lock = lock
        self._region = region

    def set_service_counts(
        self,
        cluster: str,
        service: str,
        *,
        desired: int,
        pending: int,
        running: int,
        rollout_state: str,
        reason: str,
    ) -> None:
        """What DescribeServices says of SERVICE's tasks. `desired` is how many the agent is working towards: it goes
        to the deployment only, since the service's own number is what ECS was asked for."""
        with self._lock:
            found = self._service(cluster, service)
            if found is None:
                return  # deleted meanwhile
            found.running_count, found.pending_count = running, pending
            default = "completed" if rollout_state == "COMPLETED" else "in progress"
            for deployment in found.deployments[:1]:
                deployment |= {
                    "desiredCount": desired,
                    "runningCount": running,
                    "pendingCount": pending,
                    "rolloutState": rollout_state,
                    "rolloutStateReason": reason or f"ECS deployment {deployment['id']} {default}.",
                    "updatedAt": utcnow(),
                }
            self._sum_up(cluster)

    def put_task(self, cluster: str, service: str, task: dict[str, Any]) -> None:
        """Show TASK, a record under AWS's names with at least `taskArn`, as one of SERVICE's."""
        with self._lock:
            found = self._backend.clusters.get(_short(cluster))
            if found is None:
                return
            record = {"clusterArn": found.arn, "group": f"service:{_short(service)}", **task}
            shown: Any = ShownTask(record)
            self._backend.tasks.setdefault(found.name, {})[task["taskArn"]] = shown

    def remove_task(self, cluster: str, task_arn: str) -> None:
        """Show it no more."""
        with self._lock:
            self._backend.tasks.get(_short(cluster), {}).pop(task_arn, None)

    @property
    def _backend(self) -> "EC2ContainerServiceBackend":
        # With ECS comes EC2, which takes a second to import: the emulator answers others meanwhile.
        from moto.ecs.models import ecs_backends

        return ecs_backends[ACCOUNT][self._region]

    def _service(self, cluster: str, service: str) -> "Service | None":
        return self._backend.services.get(f"{_short(cluster)}:{_short(service)}")

    def _sum_up(self, cluster: str) -> None:
        found = self._backend.clusters[_short(cluster)]
        services = [each for each in self._backend.services.values() if each.cluster_name == found.name]
        found.running_tasks_count = sum(each.running_count for each in services)
        found.pending_tasks_count = sum(each.pending_count for each in services)


def _short(name_or_arn: str) -> str:
    return name_or_arn.rpartition("/")[2]
