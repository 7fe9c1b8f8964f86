"""EventBridge Scheduler."""

from typing import Final

from trackstack_infra.catalog.fidelity import MONITORING
from trackstack_infra.catalog.resource_type import Drawn, Family, Name, ResourceType

_ARN: Final = "arn:aws:scheduler:{region}:{account}:"

TYPES: Final = (
    ResourceType(
        "aws:scheduler/scheduleGroup:ScheduleGroup",
        name=Name("name", r"[\w.-]{1,64}"),
        fidelity=MONITORING,
        outputs={"id": "{name}", "arn": _ARN + "schedule-group/{name}"},
        free="holds schedules, which are billed by invocation",
    ),
    ResourceType(
        "aws:scheduler/schedule:Schedule",
        drawn=Drawn("schedule", Family.EVENTS, rank=90),
        name=Name("name", r"[\w.-]{1,64}"),
        tags=False,
        fidelity=MONITORING,
        outputs={"id": "{name}", "arn": _ARN + "schedule/{name}/{name}"},
        shown=("scheduleExpression", "scheduleExpressionTimezone"),
    ),
)
