"""One task, kept running: the part of a service that is billed by the hour."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.network import Network
from trackstack_infra.components.security_group import SecurityGroup
from trackstack_infra.components.task import PORT, ServiceTask
from trackstack_infra.names import Layer

# As long as the start may take (task.START_PERIOD_S): the load balancer's first checks must not end a waiting task.
GRACE_S: Final = 300


class FargateService(Component):
    """Exactly one task at a time: a new version starts after the old one was told to stop, as SQLite has one writer.

    ECS's limits of 0 and 100 % do not prevent an overlap while the old task shuts down; the lock in the app does.
    It is found through a load balancer's target group or a Cloud Map registry.
    """

    layer = Layer.RUNTIME

    def __init__(
        self,
        name: str,
        *,
        cluster: Cluster,
        task: ServiceTask,
        network: Network,
        security_groups: Sequence[SecurityGroup],
        target_group: aws.lb.TargetGroup | None = None,
        registry: aws.servicediscovery.Service | None = None,
        after: Sequence[pulumi.Resource] = (),
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        self.service = aws.ecs.Service(
            self.child("service"),
            name=self.physical(name),
            cluster=cluster.cluster.arn,
            task_definition=task.definition.arn,
            desired_count=1,
            deployment_minimum_healthy_percent=0,
            deployment_maximum_percent=100,
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(enable=True, rollback=True),
            availability_zone_rebalancing="DISABLED",  # it would run a second task for a while
            capacity_provider_strategies=[
                aws.ecs.ServiceCapacityProviderStrategyArgs(
                    capacity_provider="FARGATE_SPOT" if task.size.spot else "FARGATE", weight=1
                )
            ],
            platform_version="LATEST",
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=[subnet.id for subnet in network.task_subnets],
                security_groups=[group.id for group in security_groups],
                # In a public subnet it is the only way to AWS's APIs: $3.65 a month, where a NAT gateway is $33.
                assign_public_ip=network.internet == "ipv4",
            ),
            load_balancers=self._load_balancers(target_group),
            health_check_grace_period_seconds=GRACE_S if target_group else None,
            service_registries=self._registries(registry, network),
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=False,  # `trackstack up` waits, and says for what
            tags=self.tags(),
            opts=self.owned(after=[*cluster.ready, *task.ready, *network.ready, *after], delete_first=True),
        )
        self.register_outputs({"service": self.service.name})

    def _load_balancers(self, group: aws.lb.TargetGroup | None) -> list[aws.ecs.ServiceLoadBalancerArgs] | None:
        if group is None:
            return None
        return [
            aws.ecs.ServiceLoadBalancerArgs(target_group_arn=group.arn, container_name=self.name, container_port=PORT)
        ]

    def _registries(
        self, registry: aws.servicediscovery.Service | None, network: Network
    ) -> aws.ecs.ServiceServiceRegistriesArgs | None:
        if registry is None:
            return None
        if network.ipv6:  # ECS takes a port for SRV records only, and there an AAAA record is all
            return aws.ecs.ServiceServiceRegistriesArgs(registry_arn=registry.arn)
        return aws.ecs.ServiceServiceRegistriesArgs(
            registry_arn=registry.arn, container_name=self.name, container_port=PORT
        )
