"""The ECS cluster of a stack."""

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts


class Cluster(Component):
    """A Fargate cluster, with Spot; it costs nothing while no task runs."""

    def __init__(self, name: str, *, ipv6: bool = False, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.cluster = aws.ecs.Cluster(
            name,
            name=self.physical(),
            # Each of its metrics costs $0.30 a month and task.
            settings=[aws.ecs.ClusterSettingArgs(name="containerInsights", value="disabled")],
            tags=self.tags(),
            opts=self.owned(),
        )
        self.capacity = aws.ecs.ClusterCapacityProviders(
            self.child("capacity"),
            cluster_name=self.cluster.name,
            capacity_providers=["FARGATE", "FARGATE_SPOT"],
            opts=self.owned(),
        )
        self.ready: list[pulumi.Resource] = [self.capacity, *([self._ipv6_for_tasks()] if ipv6 else [])]
        self.register_outputs({"cluster_arn": self.cluster.arn})

    def _ipv6_for_tasks(self) -> pulumi.Resource:
        """Without it ECS gives a task no IPv6 address. It holds for the whole account, in this region."""
        return aws.ecs.AccountSettingDefault(
            self.child("ipv6"), name="dualStackIPv6", value="enabled", opts=self.owned()
        )
