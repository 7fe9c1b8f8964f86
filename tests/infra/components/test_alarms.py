"""What raises an alarm, who hears of it, and that all of it is free."""

from typing import Any

import pytest

from trackstack_infra.components.alarms import FREE_ALARMS, Alarms
from trackstack_infra.graph import Graph, record

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = "arn:aws:sns:us-east-1:123456789012:ts-foundation-alerts"


@pytest.fixture(scope="module")
def graph(monolith: Any) -> Graph:
    def program() -> None:
        made = monolith()
        Alarms(
            "alarms",
            topic=TOPIC,
            cluster=made.cluster,
            service=made.service,
            task=made.task,
            volume=made.volume,
            dead_letters={"dead-letters": made.queue.dead_letters},
        )

    return record(program, stack="pragmatic", outputs="fabricated")


def alarm(graph: Graph, part: str) -> Any:
    return graph.one(ALARM, f"alarms-{part}").inputs


def test_somebody_hears_when_it_begins_and_when_it_ends(graph: Graph) -> None:
    """Every alarm tells the topic both, and there are no more of them than are free."""
    alarms = graph.all(ALARM)
    assert 0 < len(alarms) <= FREE_ALARMS
    assert len(graph.all("aws:cloudwatch/logMetricFilter:LogMetricFilter")) == 1
    for each in alarms:
        assert each.inputs["alarmActions"] == each.inputs["okActions"] == [TOPIC]


def test_ten_minutes_without_a_task_are_an_alarm(graph: Graph) -> None:
    """A task that runs reports its CPU; none that reports is none that runs, even if the metric ends altogether."""
    running = alarm(graph, "not-running")
    assert running["dimensions"] == {"ClusterName": "ts-pragmatic", "ServiceName": "ts-pragmatic-monolith"}
    assert (running["statistic"], running["comparisonOperator"], running["threshold"]) == (
        "SampleCount",
        "LessThanThreshold",
        1,
    )
    assert running["period"] * running["evaluationPeriods"] == 600
    assert running["treatMissingData"] == "breaching"


def test_one_dead_letter_is_an_alarm(graph: Graph) -> None:
    """The first message that failed for good is told of."""
    letters = alarm(graph, "dead-letters")
    assert letters["dimensions"] == {"QueueName": "ts-pragmatic-monolith-dead-letters"}
    assert (letters["comparisonOperator"], letters["threshold"]) == ("GreaterThanThreshold", 0)


def test_two_days_without_a_backup_are_an_alarm(graph: Graph) -> None:
    """Backups are counted by the line that the app logs when one is made; nothing logged counts as none."""
    counted = graph.one("aws:cloudwatch/logMetricFilter:LogMetricFilter", "alarms-backups").inputs
    assert (counted["logGroupName"], counted["pattern"]) == ("/ts/pragmatic/monolith", '"made on request"')
    assert counted["metricTransformation"] == {"name": "Backups", "namespace": "TrackStack", "value": "1"}
    backup = alarm(graph, "no-backup")
    assert (backup["namespace"], backup["metricName"]) == ("TrackStack", "Backups")
    assert backup["period"] * backup["evaluationPeriods"] == 2 * 24 * 3600
    assert backup["treatMissingData"] == "breaching"


def test_files_that_will_become_slow_are_an_alarm(graph: Graph) -> None:
    """One TiB of credits is left for hours of full speed, so it comes early enough."""
    balance = alarm(graph, "files-slow-down")
    assert (balance["metricName"], balance["threshold"]) == ("BurstCreditBalance", 1_099_511_627_776)
