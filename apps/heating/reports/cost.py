"""The cost report: what heating cost by month over all meters, beside the advances paid for it."""

from datetime import tzinfo
from typing import Literal

from pydantic import Field

from apps.common.database import Reader
from apps.common.fields import Kept
from apps.heating import store
from apps.heating.consumption import Usage
from apps.heating.model import Meter
from apps.heating.reports.usage import months_asked, months_read, usages
from apps.heating.store import ADVANCES


class CurrencyCost(Kept):
    """A month's cost in one currency."""

    currency: str
    cost_minor: int
    advances_minor: int = Field(description="Paid in the month: expenses tagged heating, without those made from bills")
    balance_minor: int = Field(description="Advances less cost: negative means that more will have to be paid")


class CostMonth(Kept):
    """A month over all meters."""

    month: str
    kwh_milli: int
    complete: bool = Field(
        description="Whether use and cost of the whole month are known, for every meter that has readings"
    )
    missing: list[str] = Field(description="What is not known, by the meters' kind and serial")
    currencies: list[CurrencyCost]


class CostReport(Kept):
    """Months in order. Advances are what expenses has published so far: `as_of` says until when."""

    interpolation: Literal["linear"] = Field(description="Use between two readings is spread evenly")
    zone: str = Field(description="Where the months begin")
    as_of: str | None
    months: list[CostMonth]


def cost(first: str | None, last: str | None, zone: tzinfo, reader: Reader) -> CostReport:
    """The report of these months; without months, of all that have readings or advances."""
    meters = store.meters(reader)
    known = [span for span in (months_read(meters, zone, reader), ADVANCES.months(reader)) if span]
    months = months_asked(first, last, (min(known)[0], max(span[1] for span in known)) if known else None)
    advances = ADVANCES.sums(months[0], months[-1], reader) if months else {}
    read = [each for each in meters if store.has_readings(each.id, reader)]
    by_meter = [(each, usages(each, months, zone, reader)) for each in read]
    return CostReport(
        interpolation="linear",
        zone=str(zone),
        as_of=ADVANCES.as_of(reader),
        months=[
            _month(month, [(meter, found[place]) for meter, found in by_meter], advances)
            for place, month in enumerate(months)
        ],
    )


def _month(month: str, usage: list[tuple[Meter, Usage]], advances: dict[tuple[str, str], int]) -> CostMonth:
    costs: dict[str, int] = {}
    for _, each in usage:
        if each.cost:
            costs[each.cost.currency] = costs.get(each.cost.currency, 0) + each.cost.total_minor
    currencies = sorted({*costs, *(currency for paid_in, currency in advances if paid_in == month)})
    return CostMonth(
        month=month,
        kwh_milli=sum(each.kwh_milli or 0 for _, each in usage),
        complete=bool(usage) and all(each.complete and each.missing is None for _, each in usage),
        missing=[f"{meter.kind} {meter.serial}: {each.missing}" for meter, each in usage if each.missing],
        currencies=[
            _currency(currency, costs.get(currency, 0), advances.get((month, currency), 0)) for currency in currencies
        ],
    )


def _currency(currency: str, cost_minor: int, advances_minor: int) -> CurrencyCost:
    return CurrencyCost(
        currency=currency,
        cost_minor=cost_minor,
        advances_minor=advances_minor,
        balance_minor=advances_minor - cost_minor,
    )
