"""The price of an hour, for whoever is about to start something or has it running."""

from dataclasses import dataclass
from decimal import Decimal

from trackstack_infra.costs.line import Estimate, Line
from trackstack_infra.costs.meter import LIGHTSAIL_HOURS, Billing

_BY_THE_HOUR = (Billing.BY_SECOND, Billing.HOURS_STARTED, Billing.EACH_HOUR)


@dataclass(frozen=True)
class Hourly:
    """Dollars an hour of what comes and goes, and dollars a month of everything, as the estimate has it."""

    usd: Decimal
    month: Decimal
    unpriced: int

    def __str__(self) -> str:
        if self.unpriced:
            missing = f"resources without a price, not included: {self.unpriced}"
            now = f"at least ${self.usd:.4f} an hour while up" if self.usd else "hourly cost not known"
            return f"{now}, at least ${self.month} this month by estimate ({missing})"
        now = f"${self.usd:.4f} an hour while up" if self.usd else "no hourly cost"
        return f"{now}, ${self.month} this month by estimate"


def hourly(estimate: Estimate) -> Hourly:
    """What the runtime layer costs an hour; use such as gigabytes through NAT comes on top, and is in the month."""
    usd = sum((_an_hour(line) for line in estimate.lines if line.layer == "runtime"), Decimal(0))
    return Hourly(usd, estimate.usd, len(estimate.unpriced))


def _an_hour(line: Line) -> Decimal:
    count = line.meter.count * (line.used if line.used is not None else 1)
    if line.meter.billing in _BY_THE_HOUR:
        return line.price.of(count)
    if line.meter.billing is Billing.HOURLY_UP_TO_MONTH:
        return line.price.of(count) / LIGHTSAIL_HOURS
    return Decimal(0)
