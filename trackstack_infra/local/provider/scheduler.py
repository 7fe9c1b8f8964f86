"""EventBridge Scheduler: groups and the schedules in them. Locally nothing happens by the clock."""

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import TagResource, tags


def _make_group(client: Client, inputs: Inputs) -> Found:
    client.create_schedule_group(Name=inputs["name"], Tags=tags(inputs) or [])
    return _group(client, inputs["name"], inputs)


def _group(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_schedule_group(Name=ref)
    return found


def _delete_group(client: Client, ref: str, outputs: Outputs) -> None:
    client.get_schedule_group(Name=ref)  # the emulator fails over one that is gone; this says so
    client.delete_schedule_group(Name=ref)


GROUP = Recipe(
    "aws:scheduler/scheduleGroup:ScheduleGroup",
    service="scheduler",
    fixed="name",
    name_property="name",
    make=_make_group,
    look=_group,
    identify="Name",
    shown={"arn": "Arn", "state": "State"},
    remove=_delete_group,
    search=lambda client, inputs: _group(client, inputs["name"], inputs),
    tagging=TagResource("ResourceArn", "Tags", "TagKeys", "Key"),
)


def _where(ref: str) -> dict[str, str]:
    group, _, name = ref.partition("/")
    return {"GroupName": group, "Name": name}


def _ref(inputs: Inputs) -> str:
    return f"{inputs.get('groupName', 'default')}/{inputs['name']}"


def _make(client: Client, inputs: Inputs) -> Found:
    call(client, "CreateSchedule", inputs)
    return _look(client, _ref(inputs), inputs)


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    return {**client.get_schedule(**_where(ref)), "Id": ref}


SCHEDULE = Recipe(
    "aws:scheduler/schedule:Schedule",
    service="scheduler",
    fixed="name groupName",
    changes="scheduleExpression scheduleExpressionTimezone flexibleTimeWindow state target description",
    name_property="name",
    make=_make,
    look=_look,
    identify="Id",
    shown={"arn": "Arn"},
    change=lambda client, ref, old, new: call(client, "UpdateSchedule", new),
    remove=lambda client, ref, outputs: client.delete_schedule(**_where(ref)),
    search=lambda client, inputs: _look(client, _ref(inputs), inputs),
)

RECIPES = (GROUP, SCHEDULE)
