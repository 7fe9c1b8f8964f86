"""Alarms that cost nothing: few, and each on a metric that AWS writes anyway or that is one line of the app's log."""

from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.service import FargateService
from trackstack_infra.components.task import ServiceTask
from trackstack_infra.components.volume import Volume
from trackstack_infra.names import Layer

FREE_ALARMS: Final = 10
# What apps/bridge/requests.py logs when a backup is made and its manifest lies in the bucket.
BACKUP_MADE: Final = "made on request"
NAMESPACE: Final = "TrackStack"
_MINUTE_S: Final = 60
_DAY_S: Final = 86_400
_TIB: Final = 2**40


class Alarms(Component):
    """What somebody must hear of: no task runs, a message failed for good, no backup in two days, slow files ahead.

    An account has ten alarms and ten metrics of its own free of charge, for ever: here are three alarms, one more for
    each queue of dead letters, and one metric. https://aws.amazon.com/cloudwatch/pricing/ (read 2026-11)
    ECS's count of running tasks would need Container Insights, at $0.30 a metric; each running task reports its CPU
    once a minute for nothing, so the number of those reports says the same.
    Gone with the power: what is off on purpose is no news.
    """

    layer = Layer.RUNTIME

    def __init__(
        self,
        name: str,
        *,
        topic: pulumi.Input[str],
        cluster: Cluster,
        service: FargateService,
        task: ServiceTask,
        volume: Volume,
        dead_letters: Mapping[str, aws.sqs.Queue],
        opts: Opts = None,
    ) -> None:
        """`topic` is the SNS topic that hears of them; `dead_letters` are queues by what their alarm is called."""
        super().__init__(name, opts)
        self._topic = topic
        self._running(cluster, service)
        for queue_name, queue in dead_letters.items():
            self._dead_letters(queue_name, queue)
        self._backup(task)
        self._credits(volume)
        self.register_outputs({})

    def _running(self, cluster: Cluster, service: FargateService) -> None:
        self._alarm(
            "not-running",
            "For ten minutes no task has run",
            namespace="AWS/ECS",
            metric_name="CPUUtilization",
            dimensions={"ClusterName": cluster.cluster.name, "ServiceName": service.service.name},
            statistic="SampleCount",
            comparison_operator="LessThanThreshold",
            threshold=1,
            period=_MINUTE_S,
            evaluation_periods=10,  # a deployment leaves two or three minutes without a task
            treat_missing_data="breaching",
        )

    def _dead_letters(self, queue_name: str, queue: aws.sqs.Queue) -> None:
        self._alarm(
            queue_name,
            "A message could not be handled, and is kept for 14 days",
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": queue.name},
            statistic="Maximum",
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            period=5 * _MINUTE_S,
            evaluation_periods=1,
            treat_missing_data="notBreaching",  # SQS reports nothing of a queue that nobody uses
        )

    def _backup(self, task: ServiceTask) -> None:
        metric = aws.cloudwatch.LogMetricFilter(
            self.child("backups"),
            name=self.physical("backups"),
            log_group_name=task.log_group.name,
            pattern=f'"{BACKUP_MADE}"',
            metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                name="Backups", namespace=NAMESPACE, value="1"
            ),
            opts=self.owned(delete_first=True),
        )
        self._alarm(
            "no-backup",
            "No backup was made for two days",
            namespace=NAMESPACE,
            metric_name=metric.metric_transformation.name,
            dimensions={},
            statistic="Sum",
            comparison_operator="LessThanThreshold",
            threshold=1,
            period=_DAY_S,
            evaluation_periods=2,
            treat_missing_data="breaching",
        )

    def _credits(self, volume: Volume) -> None:
        self._alarm(
            "files-slow-down",
            "Less than half of the file system's burst credits are left; without any it serves 50 KiB/s a GiB",
            namespace="AWS/EFS",
            metric_name="BurstCreditBalance",
            dimensions={"FileSystemId": volume.file_system.id},
            statistic="Minimum",
            comparison_operator="LessThanThreshold",
            # It begins with 2.1 TiB, which is also the most that a small one can have.
            # https://docs.aws.amazon.com/efs/latest/ug/performance.html
            threshold=_TIB,
            period=5 * _MINUTE_S,
            evaluation_periods=3,
            treat_missing_data="notBreaching",  # EFS reports nothing while nothing mounts it
        )

    def _alarm(self, part: str, description: str, **watches: Any) -> None:
        aws.cloudwatch.MetricAlarm(
            self.child(part),
            name=self.physical(part),
            alarm_description=description,
            alarm_actions=[self._topic],
            ok_actions=[self._topic],
            **{key: value for key, value in watches.items() if value != {}},
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
