"""What CloudWatch costs."""

import json
from decimal import Decimal
from typing import Any

LOG, ALARM, FILTER = (
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter",
)
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
KEPT = {"layer": "persistent"}


def test_logs_bill_what_comes_in_and_what_is_kept(resource: Any, bill: Any) -> None:
    """Stated for the whole stack, whatever the number of groups."""
    # 3 GB × $0.50; 1.5 GB × $0.03
    two = [resource(LOG, name, tags=KEPT) for name in ("a", "b")]
    assert bill(*two, logs__gb=3, logs__stored_gb="1.5") == {
        "logs.ingest_gb": Decimal("1.5"),
        "logs.stored_gb_month": Decimal("0.045"),
    }


def test_an_alarm_bills_its_part_of_the_month_for_each_metric(resource: Any, bill: Any) -> None:
    """One of a weekend stack costs a tenth when it exists a tenth of the month."""
    # 73/730 × $0.10; twice that for two metrics
    assert bill(resource(ALARM), hours=73) == {"cloudwatch.alarm_month": Decimal("0.01")}
    two = resource(
        ALARM,
        metricQueries=[
            {"id": "a", "metric": {"metricName": "x"}},
            {"id": "b", "metric": {"metricName": "y"}},
            {"id": "c"},
        ],
    )
    assert bill(two, hours=73) == {"cloudwatch.alarm_month": Decimal("0.02")}


def test_a_fourth_dashboard_costs(resource: Any, price: Any) -> None:
    """Three are free, of up to 50 metrics each; larger ones are unpriced."""
    four = [resource(DASHBOARD, str(number), tags=KEPT, dashboardBody='{"widgets": []}') for number in range(4)]
    # (4 - 3) × $3.00
    assert price(*four, free_tier=True).exact == 3
    assert price(*four[:3], free_tier=True).exact == 0
    large = json.dumps({"widgets": [{"properties": {"metrics": [["AWS/SQS", "x"]] * 17}}] * 3})
    assert [each.why for each in price(resource(DASHBOARD, dashboardBody=large)).unpriced] == [
        "it shows 51 metrics, and those of more than 50 have no free tier"
    ]


def test_a_filter_makes_a_custom_metric(resource: Any, bill: Any) -> None:
    """The filter is free, its metric is not."""
    assert bill(resource(FILTER, tags=KEPT)) == {"cloudwatch.metric_month": Decimal("0.3")}
