"""Budgets and increases: when they are broken, and what did it."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from trackstack_infra.costs.limits import Baseline, over_budget, over_increase, parse_limit, read_baseline
from trackstack_infra.costs.line import Estimate, Line
from trackstack_infra.costs.scope import Period
from trackstack_infra.errors import UsageError


@pytest.fixture
def estimate(make_line: Callable[..., Line]) -> Estimate:
    """NAT for 6.00, an address for 3.00, storage for 0.004: 9.004, shown as 9.00."""
    return Estimate(
        lines=(
            make_line("enterprise", "nat.hour", "0.05", 120),
            make_line("enterprise", "ipv4.hour", "0.025", 120),
            make_line("enterprise", "s3.standard_gb_month", "0.004", 1),
        ),
        unpriced=(),
        free=(),
    )


def baseline(total: str, **lines: str) -> Baseline:
    """Of enterprise; names are components, whose price is the one they have here."""
    prices = {"nat": "nat.hour", "ipv4": "ipv4.hour"}
    found = {("enterprise", name, "aws:made/up:Up", prices[name]): Decimal(usd) for name, usd in lines.items()}
    month = Period(month=(2026, 11))
    return Baseline(
        "main.json", ("enterprise",), "November 2026", Decimal(total), found, month=month, region="us-east-1"
    )


def test_a_budget_is_held_by_what_is_shown(estimate: Estimate) -> None:
    """9.004 is shown as 9.00, which a budget of 9.00 allows."""
    assert over_budget(estimate, Decimal("9.00")) is None


def test_a_broken_budget_names_the_dearest_lines(estimate: Estimate) -> None:
    """A cent more than allowed; lines of less than half a cent are nobody's fault."""
    breach = over_budget(estimate, Decimal("8.99"))
    assert breach is not None
    assert breach.message == "$9.00 a month is $0.01 over the budget of $8.99"
    assert [(each.price, each.usd) for each in breach.culprits] == [
        ("nat.hour", Decimal("6.00")),
        ("ipv4.hour", Decimal("3.000")),
    ]


@pytest.mark.parametrize(
    ("before", "limit", "broken"),
    [
        ("8.19", "10%", False),  # 9.009
        ("8.18", "9.9%", True),  # 8.98982
        ("8.18", "0.82", False),  # 9.00, and the 0.4 cents above it are shown nowhere
        ("8.18", "$0.81", True),  # 8.99
        ("9.004", "0%", False),
    ],
)
def test_an_increase_is_a_part_or_dollars(estimate: Estimate, before: str, limit: str, broken: bool) -> None:
    """Now it is 9.004."""
    assert (over_increase(estimate, baseline(before, nat="6"), parse_limit(limit)) is not None) is broken


def test_what_grew_is_named_by_how_much(estimate: Estimate) -> None:
    """NAT was 4.00 and is 6.00; the address was not there; what fell does not matter."""
    breach = over_increase(estimate, baseline("4.00", nat="4"), parse_limit("10%"))
    assert breach is not None
    assert breach.message == (
        "$9.00 a month is $5.00 (+125.1 %) more than the $4.00 of main.json (November 2026); 10% is allowed"
    )
    assert [(each.price, each.usd) for each in breach.culprits] == [
        ("ipv4.hour", Decimal("3.000")),
        ("nat.hour", Decimal("2.00")),
    ]


def test_what_became_cheaper_breaks_nothing(estimate: Estimate) -> None:
    """From 20 to 9."""
    assert over_increase(estimate, baseline("20", nat="20"), parse_limit("0%")) is None


def test_growing_from_nothing_is_growing(estimate: Estimate) -> None:
    """A part of nothing is nothing; there is no percentage to tell."""
    breach = over_increase(estimate, baseline("0"), parse_limit("10%"))
    assert breach is not None
    assert "%)" not in breach.message


@pytest.mark.parametrize("text", ["much", "-1", "-5%", "nan", "%", "1e9%"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    """With the two forms it may have."""
    with pytest.raises(UsageError, match="is not an increase"):
        parse_limit(text)


def saved(path: Path, **changed: object) -> Path:
    """A report as it was saved, or one with something wrong."""
    row = {
        "environment": "enterprise",
        "component": "nat",
        "resource_type": "aws:made/up:Up",
        "price_id": "nat.hour",
        "monthly_cost_exact": "4.00",
    }
    whole = {
        "schema": 1,
        "stacks": ["enterprise"],
        "period": "November 2026",
        "region": "us-east-1",
        "total_exact": "4.00",
        "hours": {"enterprise": {"label": "2026-11", "basis": "calendar", "month": "720", "running": "126"}},
        "use": "expected",
        "free_tier": True,
        "unpriced": [],
        "rows": [row, {**row, "price_id": "", "monthly_cost_exact": ""}],
    }
    path.write_text(json.dumps({**whole, **changed}))
    return path


def test_a_saved_report_is_read_back(tmp_path: Path) -> None:
    """Rows without a price are left out."""
    read = read_baseline(saved(tmp_path / "main.json"), ("enterprise",), region="us-east-1")
    assert read == baseline("4.00", nat="4.00")


@pytest.mark.parametrize(
    ("calendars", "month"),
    [
        ({"a": ("calendar", "2027-02")}, Period(month=(2027, 2))),
        ({"a": ("average", "average"), "b": ("average", "average")}, Period()),
        ({"a": ("assumed", "730 h"), "b": ("assumed", "112 h")}, Period(hours=Decimal(112))),
        ({"a": ("assumed", "744 h"), "b": ("assumed", "744 h")}, Period(hours=Decimal(744))),
        ({"a": ("assumed", "730 h")}, Period(hours=Decimal(730))),
    ],
)
def test_the_month_of_a_saved_report_is_read_back(
    tmp_path: Path, calendars: dict[str, tuple[str, str]], month: Period
) -> None:
    """A real month, the average one, or so many hours: what is named for stacks with a schedule, 730 h for others."""
    hours = {stack: {"basis": basis, "label": label} for stack, (basis, label) in calendars.items()}
    assert read_baseline(saved(tmp_path / "main.json", hours=hours), ("enterprise",), region="us-east-1").month == month


def test_a_report_of_other_use_is_no_baseline(tmp_path: Path) -> None:
    """High use against expected use, or without free tiers against with them, is no change of the programs."""
    with pytest.raises(UsageError, match="is of expected use, with free tiers, and this report is not"):
        read_baseline(saved(tmp_path / "main.json"), ("enterprise",), region="us-east-1", use="high")
    with pytest.raises(UsageError, match="without free tiers, and this report is not"):
        read_baseline(saved(tmp_path / "main.json", free_tier=False), ("enterprise",), region="us-east-1")
    with pytest.raises(UsageError, match="is of us-east-1, and this report of eu-central-1"):
        read_baseline(saved(tmp_path / "main.json"), ("enterprise",), region="eu-central-1")


@pytest.mark.parametrize(
    "changed",
    [
        {"schema": 2},
        {"rows": None},
        {"total_exact": "a lot"},
        {"total_exact": "Infinity"},  # nothing would ever be more
        {"total_exact": "NaN"},
        {"rows": [{}]},
        {"stacks": None},
        {"hours": {}},
        {"hours": {"enterprise": {"basis": "calendar", "label": "may"}}},
        {"unpriced": None},
    ],
)
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, changed: dict[str, object]) -> None:
    """In a sentence that says how to save one."""
    with pytest.raises(UsageError, match=r"main\.json is not a report") as refused:
        read_baseline(saved(tmp_path / "main.json", **changed), ("enterprise",), region="us-east-1")
    assert "cost-report --json" in (refused.value.hint or "")


def test_neither_text_nor_a_list_is_a_report(tmp_path: Path) -> None:
    """No traceback for either."""
    for text in ("# Costs", "[1]", '"a"'):
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(UsageError, match="is not a report"):
            read_baseline(tmp_path / "x.json", ("enterprise",), region="us-east-1")
    with pytest.raises(UsageError, match="cannot read the baseline"):
        read_baseline(tmp_path / "none.json", ("enterprise",), region="us-east-1")


def test_a_report_of_other_stacks_is_no_baseline(tmp_path: Path) -> None:
    """Their totals cannot be compared."""
    with pytest.raises(UsageError, match="covers enterprise, not pragmatic"):
        read_baseline(saved(tmp_path / "main.json"), ("pragmatic",), region="us-east-1")
