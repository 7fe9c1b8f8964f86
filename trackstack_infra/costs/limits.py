"""Limits a price may break: a budget, and an increase over a report saved before; with the lines that broke it."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from trackstack_infra.costs.hours import HOURS_OF_A_MONTH, Basis
from trackstack_infra.costs.line import CENT, Estimate, Line, cents
from trackstack_infra.costs.report.amounts import at_least
from trackstack_infra.costs.scope import Period
from trackstack_infra.errors import UsageError

_LIMIT: Final = re.compile(r"\$?(?P<number>\d{1,9}(\.\d{1,9})?) ?(?P<part>%)?")
AVERAGE: Final = Period()
SHOWN: Final = 5  # lines; the first few are what one can do something about

# Stack, component, resource type and price: what a line is called from one report to the next.
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Culprit:
    """A line's part in it."""

    stack: str
    component: str
    price: str
    usd: Decimal
    """What it costs, or by how much it grew."""


@dataclass(frozen=True)
class Breach:
    """A limit that is broken."""

    message: str
    culprits: tuple[Culprit, ...]


@dataclass(frozen=True)
class Baseline:
    """A report saved before."""

    name: str
    stacks: tuple[str, ...]
    period: str
    total: Decimal
    lines: Mapping[Key, Decimal]
    month: Period = AVERAGE
    """The month that it is of."""
    use: str = "expected"
    free_tier: bool = True
    region: str = ""
    unpriced: int = 0
    """Resources that had no price: its total lacks them."""


@dataclass(frozen=True)
class Limit:
    """How much dearer is still allowed: a part of the baseline, or dollars."""

    text: str
    part: Decimal = Decimal(0)
    usd: Decimal = Decimal(0)

    def above(self, base: Decimal) -> Decimal:
        """The highest total that passes."""
        return base * (1 + self.part) + self.usd


def parse_limit(text: str) -> Limit:
    """`10%`, or dollars such as `1.50`."""
    found = _LIMIT.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is not an increase", hint="give a percentage such as 10%, or dollars such as 1.50")
    value = Decimal(found["number"])
    return Limit(text, part=value / 100) if found["part"] else Limit(text, usd=value)


def over_budget(estimate: Estimate, budget: Decimal) -> Breach | None:
    """Whether the rounded total, the one that is shown, is more than the budget."""
    if estimate.usd <= budget:
        return None
    by_key = _by_key(estimate.lines)
    total = at_least(estimate.exact, gaps=bool(estimate.unpriced))
    return Breach(f"{total} a month is ${estimate.usd - budget} over the budget of ${budget}", _largest(by_key))


def over_increase(estimate: Estimate, baseline: Baseline, limit: Limit) -> Breach | None:
    """Whether the total grew more over the baseline's than is allowed, by what would be a cent."""
    if estimate.exact - limit.above(baseline.total) < CENT / 2:
        return None
    now = _by_key(estimate.lines)
    grown = {key: now.get(key, Decimal(0)) - baseline.lines.get(key, Decimal(0)) for key in {*now, *baseline.lines}}
    before = cents(baseline.total)
    more = f" ({(estimate.exact / baseline.total - 1) * 100:+.1f} %)" if baseline.total else ""
    total = at_least(estimate.exact, gaps=bool(estimate.unpriced))
    return Breach(
        f"{total} a month is ${estimate.usd - before}{more} more than the ${before} of {baseline.name}"
        f" ({baseline.period}); {limit.text} is allowed",
        _largest(grown),
    )


def read_baseline(
    path: Path, stacks: tuple[str, ...], *, region: str, use: str = "expected", free_tier: bool = True
) -> Baseline:
    """A report that `cost-report --json` wrote, of the same stacks, region and use; raises UsageError for others."""
    try:
        document: Any = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(
            f"cannot read the baseline {path}: {error.strerror}",
            hint="save one with `trackstack cost-report --json > FILE`",
        ) from error
    except ValueError as error:
        raise _no_report(path, str(error)) from error
    try:
        if document["schema"] != 1:
            raise _no_report(path, f"its schema is {document['schema']!r}, not 1")
        lines: dict[Key, Decimal] = defaultdict(Decimal)
        for row in document["rows"]:
            if row["monthly_cost_exact"]:
                key = (row["environment"], row["component"], row["resource_type"], row["price_id"])
                lines[key] += Decimal(row["monthly_cost_exact"])
        found = Baseline(
            path.name,
            tuple(document["stacks"]),
            document["period"],
            Decimal(document["total_exact"]),
            dict(lines),
            month=_month(document["hours"].values()),
            use=document["use"],
            free_tier=document["free_tier"],
            region=document["region"],
            unpriced=len(document["unpriced"]),
        )
        if not all(each.is_finite() for each in (found.total, *found.lines.values())):
            raise ValueError("an amount is no number")
    except (AttributeError, LookupError, TypeError, ValueError, InvalidOperation) as error:
        raise _no_report(path, f"{type(error).__name__}: {error}") from error
    _refuse_other(found, stacks, region, use, free_tier=free_tier)
    return found


def _refuse_other(found: Baseline, stacks: tuple[str, ...], region: str, use: str, *, free_tier: bool) -> None:
    if set(found.stacks) != set(stacks):
        raise UsageError(
            f"the baseline {found.name} covers {', '.join(found.stacks)}, not {', '.join(stacks)}",
            hint="save a baseline of the same stacks with `trackstack cost-report --json > FILE`",
        )
    if found.region != region:
        raise UsageError(
            f"the baseline {found.name} is of {found.region}, and this report of {region}",
            hint="use --region of the baseline, or save another baseline",
        )
    if (found.use, found.free_tier) != (use, free_tier):
        described = f"{found.use} use, {'with' if found.free_tier else 'without'} free tiers"
        raise UsageError(
            f"the baseline {found.name} is of {described}, and this report is not",
            hint="use the --level and --no-free-tier of the baseline, or save another baseline",
        )


def _month(hours: Iterable[Mapping[str, str]]) -> Period:
    """The month of a report, from its calendars: of hours that somebody named, a stack without schedule has 730."""
    calendars = list(hours)
    basis, label = calendars[0]["basis"], calendars[0]["label"]
    if basis == Basis.CALENDAR:
        year, month = map(int, label.split("-"))
        return Period(month=(year, month))
    if basis == Basis.AVERAGE:
        return Period()
    named = [Decimal(each["label"].removesuffix(" h")) for each in calendars]
    return Period(hours=next((each for each in named if each != HOURS_OF_A_MONTH), HOURS_OF_A_MONTH))


def _no_report(path: Path, what: str) -> UsageError:
    return UsageError(
        f"{path.name} is not a report of `trackstack cost-report --json`: {what}",
        hint="save one with `trackstack cost-report --json > FILE`",
    )


def _by_key(lines: Iterable[Line]) -> dict[Key, Decimal]:
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[(line.stack, line.component, line.type, line.price.id)] += line.exact
    return sums


def _largest(amounts: Mapping[Key, Decimal]) -> tuple[Culprit, ...]:
    """Of several that matter, the first few; a cent at least."""
    ranked = sorted(amounts.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Culprit(key[0], key[1], key[3], usd) for key, usd in ranked if cents(usd) > 0)[:SHOWN]
