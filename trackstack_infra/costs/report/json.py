"""The report for programs, and what `--baseline` reads back. Amounts are texts: a float would lose some of them."""

from collections.abc import Iterable
from typing import Any, Final

from trackstack_infra.costs.hours import Calendar
from trackstack_infra.costs.report.amounts import plain
from trackstack_infra.costs.report.rows import amount, rows
from trackstack_infra.costs.report.summary import Assumed, Report, Sum

SCHEMA: Final = 1


def as_document(report: Report) -> dict[str, Any]:
    """Everything the other formats show, and the exact rows."""
    total = report.total
    return {
        "schema": SCHEMA,
        "stacks": list(report.stacks),
        "period": report.period,
        "region": report.region,
        "use": report.level.value,
        "free_tier": report.free_tier,
        "hours": {stack: _hours(calendar) for stack, calendar in report.calendars.items()},
        "at_least": report.gaps,
        "total": amount(total.exact),
        "total_exact": plain(total.exact),
        "always_on": amount(total.if_always),
        "saved_by_schedule": amount(total.if_always - total.exact),
        "free_tier_saved": amount(total.free_saved),
        "at_low_use": amount(report.low),
        "at_high_use": amount(report.high),
        "subtotals": {
            "stack": _sums(report.by_stack),
            "layer": _sums(report.by_layer),
            "domain": _sums(report.by_domain),
            "meter": _sums(report.by_meter),
        },
        "shared": report.shared.value,
        "rows": list(rows(report)),
        "unpriced": [
            {"stack": each.stack, "type": each.type, "urn": each.urn, "why": each.why}
            for each in report.estimate.unpriced
        ],
        "free": [{"type": type_, "why": why} for type_, why in report.estimate.free],
        "assumptions": [_assumption(each) for each in report.assumed],
        "prices": {
            "snapshot": report.snapshot.isoformat(),
            "age_days": report.age_days,
            "sha256": report.sha256,
        },
        "notes": [*filter(None, (report.rounding_note("rows", (line.exact for line in report.lines)), report.warning))],
    }


def _hours(calendar: Calendar) -> dict[str, str]:
    return {
        "label": calendar.label,
        "basis": calendar.basis.value,
        "month": plain(calendar.month.hours),
        "running": plain(calendar.running.hours),
    }


def _sums(sums: Iterable[Sum]) -> dict[str, dict[str, str]]:
    return {
        each.name: {
            "monthly_cost": amount(each.exact),
            "monthly_cost_exact": plain(each.exact),
            "cost_if_24x7": amount(each.if_always),
            "free_tier_saved": amount(each.free_saved),
        }
        for each in sums
    }


def _assumption(each: Assumed) -> dict[str, str]:
    return {
        "id": each.id,
        "stack": each.stack,
        "figure": plain(each.figure),
        "low": plain(each.range.low),
        "expected": plain(each.range.expected),
        "high": plain(each.range.high),
        "unit": each.unit,
        "why": each.why,
        "makes": amount(each.effect),
    }
