"""An estimate as rows with the columns of CSV and JSON; amounts are texts, because a float would lose some."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from trackstack_infra.costs.hours import HOURS_OF_A_MONTH, Basis, Calendar
from trackstack_infra.costs.line import Line, Unpriced, cents
from trackstack_infra.costs.meter import Billing
from trackstack_infra.costs.report.amounts import plain
from trackstack_infra.costs.report.summary import Report

Row = dict[str, str | bool]

COLUMNS: Final = (
    "environment",
    "layer",
    "domain",
    "component",
    "resource_urn",
    "resource_type",
    "implied",
    "meter",
    "price_id",
    "region",
    "quantity",
    "unit",
    "hours_basis",
    "hours",
    "billing_rule",
    "list_unit_price",
    "free_units",
    "billable_units",
    "monthly_cost_exact",
    "monthly_cost",
    "share_pct",
    "fixed_or_usage",
    "cost_if_24x7",
    "saved_by_schedule",
    "price_source",
    "price_effective_date",
    "confidence",
    "actual_cost",
    "delta",
    "note",
)


def rows(report: Report) -> Iterator[Row]:
    """One a meter, then one a resource nobody can price: its cost is empty, never 0."""
    for line in report.lines:
        yield _priced(line, report)
    for unpriced in report.estimate.unpriced:
        yield _unpriced(unpriced, report)


def _priced(line: Line, report: Report) -> Row:
    whole = report.total.exact
    tier = line.price.tiers[0]
    tiers = f"{plain(tier.usd)} to {plain(tier.stop)}, then tiers" if tier.stop is not None else plain(tier.usd)
    return {
        "environment": line.stack,
        "layer": line.layer,
        "domain": line.domain,
        "component": line.component,
        "resource_urn": line.urn,
        "resource_type": line.type,
        "implied": bool(line.meter.implied),
        "meter": line.price.usage_type,
        "price_id": line.price.id,
        "region": report.region,
        "quantity": plain(line.quantity),
        "unit": line.price.unit,
        "hours_basis": _basis(line, report.calendars[line.stack]),
        "hours": plain(line.hours),
        "billing_rule": line.meter.billing.name.lower(),
        "list_unit_price": tiers,
        "free_units": plain(line.free_units),
        "billable_units": plain(line.billable),
        "monthly_cost_exact": plain(line.exact),
        "monthly_cost": str(cents(line.exact)),
        "share_pct": str(round(line.exact / whole * 100, 1)) if whole else "0.0",
        "fixed_or_usage": "fixed" if line.fixed else "usage",
        "cost_if_24x7": str(cents(line.if_always)),
        "saved_by_schedule": str(cents(line.saved_by_schedule)),
        "price_source": line.price.source,
        "price_effective_date": line.price.effective.isoformat(),
        "confidence": line.price.confidence,
        "actual_cost": "",
        "delta": "",
        "note": "; ".join(filter(None, (line.meter.implied, line.meter.note, "floats" if line.price.floating else ""))),
    }


def _unpriced(unpriced: Unpriced, report: Report) -> Row:
    known: Row = {
        "environment": unpriced.stack,
        "resource_urn": unpriced.urn,
        "resource_type": unpriced.type,
        "region": report.region,
        "note": f"unpriced: {unpriced.why}",
    }
    return {column: known.get(column, False if column == "implied" else "") for column in COLUMNS}


def _basis(line: Line, calendar: Calendar) -> str:
    """`schedule` for what stops on schedule; else where the month's own length comes from."""
    stops = (line.layer == "runtime" or line.meter.only_running) and calendar.running != calendar.month
    if stops and line.meter.billing is not Billing.BY_USE:
        return "schedule"
    if calendar.basis is Basis.ASSUMED:
        return str(HOURS_OF_A_MONTH)
    return calendar.basis.value


def amount(value: Decimal) -> str:
    """Cents, as text."""
    return str(cents(value))
