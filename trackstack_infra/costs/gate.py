"""Gates: whether a price keeps a limit. What has no price keeps none; a month is compared only with its equal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from trackstack_infra.costs.limits import Baseline, Breach, Limit, over_budget, over_increase
from trackstack_infra.costs.line import Estimate, Unpriced, cents
from trackstack_infra.costs.report.amounts import at_least, dollars, plain
from trackstack_infra.costs.scope import Period


@dataclass(frozen=True)
class Gate:
    """One limit: `breach` says by what it is broken, `message` what was compared, either way."""

    name: str
    message: str
    breach: Breach | None = None

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        return self.breach is None


@dataclass(frozen=True)
class Compared:
    """A baseline, and what the programs of today cost in its month."""

    baseline: Baseline
    asked: Period
    then: Estimate
    """Of the baseline's month."""
    calendar: Decimal
    """What the asked month costs more than that one, for nothing but its days and hours."""


def priced_gate(estimate: Estimate) -> Gate:
    """Whether everything has a price: a limit cannot be said to hold for a total that lacks something."""
    gaps = estimate.unpriced
    if not gaps:
        return Gate("unpriced", "every resource has a price")
    message = f"{described(gaps)}; no limit can be checked against a total that lacks them"
    return Gate("unpriced", message, Breach(message, ()))


def described(unpriced: Sequence[Unpriced]) -> str:
    """`resources without a price: 2 (aws:odd/thing:Thing)`."""
    kinds = sorted({each.type for each in unpriced})
    return f"resources without a price: {len(unpriced)} ({', '.join(kinds)})"


def budget_gate(estimate: Estimate, budget: Decimal) -> Gate:
    """Whether the total, as it is shown, fits a budget."""
    total = at_least(estimate.exact, gaps=bool(estimate.unpriced))
    breach = over_budget(estimate, budget)
    if breach is None:
        return Gate("budget", f"fits: {total} of {dollars(budget)}")
    return Gate("budget", breach.message, breach)


def compare(baseline: Baseline, asked: Period, estimate: Callable[[Period], Estimate]) -> Compared:
    """Price the baseline's own month with the programs, prices and use of now; `estimate` prices a month."""
    then = estimate(baseline.month)
    now = then if asked == baseline.month else estimate(asked)
    return Compared(baseline, asked, then, now.exact - then.exact)


def increase_gate(compared: Compared, period: str, limit: Limit) -> Gate:
    """Whether the programs grew dearer than is allowed, in the baseline's month; `period` is the asked one in words."""
    baseline, then = compared.baseline, compared.then
    breach = over_increase(then, baseline, limit)
    calendar = _calendar(compared, period)
    if breach is not None:
        said = f"{breach.message}{calendar}"
        return Gate("increase", said, Breach(said, breach.culprits))
    more = then.exact - baseline.total
    grown = "as much as" if not cents(more) else f"{dollars(abs(more))} {'more' if more > 0 else 'less'} than"
    total = at_least(then.exact, gaps=bool(then.unpriced))
    fits = (
        f"fits: {total} a month is {grown} the {at_least(baseline.total, gaps=bool(baseline.unpriced))} of"
        f" {baseline.name} ({baseline.period}); {limit.text} is allowed"
    )
    return Gate("increase", f"{fits}{calendar}")


def _calendar(compared: Compared, period: str) -> str:
    asked, before = compared.asked, compared.baseline.month
    if asked == before:
        return ""
    now = f"{plain(asked.hours)} h" if asked.hours is not None else period
    then = f"{plain(before.hours)} h" if before.hours is not None else compared.baseline.period
    did = compared.calendar
    change = "changes nothing" if not cents(did) else f"{'adds' if did > 0 else 'takes off'} {dollars(abs(did))}"
    return f". The calendar alone, {now} instead of {then}, {change}, which does not count"
