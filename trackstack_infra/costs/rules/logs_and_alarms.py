"""What CloudWatch keeps and watches."""

from collections.abc import Iterator
from decimal import Decimal

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.rule import BillingContext, Rule
from trackstack_infra.graph import Resource


def log_group(group: Resource, context: BillingContext) -> Iterator[Meter]:
    """What is written to it, and what is kept of that."""
    share = context.share(group.type)
    if context.running:
        yield Meter(price="logs.ingest_gb", count=share, billing=Billing.BY_USE, usage="logs.gb")
    stored = Billing.PART_OF_MONTH
    yield Meter(price="logs.stored_gb_month", count=share, billing=stored, usage="logs.stored_gb")


def alarm(alarm: Resource, context: BillingContext) -> Iterator[Meter]:
    """By the part of the month it exists, for each metric that it looks at."""
    queries = [each for each in alarm.inputs.get("metricQueries") or () if each.get("metric")]
    metrics = Decimal(max(1, len(queries)))
    yield Meter(price="cloudwatch.alarm_month", count=metrics, billing=Billing.PART_OF_MONTH)


def log_metric(filter_: Resource, context: BillingContext) -> Iterator[Meter]:
    """A filter costs nothing; the metric it writes is a custom one."""
    why = "a metric filter writes a custom metric"
    yield Meter(price="cloudwatch.metric_month", billing=Billing.PART_OF_MONTH, implied=why)


RULES: dict[str, Rule] = {
    "aws:cloudwatch/logGroup:LogGroup": log_group,
    "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": log_metric,
}
