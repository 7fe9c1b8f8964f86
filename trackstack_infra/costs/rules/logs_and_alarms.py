"""What CloudWatch keeps and watches."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.inputs import Inputs
from trackstack_infra.costs.rules.reasons import BEHAVIOUR, BY_USE, CHANGES, ELSEWHERE, KEY_CALLS, OTHER_PRICE
from trackstack_infra.costs.rules.rule import BillingContext, CannotPrice, Rule
from trackstack_infra.graph import Resource

_STANDARD_S: Final = 60
"""A shorter period makes it an alarm of high resolution: https://aws.amazon.com/cloudwatch/pricing/"""
_FREE_METRICS: Final = 50  # of a free dashboard: the same page
_ANALYSED: Final = ("SELECT", "SEARCH", "ANOMALY_DETECTION_BAND", "DB_PERF_INSIGHTS", "LAMBDA")


def log_group(group: Resource, context: BillingContext) -> Iterator[Meter]:
    """What is written to it, and what is kept of that."""
    share = context.share(group.type)
    if context.running:
        yield Meter(price="logs.ingest_gb", count=share, billing=Billing.BY_USE, usage="logs.gb")
    stored = Billing.PART_OF_MONTH
    yield Meter(price="logs.stored_gb_month", count=share, billing=stored, usage="logs.stored_gb")


def alarm(alarm: Resource, context: BillingContext) -> Iterator[Meter]:
    """By the part of the month it exists, for each metric that it looks at; thrice as dear where it looks often."""
    queries = alarm.inputs.get("metricQueries") or ()
    for expression in (str(each.get("expression") or "").upper() for each in queries):
        if any(word in expression for word in _ANALYSED):
            raise CannotPrice("an expression of its queries analyses more metrics than it names, and each is billed")
    looked_at = [each["metric"] for each in queries if each.get("metric")] or [alarm.inputs]
    often = any(0 < int(each.get("period") or 0) < _STANDARD_S for each in (*looked_at, *queries))
    yield Meter(
        price=f"cloudwatch.alarm_{'high_resolution_' if often else ''}month",
        count=Decimal(len(looked_at)),
        billing=Billing.PART_OF_MONTH,
        note=f"a period below {_STANDARD_S} s" if often else "",
    )


def log_metric(filter_: Resource, context: BillingContext) -> Iterator[Meter]:
    """A filter costs nothing; the metric it writes is a custom one."""
    why = "a metric filter writes a custom metric"
    yield Meter(price="cloudwatch.metric_month", billing=Billing.PART_OF_MONTH, implied=why)


def dashboard(dashboard: Resource, context: BillingContext) -> Iterator[Meter]:
    """By the part of the month it exists; an account's first three cost nothing if they are small."""
    widgets = json.loads(dashboard.inputs.get("dashboardBody") or "{}").get("widgets", ())
    metrics = sum(len((each.get("properties") or {}).get("metrics") or ()) for each in widgets)
    if metrics > _FREE_METRICS:
        raise CannotPrice(f"it shows {metrics} metrics, and those of more than {_FREE_METRICS} have no free tier")
    yield Meter(price="cloudwatch.dashboard_month", billing=Billing.PART_OF_MONTH)


_LOG_GROUP = Inputs(
    neutral={BY_USE: "retentionInDays", CHANGES: "deletionProtectionEnabled skipDestroy"},
    unpriced={OTHER_PRICE: "logGroupClass=STANDARD", KEY_CALLS: "kmsKeyId"},
)
_ALARM = Inputs(
    reads="period metricQueries metricQueries.expression metricQueries.metric metricQueries.metric.period"
    " metricQueries.period",
    neutral={
        BEHAVIOUR: "actionsEnabled alarmActions alarmDescription comparisonOperator datapointsToAlarm dimensions"
        " evaluateLowSampleCountPercentiles evaluationPeriods extendedStatistic insufficientDataActions metricName"
        " namespace okActions statistic threshold treatMissingData unit warmUpConfiguration metricQueries.id"
        " metricQueries.label metricQueries.returnData metricQueries.metric.dimensions metricQueries.metric.metricName"
        " metricQueries.metric.namespace metricQueries.metric.stat metricQueries.metric.unit",
    },
    unpriced={
        "bills the bounds of a band as metrics of their own": "thresholdMetricId",
        "evaluates a query, whose price depends on what it reads": "evaluationCriteria evaluationInterval"
        " evaluationWindow",
        ELSEWHERE: "metricQueries.accountId",
    },
)
_FILTER = Inputs(
    neutral={
        BEHAVIOUR: "applyOnTransformedLogs logGroupName pattern metricTransformation.defaultValue"
        " metricTransformation.name metricTransformation.namespace metricTransformation.unit"
        " metricTransformation.value",
    },
    unpriced={"makes a metric of each combination of values": "metricTransformation.dimensions"},
)

RULES: dict[str, Rule] = {
    "aws:cloudwatch/logGroup:LogGroup": Rule(log_group, _LOG_GROUP),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Rule(alarm, _ALARM),
    "aws:cloudwatch/dashboard:Dashboard": Rule(
        dashboard, Inputs(reads="dashboardBody", neutral={BEHAVIOUR: "dashboardName"})
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Rule(log_metric, _FILTER),
}
