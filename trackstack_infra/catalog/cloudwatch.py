"""CloudWatch and EventBridge: logs, alarms, rules of events."""

from typing import Final

from trackstack_infra.catalog.fidelity import MONITORING, STORAGE
from trackstack_infra.catalog.resource_type import Drawn, Family, Name, ResourceType, Terraform

_AWS_EVENTS: Final = "events of AWS's own services cost nothing"

TYPES: Final = (
    ResourceType(
        "aws:cloudwatch/logGroup:LogGroup",
        name=Name("name", r"[\w./#-]{1,512}"),
        fidelity=STORAGE,
        outputs={"id": "{name}", "arn": "arn:aws:logs:{region}:{account}:log-group:{name}"},
        shown=("name", "retentionInDays"),
    ),
    ResourceType(
        "aws:cloudwatch/eventRule:EventRule",
        drawn=Drawn("event rule", Family.EVENTS, rank=100),
        name=Name("name", r"[\w.-]{1,64}"),
        fidelity=MONITORING,
        outputs={"id": "{name}", "arn": "arn:aws:events:{region}:{account}:rule/{name}"},
        free=_AWS_EVENTS,
        costs_with={"listens to a bus of one's own, whose events are billed": "eventBusName=default"},
        shown=("name",),
    ),
    ResourceType(
        "aws:cloudwatch/eventTarget:EventTarget",
        name=Name("targetId", r"[\w.-]{1,64}"),
        tags=False,
        fidelity=MONITORING,
        outputs={"id": "{hex}"},
        free=_AWS_EVENTS,
        costs_with={
            "starts something that is billed": "batchTarget ecsTarget sagemakerPipelineTarget",
            "calls an API, and each call is billed": "httpTarget",
        },
    ),
    ResourceType(
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        name=Name("name", r"[^:*]{1,512}"),
        tags=False,
        fidelity=MONITORING,
    ),
    ResourceType(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        drawn=Drawn("alarm", Family.WATCH, rank=230),
        name=Name("name", r"[ -~]{1,255}"),
        fidelity=MONITORING,
        outputs={"id": "{name}", "arn": "arn:aws:cloudwatch:{region}:{account}:alarm:{name}"},
        terraform=Terraform(properties={"name": "alarm_name"}),
        shown=("metricName", "comparisonOperator", "threshold", "evaluationPeriods"),
    ),
    ResourceType(
        "aws:cloudwatch/dashboard:Dashboard",
        drawn=Drawn("dashboard", Family.WATCH, rank=235),
        name=Name("dashboardName", r"[\w-]{1,255}"),
        tags=False,
        fidelity=MONITORING,
        outputs={"id": "{name}", "dashboardArn": "arn:aws:cloudwatch::{account}:dashboard/{name}"},
        shown=("dashboardName",),
    ),
)
