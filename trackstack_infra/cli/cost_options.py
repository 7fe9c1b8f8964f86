"""Options that the verbs of `cost` share, and what they ask for."""

import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trackstack_infra.errors import UsageError

if TYPE_CHECKING:
    from trackstack_infra.costs.line import Estimate
    from trackstack_infra.costs.scope import Period, PricedStack, Scope
    from trackstack_infra.costs.snapshot import Snapshot


class Use(StrEnum):
    """As costs.usage.Level, which would bring pydantic along."""

    LOW = "low"
    EXPECTED = "expected"
    HIGH = "high"


MonthOption = Annotated[
    str | None, typer.Option(metavar="YYYY-MM", help="Month to estimate (default: the current month).")
]
AverageOption = Annotated[bool, typer.Option("--average", help="Use an average month of 365.25 / 12 days.")]
HoursOption = Annotated[
    str | None, typer.Option(metavar="N", help="Assume scheduled stacks run N hours of a 730-hour month.")
]
PricesOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Use this price snapshot instead of the newest one.")
]
UsageOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Override shipped assumptions with those in this usage file.")
]
LevelOption = Annotated[Use, typer.Option(help="Use the low, expected or high value of each assumption.")]
FreeTierOption = Annotated[bool, typer.Option("--no-free-tier", help="Ignore AWS free tiers.")]
AnyAgeOption = Annotated[bool, typer.Option("--any-age", help="Accept prices older than 180 days.")]


def parse_decimal(text: str) -> Decimal:
    """Hours or dollars as people write them."""
    if not re.fullmatch(r"\$?\d{1,9}(\.\d{1,9})?", text):
        raise UsageError(f"{text!r} is not a number of hours or dollars", hint="write a number such as 5.00")
    return Decimal(text.removeprefix("$"))


def now() -> datetime:
    """The clock of the command line; nothing below it has one."""
    return datetime.now(UTC)


def asked_period(month: str | None, hours: str | None = None, *, average: bool = False) -> "Period":
    """The month that is priced."""
    from trackstack_infra.costs.scope import Period

    return Period.asked(
        now().date(), month=month, average=average, hours=None if hours is None else parse_decimal(hours)
    )


def chosen_prices(path: Path | None) -> "Snapshot":
    """The shipped snapshot or another one; raises Failed for one of a day yet to come."""
    from trackstack_infra.costs.price_age import refuse_future
    from trackstack_infra.costs.snapshot import read_snapshot, shipped

    prices = read_snapshot(path or shipped())
    refuse_future(prices, now().date())
    return prices


def warn_of_age(estimates: "Iterable[Estimate]", prices: "Snapshot", *, any_age: bool) -> None:
    """The age of the prices that estimates used is warned of on stderr, or refused."""
    from trackstack_infra.costs.price_age import age_warning

    used = (line.price for estimate in estimates for line in estimate.lines)
    warning = age_warning(used, prices, now().date(), any_age=any_age)
    if warning:
        print(f"warning: {warning}", file=sys.stderr)


def scope_of(
    stacks: "Sequence[PricedStack]",
    period: "Period",
    prices: "Snapshot",
    usage: Path | None = None,
    level: Use = Use.EXPECTED,
    *,
    free_tier: bool = True,
) -> "Scope":
    """Everything an estimate is made from."""
    from trackstack_infra.costs.scope import Scope, usage_with
    from trackstack_infra.costs.usage import Level

    used = usage_with(usage, Level(level.value))
    return Scope(stacks=tuple(stacks), period=period, prices=prices, usage=used, free_tier=free_tier)


def refuse_idle_hours(scope: "Scope") -> None:
    """Raises UsageError for --hours where they change nothing: no stack has a schedule, so all run all month."""
    from trackstack_infra.costs.hours import HOURS_OF_A_MONTH

    hours = scope.period.hours
    if hours is not None and hours < HOURS_OF_A_MONTH and not any(each.schedule for each in scope.stacks):
        stack = scope.stacks[0].stack
        raise UsageError(
            f"--hours {hours} changes nothing: {' and '.join(each.stack for each in scope.stacks)} has no schedule",
            hint=f"run `trackstack cost what-if {stack} schedule=weekend --hours {hours}`",
        )


def heading(named: str, scope: "Scope", level: Use = Use.EXPECTED) -> str:
    """What a page is about: `enterprise, nat · May 2026 · us-east-1 · expected use`."""
    from trackstack_infra.costs.report.summary import period

    return f"{named} · {period(scope.calendars())} · {scope.region} · {level.value} use"


def running(stack: str, scope: "Scope") -> Decimal | None:
    """How long a stack runs, where it has a schedule."""
    calendar = scope.calendars()[stack]
    return calendar.running.hours if calendar.running != calendar.month else None
