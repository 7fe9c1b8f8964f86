"""The ECS cluster of a stack."""

import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts


class Cluster(Component):
    """A Fargate cluster, with Spot; it costs nothing while no task runs."""

    def __init__(self, name: str, opts: Opts = None) -> None:
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
        self.register_outputs({"cluster_arn": self.cluster.arn})
