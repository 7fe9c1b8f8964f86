"""When a scheduled stack runs."""

from datetime import UTC, date, datetime, time, timedelta

from trackstack_infra.schedule import Window, month_in_utc, next_window, window_of, windows_in
from trackstack_infra.settings.groups import ScheduleSettings, Weekday

BERLIN = ScheduleSettings()  # Saturdays and Sundays, 08:00 to 22:00, Europe/Berlin
ANGELES = ScheduleSettings(timezone="America/Los_Angeles")


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_a_window_is_the_zones_day_in_utc() -> None:
    """Berlin is two hours ahead in summer, one in winter."""
    assert window_of(BERLIN, date(2026, 7, 4)) == Window(at(2026, 7, 4, 6), at(2026, 7, 4, 20))
    assert window_of(BERLIN, date(2026, 1, 3)) == Window(at(2026, 1, 3, 7), at(2026, 1, 3, 21))


def test_other_days_have_no_window() -> None:
    """2026-07-06 is a Monday."""
    assert window_of(BERLIN, date(2026, 7, 6)) is None


def test_a_clock_change_at_night_leaves_the_window_whole() -> None:
    """2026-03-29 and 2026-10-25 are the Sundays of the change: 14 h each, as on any day."""
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        window = window_of(BERLIN, day)
        assert window is not None
        assert window.stop - window.start == timedelta(hours=14)


def test_a_clock_change_within_the_window_makes_it_an_hour_shorter_or_longer() -> None:
    """From 01:00 to 05:00 are 3 h in spring, when the clocks jump from 2 to 3, and 5 h in autumn."""
    nights = ScheduleSettings(days=(Weekday.SUN,), start=time(1), stop=time(5))
    spring, autumn = window_of(nights, date(2026, 3, 29)), window_of(nights, date(2026, 10, 25))
    assert spring == Window(at(2026, 3, 29, 0), at(2026, 3, 29, 3))
    assert autumn == Window(at(2026, 10, 24, 23), at(2026, 10, 25, 4))


def test_a_window_that_the_clocks_jump_over_does_not_exist() -> None:
    """02:30 to 03:00 is no time on 2026-03-29 in Berlin."""
    short = ScheduleSettings(days=(Weekday.SUN,), start=time(2, 30), stop=time(3))
    assert window_of(short, date(2026, 3, 29)) is None
    assert next_window(short, at(2026, 3, 29)) == Window(at(2026, 4, 5, 0, 30), at(2026, 4, 5, 1))


def test_the_next_window_is_the_running_one_until_it_ends() -> None:
    """On Saturday afternoon it is that day's; at the second it ends it is Sunday's; on Sunday night next Saturday's."""
    saturday, sunday = at(2026, 11, 28), at(2026, 11, 29)
    assert next_window(BERLIN, saturday + timedelta(hours=15)).start == at(2026, 11, 28, 7)
    assert next_window(BERLIN, saturday + timedelta(hours=21)).start == at(2026, 11, 29, 7)
    assert next_window(BERLIN, sunday + timedelta(hours=22)).start == at(2026, 12, 5, 7)


def test_a_month_begins_and_ends_in_utc() -> None:
    """As AWS bills it, wherever the schedule's zone lies."""
    assert month_in_utc(2026, 2) == Window(at(2026, 2, 1), at(2026, 3, 1))
    assert month_in_utc(2026, 12) == Window(at(2026, 12, 1), at(2027, 1, 1))


def test_a_window_over_the_end_of_a_month_is_cut_there() -> None:
    """Saturday 2026-10-31, 08:00 to 22:00 in Los Angeles, is 15:00 to 05:00 UTC: 9 h in October, 5 h in November."""
    october, november = month_in_utc(2026, 10), month_in_utc(2026, 11)
    assert windows_in(ANGELES, october.start, october.stop)[-1] == Window(at(2026, 10, 31, 15), at(2026, 11, 1))
    assert windows_in(ANGELES, november.start, november.stop)[0] == Window(at(2026, 11, 1), at(2026, 11, 1, 5))


def test_going_up_early_and_down_late_counts_in_the_month_it_falls_into() -> None:
    """Ten minutes at each end; only the end that lies in October is October's."""
    october = month_in_utc(2026, 10)
    minutes = timedelta(minutes=10)
    last = windows_in(ANGELES, october.start, october.stop, early=minutes, late=minutes)[-1]
    assert last == Window(at(2026, 10, 31, 14, 50), at(2026, 11, 1))
