"""CloudWatch Logs: log groups, and lines of them counted as a metric."""

from trackstack_infra.local.provider.clients import ACCOUNT, Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import TagResource, tags


def _make(client: Client, inputs: Inputs) -> Found:
    call(client, "CreateLogGroup", inputs, logGroupName=inputs["name"], tags=tags(inputs, "map"))
    if inputs.get("retentionInDays"):
        _keep_for(client, inputs["name"], inputs)
    # CreateLogGroup answers nothing; a group's ARN follows from its name.
    arn = f"arn:aws:logs:{client.meta.region_name}:{ACCOUNT}:log-group:{inputs['name']}"
    return {"logGroupName": inputs["name"], "bareArn": arn}


def _keep_for(client: Client, ref: str, inputs: Inputs) -> None:
    days = int(inputs.get("retentionInDays") or 0)
    if days:
        client.put_retention_policy(logGroupName=ref, retentionInDays=days)
    else:
        client.delete_retention_policy(logGroupName=ref)


def _look(client: Client, ref: str, inputs: Inputs) -> Found | None:
    for found in client.describe_log_groups(logGroupNamePrefix=ref)["logGroups"]:
        if found["logGroupName"] == ref:
            # As Terraform has it: without the ":*" that stands for the group's streams.
            return {**found, "bareArn": str(found["arn"]).removesuffix(":*")}
    return None


LOG_GROUP = Recipe(
    "aws:cloudwatch/logGroup:LogGroup",
    service="logs",
    fixed="name logGroupClass kmsKeyId",
    changes="retentionInDays skipDestroy",
    name_property="name",
    make=_make,
    look=_look,
    identify="logGroupName",
    shown={"arn": "bareArn"},
    change=lambda client, ref, old, new: _keep_for(client, ref, new),
    remove=lambda client, ref, outputs: client.delete_log_group(logGroupName=ref),
    search=lambda client, inputs: _look(client, inputs["name"], inputs),
    tagging=TagResource("resourceArn", "tags", "tagKeys", "map"),
)


def _count(client: Client, inputs: Inputs) -> Found:
    counted = inputs["metricTransformation"]
    names = {"name": "metricName", "namespace": "metricNamespace", "value": "metricValue", "unit": "unit"}
    client.put_metric_filter(
        logGroupName=inputs["logGroupName"],
        filterName=inputs["name"],
        filterPattern=inputs["pattern"],
        metricTransformations=[{aws: counted[ours] for ours, aws in names.items() if counted.get(ours)}],
    )
    return {"filterName": inputs["name"]}


def _filter(client: Client, ref: str, inputs: Inputs) -> Found | None:
    found = client.describe_metric_filters(logGroupName=inputs["logGroupName"], filterNamePrefix=ref)["metricFilters"]
    return next((each for each in found if each["filterName"] == ref), None)


def _change_filter(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    # The emulator would keep the old one beside the new one.
    client.delete_metric_filter(logGroupName=new["logGroupName"], filterName=ref)
    _count(client, new)


def _delete_filter(client: Client, ref: str, outputs: Outputs) -> None:
    client.delete_metric_filter(logGroupName=outputs["logGroupName"], filterName=ref)


METRIC_FILTER = Recipe(
    "aws:cloudwatch/logMetricFilter:LogMetricFilter",
    service="logs",
    fixed="name logGroupName",
    changes="pattern metricTransformation",
    name_property="name",
    make=_count,
    look=_filter,
    identify="filterName",
    shown={},
    change=_change_filter,
    remove=_delete_filter,
    search=lambda client, inputs: _filter(client, inputs["name"], inputs),
)

RECIPES = (LOG_GROUP, METRIC_FILTER)
