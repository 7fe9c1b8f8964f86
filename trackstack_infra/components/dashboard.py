"""One page of graphs: what the alarms watch, and what explains it."""

from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.alarms import NAMESPACE
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.messaging import Queue
from trackstack_infra.components.task import ServiceTask
from trackstack_infra.components.volume import Volume

# What an account has for nothing, for ever. https://aws.amazon.com/cloudwatch/pricing/ (read 2026-11)
FREE_DASHBOARDS: Final = 3
FREE_METRICS: Final = 50
_MINUTE_S: Final = 60
_DAY_S: Final = 86_400
# CloudWatch's grid is 24 columns wide: two widgets beside each other.
_WIDTH: Final = 12
_HEIGHT: Final = 6

Metric = list[Any]


class Dashboard(Component):
    """A service, its queue, its dead letters and its files over time, of metrics that cost nothing.

    Unlike the alarms it stays when the power goes off: it costs nothing either way, and shows what was before.
    """

    def __init__(
        self,
        name: str,
        *,
        region: str,
        cluster: Cluster,
        task: ServiceTask,
        queue: Queue,
        dead_letters: Mapping[str, aws.sqs.Queue],
        volume: Volume,
        opts: Opts = None,
    ) -> None:
        """`task` is the service's, which is called the same; `dead_letters` are queues by what they are called here."""
        super().__init__(name, opts)
        self._region = region
        service = ["ClusterName", cluster.cluster.name, "ServiceName", self.physical(task.name)]
        files = ["FileSystemId", volume.file_system.id]
        widgets = [
            self._widget(
                "CPU and memory (%)",
                ["AWS/ECS", "CPUUtilization", *service],
                ["AWS/ECS", "MemoryUtilization", *service],
                yAxis={"left": {"min": 0, "max": 100}},
            ),
            # Each running task reports its CPU once a minute.
            self._widget("Running tasks", ["AWS/ECS", "CPUUtilization", *service], stat="SampleCount"),
            self._widget(
                "Age of the oldest message (s)",
                ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue.queue_name],
                stat="Maximum",
            ),
            self._widget(
                "Messages in the queue",
                ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue.queue_name],
                ["AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "QueueName", queue.queue_name],
                stat="Maximum",
            ),
            self._widget(
                "Dead letters",
                *(
                    ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", each.name, {"label": label}]
                    for label, each in dead_letters.items()
                ),
                stat="Maximum",
            ),
            self._widget("Burst credits of EFS (bytes)", ["AWS/EFS", "BurstCreditBalance", *files], stat="Minimum"),
            self._widget("Backups a day", [NAMESPACE, "Backups"], stat="Sum", period=_DAY_S),
        ]
        placed = [
            {**each, "x": _WIDTH * (index % 2), "y": _HEIGHT * (index // 2), "width": _WIDTH, "height": _HEIGHT}
            for index, each in enumerate(widgets)
        ]
        self.dashboard = aws.cloudwatch.Dashboard(
            self.child("widgets"),
            dashboard_name=self.physical(),
            dashboard_body=pulumi.Output.json_dumps({"widgets": placed}),
            opts=self.owned(delete_first=True),
        )
        self.register_outputs({"dashboard_name": self.dashboard.dashboard_name})

    def _widget(
        self, title: str, *metrics: Metric, stat: str = "Average", period: int = _MINUTE_S, **more: Any
    ) -> dict[str, Any]:
        """A graph over time, as CloudWatch's format of dashboards has it; `period` in seconds.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
        """
        properties = {"title": title, "region": self._region, "view": "timeSeries", "stat": stat, "period": period}
        return {"type": "metric", "properties": {**properties, "metrics": list(metrics), **more}}
