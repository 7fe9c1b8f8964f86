"""ECS: moto forgets half of a service, claims that its tasks run as soon as their number is changed, makes no new
deployment for a new task definition, lists tasks, services and clusters that were not asked for or are deleted, and
has no PutAccountSettingDefault.

Counts, rollout and tasks are the agent's to write (ecs_records.py); nobody else may invent them.
"""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs.models import EC2ContainerServiceBackend, Task
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.moto_api._internal import mock_random

from trackstack_infra.local.cloud.patches.patching import add, around

# AWS's name -> the attribute that moto's serializer looks for.
_FORGOTTEN = {
    "deploymentConfiguration": "deployment_configuration",
    "capacityProviderStrategy": "capacity_provider_strategy",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "enableExecuteCommand": "enable_execute_command",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
}
# What running tasks were started with: another value means other tasks.
_STARTED_WITH = ("task_definition", "network_configuration", "load_balancers", "service_registries", "platform_version")


def apply() -> None:
    around(EC2ContainerServiceResponse, "create_service", _create)
    around(EC2ContainerServiceResponse, "update_service", _update)
    around(EC2ContainerServiceBackend, "list_tasks", _list_tasks)
    around(EC2ContainerServiceBackend, "list_services", _list_services)
    around(EC2ContainerServiceBackend, "list_clusters", _list_clusters)
    add(EC2ContainerServiceResponse, "put_account_setting_default", EC2ContainerServiceResponse.put_account_setting)


def _create(original: Callable[..., ActionResult], self: Any) -> ActionResult:
    answer = original(self)
    service = _service(self, self._get_param("serviceName"))
    _keep(self, service)
    if service.capacity_provider_strategy:
        service.launch_type = None  # AWS names one of the two
    service.running_count, service.pending_count = 0, 0
    service.deployments = [_deployment(service)]
    return answer


def _update(original: Callable[..., ActionResult], self: Any) -> ActionResult:
    service = _service(self, self._get_param("service"))
    before = [getattr(service, name) for name in _STARTED_WITH]
    counts = service.running_count, service.pending_count
    answer = original(self)
    _keep(self, service)
    service.task_definition = self.ecs_backend.describe_task_definition(service.task_definition).arn
    service.running_count, service.pending_count = counts
    if before != [getattr(service, name) for name in _STARTED_WITH] or self._get_param("forceNewDeployment"):
        service.deployments = [_deployment(service)]
    else:
        service.deployments[0] |= {"desiredCount": service.desired_count, "updatedAt": utcnow()}
    return answer


def _service(request: Any, name: str) -> Any:
    return request.ecs_backend._get_service(request._get_param("cluster", "default"), name)


def _keep(request: Any, service: Any) -> None:
    for name, attribute in _FORGOTTEN.items():
        given = request._get_param(name)
        if given is not None or not hasattr(service, attribute):
            setattr(service, attribute, given)


def _deployment(service: Any) -> dict[str, Any]:
    ref = f"ecs-svc/{mock_random.randint(0, 32**12)}"
    now = utcnow()
    return {
        "id": ref,
        "status": "PRIMARY",
        "taskDefinition": service.task_definition,
        "desiredCount": service.desired_count,
        "pendingCount": 0,
        "runningCount": 0,
        "failedTasks": 0,
        "createdAt": now,
        "updatedAt": now,
        "launchType": service.launch_type,
        "capacityProviderStrategy": service.capacity_provider_strategy,
        "platformVersion": service.platform_version,
        "platformFamily": "Linux",
        "networkConfiguration": service.network_configuration,
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment {ref} in progress.",
    }


def _list_tasks(original: Callable[..., list[Task]], self: Any, *args: Any, **kwargs: Any) -> list[Task]:
    names = ("cluster_str", "container_instance", "family", "started_by", "service_name")
    service = (dict(zip(names, args, strict=False)) | kwargs).get("service_name")
    group = f"service:{str(service).rpartition('/')[2]}"
    return [task for task in original(self, *args, **kwargs) if service is None or task.group == group]


def _list_services(original: Callable[..., list[str]], self: Any, *args: Any, **kwargs: Any) -> list[str]:
    gone = {service.arn for service in self.services.values() if service.status == "INACTIVE"}
    return [arn for arn in original(self, *args, **kwargs) if arn not in gone]


def _list_clusters(original: Callable[..., list[str]], self: Any, *args: Any, **kwargs: Any) -> list[str]:
    gone = {cluster.arn for cluster in self.clusters.values() if cluster.status == "INACTIVE"}
    return [arn for arn in original(self, *args, **kwargs) if arn not in gone]
