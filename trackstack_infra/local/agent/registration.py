"""Makes a healthy task reachable, as target of a load balancer or as instance in Cloud Map, and takes it out again."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from trackstack_infra.local.agent.service_definitions import Aws

READY_PATH = "/readyz"
"""Asked of tasks that no target group says more about."""

LOOPBACK = "127.0.0.1"
LOOPBACK_AS_IPV6 = "::ffff:127.0.0.1"
"""The same address as IPv6 writes it: where AWS would publish an AAAA record, tasks listen here all the same."""
DEFAULT_DEREGISTRATION_S = 15.0


@dataclass(frozen=True)
class TargetSettings:
    """How the task is reached, and how it is left."""

    health_path: str
    deregistration_s: float
    """How long requests under way may take after the task is taken out."""


class Registration:
    """Of one task; every call blocks."""

    def __init__(self, aws: Aws, task_id: str, target_groups: Sequence[str], registries: Sequence[str]) -> None:
        self._aws = aws
        self._task_id = task_id
        self._target_groups = target_groups
        self._registries = registries

    def target_settings(self) -> TargetSettings:
        """What the first target group says about health checks and draining."""
        if not self._target_groups:
            return TargetSettings(READY_PATH, DEFAULT_DEREGISTRATION_S)
        elb = self._aws.client("elbv2")
        arn = self._target_groups[0]
        group = elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
        attributes: list[dict[str, Any]] = elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        values = {attribute["Key"]: attribute["Value"] for attribute in attributes}
        delay_s = values.get("deregistration_delay.timeout_seconds", DEFAULT_DEREGISTRATION_S)
        return TargetSettings(group.get("HealthCheckPath") or READY_PATH, float(delay_s))

    def add(self, port: int) -> None:
        """Let requests come."""
        for group in self._target_groups:
            self._aws.client("elbv2").register_targets(TargetGroupArn=group, Targets=[_target(port)])
        for service in self._registries:
            self._aws.client("servicediscovery").register_instance(
                ServiceId=service,
                InstanceId=self._task_id,
                Attributes=self._instance(service, port),
            )

    def _instance(self, service: str, port: int) -> dict[str, str]:
        """With the port also where ECS knows none, for the AAAA record: here every task has one of its own."""
        found = self._aws.client("servicediscovery").get_service(Id=service)["Service"]
        records = {record["Type"] for record in (found.get("DnsConfig") or {}).get("DnsRecords", ())}
        ipv6 = {"AWS_INSTANCE_IPV6": LOOPBACK_AS_IPV6} if "AAAA" in records else {}
        return {"AWS_INSTANCE_IPV4": LOOPBACK, **ipv6, "AWS_INSTANCE_PORT": str(port)}

    def remove(self, port: int) -> None:
        """Let no more requests come. What is gone already, group or service, is as good."""
        for group in self._target_groups:
            with contextlib.suppress(ClientError):
                self._aws.client("elbv2").deregister_targets(TargetGroupArn=group, Targets=[_target(port)])
        for service in self._registries:
            with contextlib.suppress(ClientError):
                self._aws.client("servicediscovery").deregister_instance(ServiceId=service, InstanceId=self._task_id)


def _target(port: int) -> dict[str, Any]:
    return {"Id": LOOPBACK, "Port": port}
