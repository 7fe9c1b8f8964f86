"""CloudWatch: alarms and dashboards. Locally nothing writes the metrics they watch and show."""

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import TagResource, tags


def _put(client: Client, inputs: Inputs) -> Found | None:
    about = {key: value for key, value in inputs.items() if key != "dimensions"}
    which = [{"Name": key, "Value": value} for key, value in sorted((inputs.get("dimensions") or {}).items())]
    call(client, "PutMetricAlarm", about, AlarmName=inputs["name"], Dimensions=which, Tags=tags(inputs))
    return _look(client, inputs["name"], inputs)


def _make(client: Client, inputs: Inputs) -> Found:
    return _put(client, inputs) or {}


def _look(client: Client, ref: str, inputs: Inputs) -> Found | None:
    found = client.describe_alarms(AlarmNames=[ref])["MetricAlarms"]
    return found[0] if found else None


ALARM = Recipe(
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    service="cloudwatch",
    fixed="name",
    changes=(
        "alarmDescription alarmActions okActions comparisonOperator dimensions evaluationPeriods metricName namespace "
        "period statistic threshold treatMissingData"
    ),
    name_property="name",
    make=_make,
    look=_look,
    identify="AlarmName",
    shown={"arn": "AlarmArn"},
    change=lambda client, ref, old, new: _put(client, new),
    remove=lambda client, ref, outputs: client.delete_alarms(AlarmNames=[ref]),
    search=lambda client, inputs: _look(client, inputs["name"], inputs),
    tagging=TagResource("ResourceARN", "Tags", "TagKeys", "Key"),
)


def _put_dashboard(client: Client, inputs: Inputs) -> Found:
    client.put_dashboard(DashboardName=inputs["dashboardName"], DashboardBody=inputs["dashboardBody"])
    return _dashboard(client, inputs["dashboardName"])


def _dashboard(client: Client, name: str) -> Found:
    found: Found = client.get_dashboard(DashboardName=name)
    return found


DASHBOARD = Recipe(
    "aws:cloudwatch/dashboard:Dashboard",
    service="cloudwatch",
    fixed="dashboardName",
    changes="dashboardBody",
    name_property="dashboardName",
    make=_put_dashboard,
    look=lambda client, ref, inputs: _dashboard(client, ref),
    identify="DashboardName",
    shown={"dashboardArn": "DashboardArn", "dashboardBody": "DashboardBody"},
    change=lambda client, ref, old, new: _put_dashboard(client, new),
    remove=lambda client, ref, outputs: client.delete_dashboards(DashboardNames=[ref]),
    search=lambda client, inputs: _dashboard(client, inputs["dashboardName"]),
)

RECIPES = (ALARM, DASHBOARD)
