"""An estimate summed up for every format: by stack, layer, domain and meter, with what moved it. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from trackstack_infra.costs.hours import Basis, Calendar
from trackstack_infra.costs.line import CENT, Estimate, Line, cents, total
from trackstack_infra.costs.price_age import oldest_days
from trackstack_infra.costs.report.amounts import plain
from trackstack_infra.costs.report.groups import group_of
from trackstack_infra.costs.scope import Scope
from trackstack_infra.costs.usage import Assumption, Level, Range, Usage
from trackstack_infra.names import DOMAINS, SHARED, Layer

_HALF_A_CENT: Final = CENT / 2


class Shared(StrEnum):
    """How shared costs are split."""

    UNALLOCATED = "unallocated"
    EQUAL = "equal"
    VCPU_HOURS = "vcpu-hours"


@dataclass(frozen=True)
class Sum:
    """Lines that belong together, added up exactly."""

    name: str
    exact: Decimal
    if_always: Decimal
    free_saved: Decimal

    @property
    def usd(self) -> Decimal:
        """In cents, as it is shown."""
        return cents(self.exact)

    def times(self, share: Decimal, name: str) -> "Sum":
        """A part of it, on another's account."""
        return Sum(name, self.exact * share, self.if_always * share, self.free_saved * share)


@dataclass(frozen=True)
class Assumed:
    """An assumption that moved the total of a stack by a cent or more."""

    id: str
    stack: str
    figure: Decimal
    range: Range
    unit: str
    why: str
    effect: Decimal
    """Dollars a month, against assuming none of it."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that any format tells."""

    stacks: tuple[str, ...]
    calendars: Mapping[str, Calendar]
    region: str
    level: Level
    free_tier: bool
    estimate: Estimate
    low: Decimal
    high: Decimal
    """Totals at low and at high use."""
    assumed: tuple[Assumed, ...]
    snapshot: date
    sha256: str
    age_days: int
    """Since the oldest price that was used was read."""
    warning: str
    shared: Shared = Shared.UNALLOCATED

    @property
    def lines(self) -> tuple[Line, ...]:
        """The exact rows."""
        return self.estimate.lines

    @property
    def total(self) -> Sum:
        """Everything."""
        return _sum("total", self.lines)

    @property
    def gaps(self) -> bool:
        """Whether resources without a price are missing from the total, which is then the least that it can be."""
        return bool(self.estimate.unpriced)

    def gaps_of(self, stack: str) -> bool:
        """The same for the sum of one stack."""
        return any(each.stack == stack for each in self.estimate.unpriced)

    @property
    def by_stack(self) -> tuple[Sum, ...]:
        """As they were asked for."""
        return tuple(_sum(name, (each for each in self.lines if each.stack == name)) for name in self.stacks)

    @property
    def by_layer(self) -> tuple[Sum, ...]:
        """What stays, and what is only there while a stack runs."""
        return _sums(self.lines, lambda line: line.layer, [each.value for each in Layer])

    @property
    def by_domain(self) -> tuple[Sum, ...]:
        """Whose it is; what is shared is split as the report was asked to."""
        return tuple(_by_domain(self.lines, self.shared))

    @property
    def by_meter(self) -> tuple[Sum, ...]:
        """By the price's id, dearest first."""
        return _dearest(_sums(self.lines, lambda line: line.price.id))

    @property
    def by_group(self) -> tuple[Sum, ...]:
        """By kind of meter, dearest first."""
        return _dearest(_sums(self.lines, lambda line: group_of(line.price.id)))

    def rounding_note(self, what: str, rows: Iterable[Decimal]) -> str:
        """Why shown amounts may not add up to the total; nothing where they do."""
        visible = sum(map(cents, rows), Decimal(0))
        if visible == self.estimate.usd:
            return ""
        return f"{what}, each rounded, add up to ${visible}; the total is the exact sum, rounded once"

    @property
    def period(self) -> str:
        """`November 2026`, `an average month`, `a month of 730 h`."""
        return period(self.calendars)

    @property
    def scheduled(self) -> tuple[str, ...]:
        """The stacks with a schedule."""
        return tuple(name for name in self.stacks if self.calendars[name].running != self.calendars[name].month)


def summarise(scope: Scope, today: date, warning: str = "", shared: Shared = Shared.UNALLOCATED) -> Report:
    """Price a scope, and find what its total rests on."""
    priced = scope.estimate()
    low, high = (scope.estimate(scope.usage.at(level)).exact for level in (Level.LOW, Level.HIGH))
    return Report(
        stacks=tuple(each.stack for each in scope.stacks),
        calendars=scope.calendars(),
        region=scope.region,
        level=scope.usage.level,
        free_tier=scope.free_tier,
        estimate=priced,
        low=low,
        high=high,
        assumed=tuple(_assumed(scope, priced)),
        snapshot=scope.prices.snapshot,
        sha256=scope.prices.sha256,
        age_days=oldest_days((line.price for line in priced.lines), today),
        warning=warning,
        shared=shared,
    )


def period(calendars: Mapping[str, Calendar]) -> str:
    """The month in words, which is as long for a scheduled stack as for one that is always on."""
    each = next(iter(calendars.values()))
    if each.basis is Basis.CALENDAR:
        year, month = map(int, each.label.split("-"))
        return f"{date(year, month, 1):%B} {year}"
    return "an average month" if each.basis is Basis.AVERAGE else f"a month of {plain(each.month.hours)} h"


def _assumed(scope: Scope, priced: Estimate) -> Iterator[Assumed]:
    """Each figure that a stack's total would miss by a cent or more, had nothing of it been assumed."""
    before = {each.stack: total(priced.of(each.stack).lines) for each in scope.stacks}
    for id_, assumption in sorted(scope.usage.assumptions.items()):
        without = scope.estimate(_without(scope.usage, id_, assumption))
        for stack, exact in before.items():
            effect = exact - total(without.of(stack).lines)
            if abs(effect) >= _HALF_A_CENT:
                yield Assumed(
                    id=id_,
                    stack=stack,
                    figure=scope.usage.of(id_, stack),
                    range=assumption.each.get(stack) or assumption.each["any"],
                    unit=assumption.unit,
                    why=assumption.why,
                    effect=effect,
                )


def _without(usage: Usage, id_: str, assumption: Assumption) -> Usage:
    nothing = Range(low=Decimal(0), expected=Decimal(0), high=Decimal(0))
    gone = assumption.model_copy(update={"each": dict.fromkeys(assumption.each, nothing)})
    return usage.model_copy(update={"assumptions": {**usage.assumptions, id_: gone}})


def _by_domain(lines: Sequence[Line], rule: Shared) -> Iterator[Sum]:
    sums = {each.name: each for each in _sums(lines, lambda line: line.domain, [*DOMAINS, SHARED])}
    common = sums.get(SHARED)
    if rule is Shared.UNALLOCATED or common is None:
        yield from sums.values()
        return
    for domain, share in _shares(lines, rule).items():
        own, part = sums.get(domain, _sum(domain, ())), common.times(share, domain)
        yield replace(
            own,
            exact=own.exact + part.exact,
            if_always=own.if_always + part.if_always,
            free_saved=own.free_saved + part.free_saved,
        )


def _shares(lines: Sequence[Line], rule: Shared) -> dict[str, Decimal]:
    """Each domain's part of what is shared; equal parts where no domain has vCPU-hours of its own."""
    weights = dict.fromkeys(DOMAINS, Decimal(1))
    if rule is Shared.VCPU_HOURS:
        measured = {
            domain: sum(
                (each.quantity for each in lines if each.domain == domain and each.price.id.endswith("vcpu_hour")),
                Decimal(0),
            )
            for domain in DOMAINS
        }
        weights = measured if any(measured.values()) else weights
    whole = sum(weights.values())
    return {domain: weight / whole for domain, weight in weights.items()}


def _sums(lines: Iterable[Line], key: Callable[[Line], str], order: Sequence[str] = ()) -> tuple[Sum, ...]:
    """In the given order; names it does not hold come after, as they were met."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[key(line)].append(line)
    names = [*(name for name in order if name in found), *(name for name in found if name not in order)]
    return tuple(_sum(name, found[name]) for name in names)


def _sum(name: str, lines: Iterable[Line]) -> Sum:
    kept = list(lines)
    return Sum(
        name,
        total(kept),
        sum((each.if_always for each in kept), Decimal(0)),
        sum((each.free_saved for each in kept), Decimal(0)),
    )


def _dearest(sums: Iterable[Sum]) -> tuple[Sum, ...]:
    return tuple(sorted(sums, key=lambda each: (-each.exact, -each.if_always, each.name)))
