"""What the dashboard shows, and that it is free."""

import json
from typing import Any

import pytest

from trackstack_infra.components.alarms import Alarms
from trackstack_infra.components.dashboard import FREE_DASHBOARDS, FREE_METRICS, Dashboard
from trackstack_infra.graph import Graph, record

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


@pytest.fixture(scope="module")
def graph(monolith: Any) -> Graph:
    def program() -> None:
        made = monolith()
        letters = {"dead-letters": made.queue.dead_letters}
        Alarms(
            "alarms",
            topic="arn:aws:sns:us-east-1:123456789012:ts-foundation-alerts",
            cluster=made.cluster,
            service=made.service,
            task=made.task,
            volume=made.volume,
            dead_letters=letters,
        )
        Dashboard(
            "dashboard",
            region="us-east-1",
            cluster=made.cluster,
            task=made.task,
            queue=made.queue,
            dead_letters=letters,
            volume=made.volume,
        )

    return record(program, stack="pragmatic", outputs="fabricated")


def widgets(graph: Graph) -> list[dict[str, Any]]:
    """The widgets of the one dashboard."""
    (dashboard,) = graph.all(DASHBOARD)
    found: list[dict[str, Any]] = json.loads(dashboard.inputs["dashboardBody"])["widgets"]
    return found


def shown(metric: list[Any]) -> tuple[str, str, tuple[str, ...]]:
    """Namespace, name and dimensions of a metric in CloudWatch's format; what follows says how it is drawn."""
    namespace, name, *dimensions = [each for each in metric if isinstance(each, str)]
    return namespace, name, tuple(dimensions)


def test_every_metric_of_an_alarm_is_on_the_dashboard(graph: Graph) -> None:
    """Who hears an alarm sees there how it came to it, by the same statistic."""
    on_it = {
        (*shown(metric), each["properties"]["stat"])
        for each in widgets(graph)
        for metric in each["properties"]["metrics"]
    }
    for alarm in graph.all(ALARM):
        by = alarm.inputs
        dimensions = tuple(part for pair in sorted(by.get("dimensions", {}).items()) for part in pair)
        assert (by["namespace"], by["metricName"], dimensions, by["statistic"]) in on_it, alarm.name


def test_the_queue_that_falls_behind_is_seen(graph: Graph) -> None:
    """How old its oldest message is, and how many wait: of the service's own queue."""
    (age,) = [each["properties"] for each in widgets(graph) if "oldest" in each["properties"]["title"]]
    assert age["metrics"] == [["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", "ts-pragmatic-monolith"]]
    assert (age["region"], age["stat"]) == ("us-east-1", "Maximum")


def test_widgets_stand_beside_each_other(graph: Graph) -> None:
    """Two in a row of CloudWatch's 24 columns, none over another."""
    places = [(each["x"], each["y"]) for each in widgets(graph)]
    assert places == [(0, 0), (12, 0), (0, 6), (12, 6), (0, 12), (12, 12), (0, 18)]
    assert {(each["width"], each["height"]) for each in widgets(graph)} == {(12, 6)}


def test_it_is_free(graph: Graph) -> None:
    """As many dashboards and metrics as every account has for nothing, which is what its price says."""
    assert len(graph.all(DASHBOARD)) <= FREE_DASHBOARDS
    assert sum(len(each["properties"]["metrics"]) for each in widgets(graph)) <= FREE_METRICS
