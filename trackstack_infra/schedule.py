"""When a scheduled stack runs: windows of real time, worked out from its schedule and the calendar. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

from trackstack_infra.settings.groups import ScheduleSettings, Weekday
from trackstack_infra.zones import zone_of

_DAYS = tuple(Weekday)


@dataclass(frozen=True)
class Window:
    """One window of running, in UTC."""

    start: datetime
    stop: datetime


def window_of(schedule: ScheduleSettings, day: date) -> Window | None:
    """The window that begins on a day of the schedule's own zone, if it names that day.

    None too where the clocks jump over it in spring.
    """
    if _DAYS[day.weekday()] not in schedule.days:
        return None
    zone = zone_of(schedule.timezone)
    start, stop = (
        datetime.combine(day, clock, tzinfo=zone).astimezone(UTC) for clock in (schedule.start, schedule.stop)
    )
    return Window(start, stop) if start < stop else None


def next_window(schedule: ScheduleSettings, now: datetime) -> Window:
    """The first window that has not ended at `now`, an aware time."""
    today = now.astimezone(zone_of(schedule.timezone)).date()
    for days in count():
        window = window_of(schedule, today + timedelta(days=days))
        if window is not None and window.stop > now:
            return window
    raise AssertionError("a schedule names at least one day of the week")


def windows_in(
    schedule: ScheduleSettings,
    start: datetime,
    stop: datetime,
    *,
    early: timedelta = timedelta(),
    late: timedelta = timedelta(),
) -> tuple[Window, ...]:
    """Every window between two times, cut off where it reaches over them.

    `early` and `late` lengthen each before it is cut: what comes up takes its time, and so does what goes down. Windows
    that then overlap or touch are one, because a stack that is up is not brought up again.
    """
    first, last = (start - timedelta(days=2)).date(), (stop + timedelta(days=2)).date()
    days = (first + timedelta(days=each) for each in range((last - first).days + 1))
    windows = (window for window in (window_of(schedule, day) for day in days) if window is not None)
    apart = _joined(Window(each.start - early, each.stop + late) for each in windows)
    cut = (Window(max(each.start, start), min(each.stop, stop)) for each in apart)
    return tuple(each for each in cut if each.start < each.stop)


def _joined(windows: Iterable[Window]) -> Iterator[Window]:
    """Windows in order of their start, each hour in one of them only."""
    open_: Window | None = None
    for each in windows:
        if open_ is None or each.start > open_.stop:
            if open_ is not None:
                yield open_
            open_ = each
        else:
            open_ = Window(open_.start, max(open_.stop, each.stop))
    if open_ is not None:
        yield open_


def month_in_utc(year: int, month: int) -> Window:
    """A calendar month as AWS bills it."""
    start = datetime(year, month, 1, tzinfo=UTC)
    return Window(start, start + timedelta(days=monthrange(year, month)[1]))
