"""How long things exist in a month: the hours a bill is made of, one stretch for each time they are created."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Final

from trackstack_infra.schedule import month_in_utc, windows_in
from trackstack_infra.settings.groups import ScheduleSettings, Weekday

HOURS_OF_A_MONTH: Final = Decimal(730)  # what price calculators take
AVERAGE_MONTH: Final = Decimal("365.25") / 12 * 24
_DAYS_OF_A_MONTH: Final = Decimal("365.25") / 12
_MINUTE: Final = Decimal(1) / 60
_WEEK: Final = timedelta(days=7)


class Basis(StrEnum):
    """Where a month's hours come from."""

    CALENDAR = "calendar"
    """The windows of one real month."""
    AVERAGE = "average"
    """A twelfth of 365.25 days."""
    ASSUMED = "assumed"
    """Hours that somebody named."""


@dataclass(frozen=True)
class Stretch:
    """So many times of so many hours each; the number of times may be broken in an average month."""

    times: Decimal
    hours: Decimal
    before: Decimal = Decimal(0)
    """How long each had existed already when the month began."""


@dataclass(frozen=True)
class Span:
    """How long something exists in a month."""

    stretches: tuple[Stretch, ...]

    @property
    def hours(self) -> Decimal:
        """All its hours."""
        return sum((each.times * each.hours for each in self.stretches), Decimal(0))

    @property
    def hours_started(self) -> Decimal:
        """Its hours where each one that was begun counts as whole, each time anew (NAT gateways, load balancers)."""
        return sum(
            (each.times * each.hours.to_integral_value(rounding=ROUND_CEILING) for each in self.stretches), Decimal(0)
        )

    @property
    def hours_by_second(self) -> Decimal:
        """Its hours by the second, but a minute at least each time (Fargate, public IPv4 addresses)."""
        return sum((each.times * max(each.hours, _MINUTE) for each in self.stretches), Decimal(0))

    def times_due(self, hours: Decimal) -> Decimal:
        """How often a month's fee falls due that is due after so many hours (DNS zones).

        In the month in which it becomes so old, and in each later one of which it exists for so long.
        """
        due = (
            each for each in self.stretches if each.hours >= hours or each.before < hours <= each.before + each.hours
        )
        return sum((each.times for each in due), Decimal(0))


@dataclass(frozen=True)
class Calendar:
    """The month a stack is priced for: how long what stays exists, and how long what comes and goes."""

    label: str
    basis: Basis
    month: Span
    """What is persistent: the whole month."""
    running: Span
    """What is of the runtime layer: the month's windows, or the whole month where a stack has no schedule."""

    @property
    def always(self) -> "Calendar":
        """The same month without a schedule."""
        return Calendar(self.label, self.basis, self.month, self.month)


def calendar_month(
    year: int, month: int, schedule: ScheduleSettings | None, *, warmup_min: int = 0, cooldown_min: int = 0
) -> Calendar:
    """A real month, from its first to its last second in UTC. `warmup_min` and `cooldown_min` lengthen each window."""
    whole = month_in_utc(year, month)
    full = _span([whole.stop - whole.start], [timedelta()])
    if schedule is None:
        return Calendar(f"{year}-{month:02}", Basis.CALENDAR, full, full)
    early, late = timedelta(minutes=warmup_min), timedelta(minutes=cooldown_min)
    # From a week before, so that a window that reaches into the month is not cut off at its begin.
    windows = windows_in(schedule, whole.start - _WEEK, whole.stop, early=early, late=late)
    running = [each for each in windows if each.stop > whole.start]
    before = [max(whole.start - each.start, timedelta()) for each in running]
    lengths = [each.stop - each.start - past for each, past in zip(running, before, strict=True)]
    return Calendar(f"{year}-{month:02}", Basis.CALENDAR, full, _span(lengths, before))


def average_month(schedule: ScheduleSettings | None, *, warmup_min: int = 0, cooldown_min: int = 0) -> Calendar:
    """A twelfth of 365.25 days, with as many windows as fall into it on average, whole or not; 730.5 h at the most."""
    full = Span((Stretch(Decimal(1), AVERAGE_MONTH),))
    if schedule is None:
        return Calendar("average", Basis.AVERAGE, full, full)
    of_a_week = _lengths_of_a_week(schedule, timedelta(minutes=warmup_min), timedelta(minutes=cooldown_min))
    if of_a_week == [_WEEK]:
        return Calendar("average", Basis.AVERAGE, full, full)
    running = (
        Stretch(_DAYS_OF_A_MONTH * times / 7, _hours(length)) for length, times in sorted(Counter(of_a_week).items())
    )
    return Calendar("average", Basis.AVERAGE, full, Span(tuple(running)))


def assumed_hours(hours: Decimal, schedule: ScheduleSettings | None) -> Calendar:
    """A month of 730 h in which a scheduled stack runs so many of them, in windows of its schedule's length.

    730 or more is the whole month, of as many hours: nothing ever stops.
    """
    full = Span((Stretch(Decimal(1), max(hours, HOURS_OF_A_MONTH)),))
    if schedule is None or hours >= HOURS_OF_A_MONTH:
        return Calendar(f"{full.hours} h", Basis.ASSUMED, full, full)
    length = window_hours(schedule)
    return Calendar(f"{hours} h", Basis.ASSUMED, full, Span((Stretch(hours / length, length),)))


def window_hours(schedule: ScheduleSettings) -> Decimal:
    """How long one window is by the clock."""
    return _hours(_window(schedule))


def _lengths_of_a_week(schedule: ScheduleSettings, early: timedelta, late: timedelta) -> list[timedelta]:
    """How long a stack is up each time, in a week without clock changes; a week for one that never stops."""
    midnights = [timedelta(days=list(Weekday).index(day)) for day in schedule.days]
    start, stop = (timedelta(hours=each.hour, minutes=each.minute) for each in (schedule.start, schedule.stop))
    apart: list[tuple[timedelta, timedelta]] = []
    for begin, end in ((each + start - early, each + stop + late) for each in midnights):
        if apart and begin <= apart[-1][1]:
            begin, end = apart[-1][0], max(apart.pop()[1], end)
        apart.append((begin, end))
    while len(apart) > 1 and apart[-1][1] >= apart[0][0] + _WEEK:  # Sunday's reaches into the next Monday's
        (_, end), (begin, last) = apart.pop(0), apart.pop()
        apart.append((begin, max(last, end + _WEEK)))
    return [min(end - begin, _WEEK) for begin, end in apart]


def _window(schedule: ScheduleSettings) -> timedelta:
    start, stop = (datetime.combine(date.min, clock) for clock in (schedule.start, schedule.stop))
    return stop - start


def _span(lengths: Iterable[timedelta], before: Iterable[timedelta]) -> Span:
    """Equal lengths together, shortest first: a month of weekends is one stretch."""
    counted = sorted(Counter(zip(lengths, before, strict=True)).items())
    return Span(tuple(Stretch(Decimal(times), _hours(length), _hours(past)) for (length, past), times in counted))


def _hours(length: timedelta) -> Decimal:
    return Decimal(int(length.total_seconds())) / 3600
