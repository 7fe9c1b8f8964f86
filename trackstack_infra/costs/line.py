"""A line of an estimate: one meter of one resource, priced, with everything needed to show the working."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from trackstack_infra.costs.meter import Meter
from trackstack_infra.costs.pools import without_noise
from trackstack_infra.costs.snapshot import Price

CENT: Final = Decimal("0.01")


def cents(dollars: Decimal) -> Decimal:
    """Rounded half up to cents, as bills are."""
    return dollars.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class Line:
    """Exact amounts; whoever shows them rounds."""

    stack: str
    layer: Literal["persistent", "runtime"]
    domain: str
    component: str
    urn: str
    type: str
    meter: Meter
    price: Price
    hours: Decimal
    """How long it exists in the month; a whole month for what is billed by use."""
    used: Decimal | None
    """The assumed use, where the meter names one."""
    quantity: Decimal
    free_units: Decimal
    exact: Decimal
    if_always: Decimal
    """The same if nothing ever slept."""

    @property
    def billable(self) -> Decimal:
        """Units that are paid for."""
        return self.quantity - self.free_units

    @property
    def free_saved(self) -> Decimal:
        """What the free units would have cost."""
        return self.price.of(self.quantity) - self.exact if self.free_units else Decimal(0)

    @property
    def saved_by_schedule(self) -> Decimal:
        """What the schedule saves."""
        return self.if_always - self.exact

    @property
    def fixed(self) -> bool:
        """Whether it costs the same however much the app is used."""
        return self.meter.usage is None


@dataclass(frozen=True, kw_only=True)
class Unpriced:
    """A resource whose price is unknown: listed, never counted as nothing."""

    stack: str
    urn: str
    type: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What one or several stacks cost in a month."""

    lines: tuple[Line, ...]
    unpriced: tuple[Unpriced, ...]
    free: tuple[tuple[str, str], ...]
    """Types of which at least one resource costs nothing, with the reason."""

    @property
    def exact(self) -> Decimal:
        """The sum of the exact lines."""
        return total(self.lines)

    @property
    def usd(self) -> Decimal:
        """The same in whole cents; it may differ by a cent or two from the sum of rounded lines."""
        return cents(self.exact)

    def of(self, stack: str) -> "Estimate":
        """The part of one stack."""
        return Estimate(
            lines=tuple(each for each in self.lines if each.stack == stack),
            unpriced=tuple(each for each in self.unpriced if each.stack == stack),
            free=self.free,
        )


def total(lines: Iterable[Line]) -> Decimal:
    """The exact sum of lines, without the last places, which come from dividing a use among several resources."""
    return without_noise(sum((each.exact for each in lines), Decimal(0)))
