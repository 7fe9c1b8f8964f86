"""Limits of `cost-report`: what keeps them, what breaks them, and what nobody can tell."""

import json
from collections.abc import Callable
from pathlib import Path

Report = Callable[..., tuple[int, str, str]]


def test_a_budget_that_is_broken_exits_6_and_names_the_lines(report: Report) -> None:
    """The report is printed all the same; what did it is on stderr."""
    code, out, err = report("enterprise", "--budget", "5.00")
    assert code == 6
    assert "Total $5.24" in out
    assert err.splitlines()[:3] == [
        "error: $5.24 a month is $0.24 over the budget of $5.00",
        "  enterprise  only             nat.hour                   $5.04",
        "  enterprise  only             nat.gb                     $0.20",
    ]
    code, out, err = report("enterprise", "--budget", "5.24")
    assert (code, err) == (0, "")
    assert out.endswith("\nBudget fits: $5.24 of $5.24.\n")


def test_no_limit_is_kept_by_a_total_that_lacks_something(report: Report, tmp_path: Path) -> None:
    """Foundation's thing has no price: whatever the budget, exit 6, unless --allow-unpriced says that it may lack."""
    code, out, err = report("--budget", "1000")
    assert code == 6
    assert "Total at least $8.84" in out
    assert "fits" not in out
    assert err.startswith("error: resources without a price: 1 (aws:odd/thing:Thing); no limit can be checked")
    assert "--allow-unpriced" in err
    code, out, err = report("--budget", "1000", "--allow-unpriced")
    assert (code, err) == (0, "")
    assert out.endswith("\nBudget fits: at least $8.84 of $1,000.00.\n")
    saved = tmp_path / "main.json"
    saved.write_text(report("--json")[1])
    assert report("--baseline", str(saved), "--max-increase", "10%")[0] == 6
    assert report("--baseline", str(saved), "--max-increase", "10%", "--allow-unpriced")[0] == 0
    assert report("foundation", "--budget", "0")[0] == 6


def test_json_of_a_broken_budget_is_still_one_document(report: Report) -> None:
    """With the limit and its lines in it; the exit code is 6."""
    code, out, _ = report("enterprise", "--budget", "5", "--json")
    assert code == 6
    assert json.loads(out)["breaches"][0]["lines"][0] == {
        "stack": "enterprise",
        "component": "only",
        "price": "nat.hour",
        "usd": "5.04",
    }


def test_a_longer_month_is_no_increase(report: Report, tmp_path: Path) -> None:
    """From 5.24 in November to 5.80 in May, which has 14 h more: all of it is the calendar's, and none counts."""
    saved = tmp_path / "main.json"
    saved.write_text(report("enterprise", "--json")[1])
    more = ("enterprise", "--month", "2026-05", "--baseline", str(saved), "--max-increase", "0%")
    code, out, err = report(*more)
    assert (code, err) == (0, "")
    assert (
        "Increase fits: $5.24 a month is as much as the $5.24 of main.json (November 2026); 0% is allowed. The calendar"
        " alone, May 2026 instead of November 2026, adds $0.56, which does not count.\n"
    ) in out
    _, comment, _ = report(*more, "--format", "markdown")
    assert "change from main.json, November 2026 |" in comment
    assert "| enterprise | $5.80 | $29.96 | $0.00 | = |" in comment  # 744 × 0.04 + 0.20


def test_an_increase_over_a_saved_report_exits_6(report: Report, tmp_path: Path) -> None:
    """50 GB instead of 5: 7.04 in November, 34.4 % more than the 5.24 of then; in May's report it is the same."""
    saved, mine = tmp_path / "main.json", tmp_path / "usage.yaml"
    saved.write_text(report("enterprise", "--json")[1])
    mine.write_text(
        "schema: 1\nassumptions:\n  nat.gb: {unit: GB, why: measured, each: {any: {low: 1, expected: 50, high: 100}}}\n"
    )
    more = ("enterprise", "--month", "2026-05", "--usage", str(mine), "--baseline", str(saved), "--max-increase")
    code, _, err = report(*more, "34%")
    assert code == 6
    assert "$7.04 a month is $1.80 (+34.4 %) more than the $5.24 of main.json (November 2026); 34% is allowed" in err
    assert "nat.gb                     $1.80" in err
    assert report(*more, "35%")[0] == 0
    assert report(*more, "1.80")[0] == 0
    assert report(*more, "1.79")[0] == 6
    _, comment, _ = report(*more, "10%", "--format", "markdown")
    assert "> **Over the limit:**" in comment
    assert "+$1.80" in comment
