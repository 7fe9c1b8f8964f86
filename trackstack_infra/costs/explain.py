"""The working of every line of an estimate: what was multiplied by what, by which rule, at whose price."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from textwrap import wrap
from typing import Any, Final

from trackstack_infra.costs.line import Estimate, Line, cents, total
from trackstack_infra.costs.meter import Billing
from trackstack_infra.costs.report.amounts import at_least, dollars, plain
from trackstack_infra.costs.snapshot import Price
from trackstack_infra.errors import UsageError

COLUMNS: Final = 80
_HOURLY: Final = (Billing.BY_SECOND, Billing.HOURS_STARTED, Billing.EACH_HOUR)
_LABEL: Final = 11
_NOTHING: Final = Decimal("1e-20")  # what divisions leave behind


@dataclass(frozen=True)
class Factor:
    """One number of a product, with what it counts."""

    amount: Decimal
    what: str

    def __str__(self) -> str:
        return f"{exactly(self.amount)} {self.what}".rstrip()


@dataclass(frozen=True)
class Working:
    """How one line came about: its factors multiplied are its quantity."""

    line: Line
    factors: tuple[Factor, ...]

    @property
    def formula(self) -> str:
        """`0.25 vCPU × 112 h × $0.03238 = $0.90664`; free units are taken off before the price."""
        line = self.line
        product = " × ".join(map(str, self.factors))
        if line.free_units:
            product = f"({product} – {exactly(line.free_units)} free)"
        return f"{product} × {_priced(line)} = {_usd(line.exact)}"


def working(line: Line) -> Working:
    """Take a line apart again."""
    meter, used = line.meter, line.used
    if used is None:
        counted = [Factor(meter.count, _counted(line))]
        each = meter.count
    elif meter.count == 1:
        counted = [Factor(used, _counted(line))]
        each = used
    else:
        counted = [Factor(used, str(meter.usage)), Factor(meter.count, _counted(line))]
        each = used * meter.count
    if meter.billing is Billing.BY_USE:
        return Working(line, tuple(counted))
    return Working(line, (*counted, _time(line, line.quantity / each if each else line.hours)))


def _time(line: Line, over: Decimal) -> Factor:
    billing = line.meter.billing
    if billing in _HOURLY:
        return Factor(over, "h")
    if billing is Billing.MONTH_EACH_TIME:
        return Factor(over, "creation" if over == 1 else "creations")
    if abs(over - 1) < _NOTHING:
        return Factor(Decimal(1), "month")
    return Factor(over, f"of a month ({exactly(line.hours)} h)")


def _counted(line: Line) -> str:
    """What is counted: the price's unit without its time, or the unit itself where it is billed by use."""
    unit = line.price.unit
    if line.meter.billing is Billing.BY_USE:
        return unit
    return unit.removesuffix("month").removesuffix("hour").removesuffix("-")


def _priced(line: Line) -> str:
    """The price of a unit; of units that fall into several tiers, how many at which."""
    price, billable = line.price, line.billable
    if abs(price.of(billable) - line.exact) > _NOTHING:  # the tiers are an account's: other lines have units in them
        return f"{_usd(line.exact / billable)} (the mean of the tiers that all lines of this price reach)"
    reached = [tier for tier in price.tiers if billable > tier.start] or [price.tiers[0]]
    if len(reached) == 1:
        return _usd(reached[0].usd)
    counts = (min(billable, billable if tier.stop is None else tier.stop) - tier.start for tier in reached)
    parts = (f"{exactly(count)} × {_usd(tier.usd)}" for count, tier in zip(counts, reached, strict=True))
    return f"tiers ({' + '.join(parts)})"


def exactly(amount: Decimal) -> str:
    """To six places, or six digits where it is smaller than that; never an exponent."""
    if not amount:
        return "0"
    places = 6 if abs(amount) >= Decimal("0.001") else 5 - amount.adjusted()
    whole, _, rest = plain(round(amount, places)).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


def _usd(amount: Decimal) -> str:
    """Exactly, but two places at least."""
    whole, _, rest = exactly(amount).partition(".")
    return f"${whole}.{rest:0<2}"


def part_of(estimate: Estimate, part: str | None) -> tuple[Line, ...]:
    """The lines of one part, none for a type that is free; raises UsageError that names the parts there are."""
    lines = estimate.lines
    if part is None:
        return lines
    found = tuple(line for line in lines if _is_of(line, part.lower()))
    unpriced = {name.lower() for each in estimate.unpriced for name in (each.type, each.type.rpartition(":")[2])}
    if not found and part.lower() not in unpriced and not free_of(estimate, part):
        components, domains = {each.component for each in lines}, {each.domain for each in lines}
        raise UsageError(
            f"{part!r} names nothing that costs money",
            hint=f"name a component ({', '.join(sorted(components))}), a domain ({', '.join(sorted(domains))}),"
            " a resource type or the start of a price id, such as ipv4 or fargate",
        )
    return found


def free_of(estimate: Estimate, part: str | None) -> tuple[tuple[str, str], ...]:
    """Types of that name of which nothing is billed, with the reason."""
    named = (part or "").lower()
    return tuple(each for each in estimate.free if named in (each[0].lower(), each[0].rpartition(":")[2].lower()))


def _is_of(line: Line, part: str) -> bool:
    """A component, domain, layer or type, in full or by its last name; or a price's id up to one of its dots."""
    names = {line.component, line.domain, line.layer, line.type, line.type.rpartition(":")[2], line.price.id}
    return part in {each.lower() for each in names} or line.price.id.startswith(f"{part}.")


def as_text(estimate: Estimate, part: str | None, title: str, width: int = COLUMNS) -> str:
    """The page of one part or of all: component by component, line by line, then the sum."""
    page = [*_page(estimate, part_of(estimate, part), title, width)]
    for type_, why in free_of(estimate, part):
        page += wrap(f"{type_}: {why}.", width, subsequent_indent="  ")
    return "\n".join(page) + "\n"


def _page(estimate: Estimate, lines: Sequence[Line], title: str, width: int) -> Iterator[str]:
    yield title
    ordered = sorted(lines, key=lambda line: (line.component, line.urn))
    for component, of_it in groupby(ordered, key=lambda line: line.component):
        within = list(of_it)
        yield ""
        yield f"{component}  {dollars(total(within))}"
        for line in within:
            yield from _explained(line, width)
    if not lines and not estimate.unpriced:
        return
    yield ""
    several = f"{len(lines)} lines, exact sum rounded once" if len(lines) != 1 else "1 line"
    gaps = bool(estimate.unpriced)
    yield f"Total {at_least(total(lines), gaps=gaps)} a month ({several})."
    visible = sum((cents(line.exact) for line in lines), Decimal(0))
    if visible != cents(total(lines)):
        yield f"Lines rounded one by one would add up to {dollars(visible)}."
    for unpriced in estimate.unpriced:
        yield from wrap(f"Unpriced: {unpriced.type}: {unpriced.why}.", width, subsequent_indent="  ")


def _explained(line: Line, width: int) -> Iterator[str]:
    price = line.price
    yield f"  {line.urn.rpartition('::')[2]}: {price.id}"
    yield from _folded("", working(line).formula, width)
    yield from _folded("rule", rule_of(line), width)
    if line.used is not None:
        yield from _folded("assumed", f"{line.meter.usage} {exactly(line.used)}, from the file of assumptions", width)
    if line.meter.assumes:
        yield from _folded("assumed", f"{', '.join(line.meter.assumes)}, already in the count", width)
    yield from _folded("price", source_of(price), width)
    if line.meter.implied:
        yield from _folded("implied", line.meter.implied, width)
    if line.meter.note:
        yield from _folded("note", line.meter.note, width)
    if line.saved_by_schedule:
        yield from _folded("always on", _usd(line.if_always), width)


def rule_of(line: Line) -> str:
    """How it is billed, in words, and in which layer it lives."""
    lives = "only while the stack runs" if line.layer == "runtime" or line.meter.only_running else "all month"
    return line.meter.billing.value if line.meter.billing is Billing.BY_USE else f"{line.meter.billing.value}; {lives}"


def source_of(price: Price) -> str:
    """Where a price comes from and how sure it is."""
    floats = ", floating" if price.floating else ""
    return (
        f"per {price.unit}, {price.region}, effective {price.effective}{floats}; {price.source},"
        f" read {price.retrieved}; confidence {price.confidence}" + (f"; {price.note}" if price.note else "")
    )


def _folded(label: str, text: str, width: int) -> list[str]:
    first = f"    {label:<{_LABEL}}" if label else "    "
    return wrap(text, width, initial_indent=first, subsequent_indent=" " * (4 + (_LABEL if label else 2)))


def as_document(estimate: Estimate, part: str | None) -> dict[str, Any]:
    """The same for programs; amounts are texts."""
    kept = part_of(estimate, part)
    return {
        "lines": [
            {
                "stack": line.stack,
                "layer": line.layer,
                "domain": line.domain,
                "component": line.component,
                "resource": line.urn,
                "type": line.type,
                "price_id": line.price.id,
                "factors": [{"amount": plain(each.amount), "what": each.what} for each in working(line).factors],
                "formula": working(line).formula,
                "rule": rule_of(line),
                "quantity": plain(line.quantity),
                "free_units": plain(line.free_units),
                "hours": plain(line.hours),
                "exact": plain(line.exact),
                "if_always": plain(line.if_always),
                "implied": line.meter.implied,
                "note": line.meter.note,
                "price": {
                    "region": line.price.region,
                    "unit": line.price.unit,
                    "usd": [plain(tier.usd) for tier in line.price.tiers],
                    "source": line.price.source,
                    "effective": line.price.effective.isoformat(),
                    "retrieved": line.price.retrieved.isoformat(),
                    "confidence": line.price.confidence,
                },
            }
            for line in kept
        ],
        "usd": str(cents(total(kept))),
        "at_least": bool(estimate.unpriced),
        "unpriced": [{"type": each.type, "urn": each.urn, "why": each.why} for each in estimate.unpriced],
    }
