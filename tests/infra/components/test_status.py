"""What the page is told of its stack, and what it makes of it: the page's own JavaScript, run here."""

import json
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import quickjs

from trackstack_infra.components.status import status_document
from trackstack_infra.settings.groups import ScheduleSettings, Weekday
from trackstack_infra.settings.models import Power

SCRIPT = Path(__file__).parents[3] / "apps" / "web" / "status.js"
WEEKEND = ScheduleSettings(days=(Weekday.SAT, Weekday.SUN), start=time(8), stop=time(22), timezone="Europe/Berlin")
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6


def said(document: str, day: int, clock: str) -> str:
    context = quickjs.Context()
    context.eval(SCRIPT.read_text())
    now = json.dumps({"day": day, "time": clock})
    sentence: Any = context.eval(f"sentence({document}, {now})")
    return str(sentence)


def test_the_document_holds_hours_and_no_moment() -> None:
    """The same settings give the same text whatever the time is: the clock must not change a stack."""
    assert json.loads(status_document("enterprise", Power.OFF, WEEKEND)) == {
        "stack": "enterprise",
        "power": "off",
        "schedule": {"days": ["sat", "sun"], "start": "08:00", "stop": "22:00", "timezone": "Europe/Berlin"},
    }
    assert json.loads(status_document("pragmatic", Power.ON, None))["schedule"] == "always"


@pytest.mark.parametrize(
    ("day", "clock", "when"),
    [
        (MONDAY, "12:00", "Saturday 08:00"),
        (FRIDAY, "23:59", "tomorrow 08:00"),
        (SATURDAY, "07:59", "today 08:00"),
        (SATURDAY, "22:00", "tomorrow 08:00"),
        (SUNDAY, "22:00", "Saturday 08:00"),
    ],
)
def test_the_page_says_when_enterprise_starts(day: int, clock: str, when: str) -> None:
    """The next start, by the clock of the schedule's zone: today, tomorrow, or on a weekday."""
    document = status_document("enterprise", Power.OFF, WEEKEND)
    assert said(document, day, clock) == f"enterprise is stopped; it starts {when} (Europe/Berlin)."


def test_a_weekly_hour_that_has_passed_comes_again_in_a_week() -> None:
    """With one day a week, its evening looks a whole week ahead."""
    once = ScheduleSettings(days=(Weekday.SUN,), start=time(8), stop=time(22), timezone="UTC")
    assert said(status_document("enterprise", Power.OFF, once), SUNDAY, "22:30") == (
        "enterprise is stopped; it starts Sunday 08:00 (UTC)."
    )


def test_the_page_says_how_long_enterprise_runs() -> None:
    """Within its hours until when; and that it runs outside them, where somebody started it by hand."""
    running, stopped = (status_document("enterprise", power, WEEKEND) for power in (Power.ON, Power.OFF))
    assert said(running, SATURDAY, "08:00") == "enterprise is running until 22:00 (Europe/Berlin)."
    assert said(running, MONDAY, "08:00") == "enterprise is running outside its hours."
    assert said(stopped, SATURDAY, "21:59").startswith(
        "enterprise is stopped although these are its hours; it starts tom"
    )


def test_pragmatic_has_no_hours() -> None:
    """It is always on, or switched off."""
    assert said(status_document("pragmatic", Power.ON, None), MONDAY, "00:00") == "pragmatic is always on."
    assert said(status_document("pragmatic", Power.OFF, None), MONDAY, "00:00") == "pragmatic is switched off."
