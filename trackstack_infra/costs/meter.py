"""What a resource is billed by, before any price: how many at a time, and how time or use becomes a quantity."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from trackstack_infra.costs.hours import Span

LIGHTSAIL_HOURS = Decimal(744)
"""A bundle's price by the month is reached after so many hours: https://aws.amazon.com/lightsail/pricing/"""
ZONE_HOURS = Decimal(12)
"""A hosted zone deleted earlier is free; else each one made is billed for a whole month: Route 53's pricing page.

The fee falls due when the zone is so old: in a month that ends before that it costs nothing."""


class Billing(StrEnum):
    """How the hours something exists, or what it is used for, become what is billed."""

    BY_SECOND = "per second, at least one minute"
    HOURS_STARTED = "per started hour, anew at each start"
    MONTH_EACH_TIME = "a full month per creation, after 12 h"
    HOURLY_UP_TO_MONTH = "per hour, up to the monthly price"
    PART_OF_MONTH = "monthly, prorated"
    EACH_HOUR = "a fixed number of units per hour"
    BY_USE = "by use"


@dataclass(frozen=True, kw_only=True)
class Meter:
    """One line of a bill to be."""

    price: str
    """Id of the price without its region, such as `nat.hour`."""
    count: Decimal = Decimal(1)
    """How many at a time: vCPUs, GB, addresses; with a stated use, how many times that."""
    billing: Billing
    usage: str | None = None
    """The stated use that the quantity comes from, such as `api.requests`; it varies with how much the app is used."""
    assumes: tuple[str, ...] = ()
    """Further assumptions, which are in `count` already."""
    only_running: bool = False
    """Whether it adds up only while the stack runs, though the resource stays: polls of a queue, say."""
    implied: str = ""
    """Why it is on the bill though no resource of the program says so."""
    note: str = ""

    def quantity(self, span: Span, month: Span, used: Decimal | None) -> Decimal:
        """What is billed, in the price's unit, for something that exists over `span` of `month`."""
        count = self.count if used is None else self.count * used
        match self.billing:
            case Billing.BY_SECOND:
                return count * span.hours_by_second
            case Billing.HOURS_STARTED:
                return count * span.hours_started
            case Billing.MONTH_EACH_TIME:
                return count * span.times_due(ZONE_HOURS)
            case Billing.HOURLY_UP_TO_MONTH:
                return count * min(Decimal(1), span.hours_started / LIGHTSAIL_HOURS)
            case Billing.PART_OF_MONTH:
                return count * span.hours / month.hours
            case Billing.EACH_HOUR:
                return count * span.hours
            case Billing.BY_USE:
                assert used is not None, f"{self.price} is billed by use and names none"
                return count
