"""The report for programs."""

import json
from dataclasses import replace
from decimal import Decimal

from trackstack_infra.costs.report.json import as_document
from trackstack_infra.costs.report.rows import COLUMNS
from trackstack_infra.costs.report.summary import Report


def test_it_holds_what_the_page_holds(report: Report) -> None:
    """Totals in cents as texts, next to exact ones."""
    made = as_document(report)
    assert {
        key: made[key] for key in ("total", "total_exact", "always_on", "saved_by_schedule", "free_tier_saved")
    } == {
        "total": "12.63",
        "total_exact": "12.62991",
        "always_on": "53.79",
        "saved_by_schedule": "41.16",  # 53.7852 − 12.62991 = 41.15529
        "free_tier_saved": "0.11",
    }
    assert made["at_least"] is True
    assert as_document(replace(report, estimate=replace(report.estimate, unpriced=())))["at_least"] is False
    assert made["hours"]["enterprise"] == {"label": "2026-11", "basis": "calendar", "month": "720", "running": "126"}
    assert made["prices"] == {"snapshot": "2026-11-01", "age_days": 23, "sha256": "0123456789abcdef" * 4}
    assert made["subtotals"]["domain"]["gym"] == {
        "monthly_cost": "1.02",
        "monthly_cost_exact": "1.01997",
        "cost_if_24x7": "5.83",
        "free_tier_saved": "0.00",
    }
    assert made["assumptions"][0]["makes"] == "0.30"
    assert made["unpriced"] == [
        {"stack": "enterprise", "type": "aws:odd/thing:Thing", "urn": "urn:odd", "why": "no rule"}
    ]


def test_a_row_has_all_columns_in_order(report: Report) -> None:
    """Its amounts are exact texts; how long the runtime layer is there comes from the schedule."""
    row = as_document(report)["rows"][2]
    assert tuple(row) == COLUMNS
    assert {key: row[key] for key in ("meter", "price_id", "quantity", "hours_basis", "billing_rule", "share_pct")} == {
        "meter": "Made-nat.hour",
        "price_id": "nat.hour",
        "quantity": "126",
        "hours_basis": "schedule",
        "billing_rule": "hours_started",
        "share_pct": "44.9",  # 5.67 / 12.62991
    }
    assert (row["monthly_cost"], row["cost_if_24x7"], row["saved_by_schedule"]) == ("5.67", "32.40", "26.73")
    assert row["implied"] is False


def test_free_units_stand_beside_what_is_billed(report: Report) -> None:
    """All 262,800 requests were free."""
    row = as_document(report)["rows"][1]
    assert (row["quantity"], row["free_units"], row["billable_units"]) == ("262800", "262800", "0")
    assert (row["hours_basis"], row["monthly_cost_exact"]) == ("calendar", "0")


def test_what_has_no_price_is_a_row_without_cost(report: Report) -> None:
    """Its cost is empty, never 0."""
    row = as_document(report)["rows"][-1]
    assert tuple(row) == COLUMNS
    assert (row["resource_type"], row["monthly_cost"], row["monthly_cost_exact"], row["note"]) == (
        "aws:odd/thing:Thing",
        "",
        "",
        "unpriced: no rule",
    )


def test_exact_amounts_come_back_from_the_document(report: Report) -> None:
    """The rows' exact amounts add up to the total; no float has touched them."""
    made = json.loads(json.dumps(as_document(report)))
    assert sum(Decimal(row["monthly_cost_exact"] or 0) for row in made["rows"]) == Decimal("12.62991")


def test_the_note_on_rounding_is_there_when_rows_do_not_add_up(report: Report, make_line) -> None:
    """Two rows of 0.4 cents; the total is 0.01."""
    small = tuple(make_line("pragmatic", name, "0.004", 1) for name in ("a", "b"))
    made = as_document(replace(report, estimate=replace(report.estimate, lines=small)))
    assert made["notes"] == ["rows, each rounded, add up to $0.00; the total is the exact sum, rounded once"]
    assert made["total"] == "0.01"
    assert as_document(report)["notes"] == []
