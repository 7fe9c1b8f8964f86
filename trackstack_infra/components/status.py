"""What the page knows of its stack: whether it is on, and when it is meant to be."""

import json

from trackstack_infra.settings.groups import ScheduleSettings
from trackstack_infra.settings.models import Power


def status_document(stack: str, power: Power, schedule: ScheduleSettings | None) -> str:
    """`status.json`. No schedule: always on.

    It says when windows are, never which is next: that depends on the clock, and would change the stack with every
    run. The page works it out.
    """
    hours = None if schedule is None else _hours(schedule)
    return json.dumps({"stack": stack, "power": power.value, "schedule": hours or "always"})


def _hours(schedule: ScheduleSettings) -> dict[str, object]:
    return {
        "days": [day.value for day in schedule.days],
        "start": f"{schedule.start:%H:%M}",
        "stop": f"{schedule.stop:%H:%M}",
        "timezone": schedule.timezone,
    }
