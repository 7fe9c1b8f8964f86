"""Hours of real months, of the average one and of those somebody names."""

from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackstack_infra.costs.hours import (
    Basis,
    Calendar,
    Span,
    Stretch,
    assumed_hours,
    average_month,
    calendar_month,
    window_hours,
)
from trackstack_infra.settings.groups import ScheduleSettings, Weekday

WEEKENDS = ScheduleSettings()


# Saturdays and Sundays of each month × 14 h, counted in a calendar: 5 + 4, 4 + 4, 4 + 5, 4 + 4, 5 + 5 …
@pytest.mark.parametrize(
    ("month", "days"),
    [(1, 9), (2, 8), (3, 9), (4, 8), (5, 10), (6, 8), (7, 8), (8, 10), (9, 8), (10, 9), (11, 9), (12, 8)],
)
def test_weekend_hours_of_2026(month: int, days: int) -> None:
    """112 to 140 h: days are counted, not weekends, and the months of clock changes are ordinary."""
    calendar = calendar_month(2026, month, WEEKENDS)
    assert calendar.running == Span((Stretch(Decimal(days), Decimal(14)),))
    assert calendar.running.hours == 14 * days


def test_2027_has_three_months_of_140_hours() -> None:
    """January, May and October have five Saturdays and five Sundays."""
    hours = {month: calendar_month(2027, month, WEEKENDS).running.hours for month in range(1, 13)}
    assert {month for month, each in hours.items() if each == 140} == {1, 5, 10}


@pytest.mark.parametrize(("month", "hours"), [(2, 672), (11, 720), (12, 744)])
def test_what_stays_exists_all_month(month: int, hours: int) -> None:
    """In UTC, which has no clock changes: 28, 30 and 31 days of 24 h."""
    assert calendar_month(2026, month, None).month.hours == hours
    assert calendar_month(2026, month, None).running.hours == hours


def test_a_zone_in_the_west_gives_its_last_evening_to_the_next_month() -> None:
    """October 2026 in Los Angeles: 8 whole days and 9 h of the 31st; the other 5 h are November's."""
    west = ScheduleSettings(timezone="America/Los_Angeles")
    assert calendar_month(2026, 10, west).running == Span(
        (Stretch(Decimal(1), Decimal(9)), Stretch(Decimal(8), Decimal(14)))
    )
    # November: 5 h of October's last day, and 9 days of which all end by the 30th, 06:00 UTC
    assert calendar_month(2026, 11, west).running == Span(
        (Stretch(Decimal(1), Decimal(5), before=Decimal(9)), Stretch(Decimal(9), Decimal(14)))
    )


def test_early_and_late_minutes_lengthen_each_window() -> None:
    """20 minutes a day in all; AWS bills 15 begun hours for them where it bills by the begun hour."""
    running = calendar_month(2026, 11, WEEKENDS, warmup_min=10, cooldown_min=10).running
    assert running.hours_started == 9 * 15
    assert round(running.hours, 20) == 129  # 9 × 14 h 20 min


def test_the_average_month() -> None:
    """365.25 days over twelve: 8.696 weekend days, which are 121.75 h."""
    calendar = average_month(WEEKENDS)
    assert calendar.basis is Basis.AVERAGE
    assert calendar.month.hours == Decimal("730.5")
    assert round(calendar.running.hours, 6) == Decimal("121.75")
    assert average_month(None).running.hours == Decimal("730.5")


def test_hours_somebody_names() -> None:
    """112 of 730 are eight windows; from 730 on nothing stops, and the month is as long as it is said to be."""
    assert assumed_hours(Decimal(112), WEEKENDS).running == Span((Stretch(Decimal(8), Decimal(14)),))
    assert assumed_hours(Decimal(112), WEEKENDS).month.hours == 730
    assert assumed_hours(Decimal(112), None).running.hours == 730
    for schedule in (WEEKENDS, None):
        assert assumed_hours(Decimal(744), schedule) == Calendar(
            "744 h",
            Basis.ASSUMED,
            Span((Stretch(Decimal(1), Decimal(744)),)),
            Span((Stretch(Decimal(1), Decimal(744)),)),
        )


def test_the_length_of_a_window_is_exact() -> None:
    """08:20 to 22:20 are 14 h, not one part in 10^27 more, which a begun hour would be billed for."""
    odd = ScheduleSettings(days=(Weekday.SAT,), start=time(8, 20), stop=time(22, 20))
    assert window_hours(odd) == 14
    assert assumed_hours(Decimal(28), odd).running.hours_started == 28


def test_each_start_begins_hours_anew() -> None:
    """Nine times 14 h and a bit are nine times 15 begun hours, not 129 rounded up."""
    span = Span((Stretch(Decimal(9), Decimal("14.1")),))
    assert (span.hours, span.hours_started) == (Decimal("126.9"), 135)


def test_a_minute_at_the_least() -> None:
    """A task of ten seconds is billed for sixty."""
    span = Span((Stretch(Decimal(6), Decimal(10) / 3600), Stretch(Decimal(1), Decimal(2))))
    assert round(span.hours_by_second, 20) == Decimal("2.1")


def test_stopped_all_month() -> None:
    """No window, no hours."""
    assert Span(()).hours == Span(()).hours_started == Span(()).hours_by_second == 0


def test_going_up_early_is_not_going_down_late() -> None:
    """An hour early, where October's last window has its end in November: 10 h of it are October's."""
    west = ScheduleSettings(timezone="America/Los_Angeles")
    assert calendar_month(2026, 10, west, warmup_min=60).running == Span(
        (Stretch(Decimal(1), Decimal(10)), Stretch(Decimal(8), Decimal(15)))
    )


def test_an_average_month_of_one_day_a_week() -> None:
    """Half of two days."""
    saturdays = ScheduleSettings(days=(Weekday.SAT,))
    assert round(average_month(saturdays).running.hours, 6) == Decimal("60.875")


def test_windows_that_overlap_count_once() -> None:
    """Six hours early and six late turn 14 h of both weekend days into one stretch of 50 h a weekend.

    November 2026: the 1st is a Sunday, whose stretch begins in October and has 28 h of November (to 22:00 + 6 h in
    Berlin, 03:00 UTC on the 2nd, which are 27 h), then four whole weekends.
    """
    running = calendar_month(2026, 11, WEEKENDS, warmup_min=360, cooldown_min=360).running
    assert [(each.times, each.hours) for each in running.stretches] == [(1, 27), (4, 50)]


def test_windows_that_touch_are_one() -> None:
    """Five hours early and five late: Saturday's ends at 03:00 on Sunday, when Sunday's begins: 48 h."""
    running = calendar_month(2026, 12, WEEKENDS, warmup_min=300, cooldown_min=300).running
    assert running == Span((Stretch(Decimal(4), Decimal(48)),))


@pytest.mark.parametrize(
    ("days", "minutes", "hours"),
    [
        # 365.25 / 12 / 7 weeks = 4.348214…; 50 h a weekend
        (("sat", "sun"), 360, Decimal("217.41")),
        # Sunday and Monday touch over the end of the week
        (("mon", "sun"), 360, Decimal("217.41")),
        (("mon", "wed"), 360, Decimal("226.11")),  # two stretches of 26 h
        (tuple(Weekday), 300, Decimal("730.5")),
        (tuple(Weekday), 600, Decimal("730.5")),
        (("sat",), 6000, Decimal("730.5")),  # 214 h, longer than a week
    ],
)
def test_an_average_month_has_no_hour_twice(days: tuple[str, ...], minutes: int, hours: Decimal) -> None:
    """However long stacks take to come up and go down, 730.5 h are the most."""
    schedule = ScheduleSettings.model_validate({"days": days})
    calendar = average_month(schedule, warmup_min=minutes, cooldown_min=minutes)
    assert round(calendar.running.hours, 2) == hours
    assert (calendar.running == calendar.month) is (hours == Decimal("730.5"))


@given(
    days=st.sets(st.sampled_from(Weekday), min_size=1),
    start=st.integers(0, 22),
    length=st.integers(1, 23),
    early=st.integers(0, 3000),
    late=st.integers(0, 3000),
    month=st.integers(1, 12),
)
def test_no_month_runs_longer_than_it_is(
    days: set[Weekday], start: int, length: int, early: int, late: int, month: int
) -> None:
    """For any schedule: no more hours than the month has, and no fewer than without minutes to come up and go down."""
    schedule = ScheduleSettings(days=tuple(days), start=time(start), stop=time(min(start + length, 23)))
    for longer, plain in (
        (
            calendar_month(2026, month, schedule, warmup_min=early, cooldown_min=late),
            calendar_month(2026, month, schedule),
        ),
        (average_month(schedule, warmup_min=early, cooldown_min=late), average_month(schedule)),
    ):
        assert plain.running.hours <= longer.running.hours <= longer.month.hours
