"""What a report prices: which stacks, recorded as they are when running, over which month, at which prices and use."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, Self

from trackstack_infra.costs.estimate import estimate
from trackstack_infra.costs.hours import Calendar, assumed_hours, average_month, calendar_month
from trackstack_infra.costs.line import Estimate
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import Level, Usage, merged, read_usage
from trackstack_infra.errors import UsageError
from trackstack_infra.graph import Graph
from trackstack_infra.settings.groups import ScheduleSettings
from trackstack_infra.settings.load import SettingsFiles

WARM_UP: Final = "schedule.warmup_min"
COOL_DOWN: Final = "schedule.cooldown_min"
_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Period:
    """Which hours a month has: those of a real month, those somebody names, or an average month's (neither)."""

    month: tuple[int, int] | None = None
    hours: Decimal | None = None

    @classmethod
    def asked(cls, today: date, *, month: str | None, average: bool, hours: Decimal | None) -> Self:
        """From the options, of which at most one is given; without any it is the month of `today`."""
        given = [
            name
            for name, value in (("--month", month), ("--average", average), ("--hours", hours is not None))
            if value
        ]
        if len(given) > 1:
            raise UsageError(f"{' and '.join(given)} both set the length of the month", hint="use one of them")
        if hours is not None:
            if not 0 <= hours <= 744:
                raise UsageError(
                    f"--hours is {hours}, but a month has 0 to 744 hours", hint="use 0 to 744, such as --hours 112"
                )
            return cls(hours=hours)
        if average:
            return cls()
        if month is None:
            return cls(month=(today.year, today.month))
        found = _MONTH.fullmatch(month)
        if found is None:
            raise UsageError(f"{month!r} is not a month", hint="write year and month, such as --month 2026-05")
        return cls(month=(int(found[1]), int(found[2])))

    def calendar(self, stack: str, schedule: ScheduleSettings | None, usage: Usage) -> Calendar:
        """The month of one stack; a stack without a schedule is always on."""
        if self.hours is not None:
            return assumed_hours(self.hours, schedule)
        longer = {"warmup_min": _minutes(WARM_UP, stack, usage), "cooldown_min": _minutes(COOL_DOWN, stack, usage)}
        if self.month is not None:
            return calendar_month(*self.month, schedule, **longer)
        return average_month(schedule, **longer)


@dataclass(frozen=True)
class PricedStack:
    """A stack as it is when running, and when that is."""

    graph: Graph
    region: str
    schedule: ScheduleSettings | None = None

    @property
    def stack(self) -> str:
        """Its name."""
        return self.graph.stack


@dataclass(frozen=True, kw_only=True)
class Scope:
    """All that an estimate is made from."""

    stacks: tuple[PricedStack, ...]
    period: Period
    prices: Snapshot
    usage: Usage
    free_tier: bool = True

    @property
    def region(self) -> str:
        """Where all the stacks are: free tiers are pooled over them, and a report has one price for one thing."""
        regions = sorted({each.region for each in self.stacks})
        if len(regions) > 1:
            raise UsageError(
                f"the stacks are in different regions: {' and '.join(regions)}", hint="choose one with --region"
            )
        return regions[0]

    def calendars(self, usage: Usage | None = None) -> dict[str, Calendar]:
        """The month of each stack."""
        return {
            each.stack: self.period.calendar(each.stack, each.schedule, usage or self.usage) for each in self.stacks
        }

    def estimate(self, usage: Usage | None = None) -> Estimate:
        """The price of all stacks together, at the stated use or at another.

        Raises UsageError for a region of which no price is known.
        """
        used = usage or self.usage
        self.prices.require(self.region)
        return estimate(
            [each.graph for each in self.stacks],
            self.prices,
            used,
            self.calendars(used),
            region=self.region,
            free_tier=self.free_tier,
        )


def record_running(stack: str, files: SettingsFiles, overrides: Mapping[str, object]) -> PricedStack:
    """Record a stack with the power on, whatever its file says, unless `overrides` say `power` themselves."""
    from trackstack_infra.graph.kept import graph_of_stack
    from trackstack_infra.stack import STACKS

    running = {"power": "on"} if STACKS[stack].has_power else {}
    settings = files.settings(stack, {**running, **overrides})
    graph = graph_of_stack(stack, settings, outputs="fabricated")
    return PricedStack(graph, settings.region, getattr(settings, "schedule", None))


def usage_with(path: Path | None, level: Level) -> Usage:
    """The shipped assumptions, over them those of a file, at a level; raises UsageError for what no rule asks for."""
    shipped = read_usage()
    if path is None:
        return shipped.at(level)
    return merged(shipped, read_usage(path), path.name).at(level)


def _minutes(id_: str, stack: str, usage: Usage) -> int:
    minutes = usage.of(id_, stack) if id_ in usage.assumptions else Decimal(0)
    if minutes != int(minutes):
        raise UsageError(
            f"{id_} is {minutes} for {stack}, but windows are counted in whole minutes", hint="round it up"
        )
    return int(minutes)


def names(stacks: Sequence[str]) -> str:
    """`foundation, pragmatic and enterprise`."""
    return " and ".join(filter(None, (", ".join(stacks[:-1]), *stacks[-1:])))
