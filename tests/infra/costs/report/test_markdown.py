"""The comment on a pull request."""

from dataclasses import replace
from decimal import Decimal

from trackstack_infra.costs.gate import Compared, Gate
from trackstack_infra.costs.limits import Baseline, Breach, Culprit
from trackstack_infra.costs.report.markdown import LONGEST, as_markdown
from trackstack_infra.costs.report.summary import Report
from trackstack_infra.costs.scope import Period


def test_totals_are_in_sight_and_the_rest_is_folded(report: Report) -> None:
    """The heading says the price; sums by layer, domain and meter open on a click."""
    text = as_markdown(report)
    before_the_fold = text.split("<details>")[0]
    assert before_the_fold.startswith("### pragmatic and enterprise: at least $12.63 a month\n")
    assert "| pragmatic | $3.60 | $3.60 | $0.11 |" in before_the_fold
    assert "| enterprise | at least $9.03 | at least $50.19 | $0.00 |" in before_the_fold
    assert "| **total** | **at least $12.63** | at least $53.79 | $0.11 |" in before_the_fold
    assert text.count("<details>") == text.count("</details>") == 4
    assert len(text) < LONGEST


def test_a_pipe_in_a_reason_does_not_break_the_table(report: Report) -> None:
    """It is escaped."""
    assert "| databases of tens of MB \\| and copies |" in as_markdown(report)


def test_what_has_no_price_is_in_sight(report: Report) -> None:
    """A total that lacks something says so outside of any fold."""
    assert "- enterprise: 1 × `aws:odd/thing:Thing`: no rule" in as_markdown(report).split("</details>")[-1]


def test_against_a_baseline_each_stack_shows_its_change(report: Report) -> None:
    """Both in the baseline's month: enterprise was 8.03 and is 8.53 in October; pragmatic stays."""
    lines = {
        ("pragmatic", "ipv4", "aws:made/up:Up", "ipv4.hour"): Decimal("3.60"),
        ("enterprise", "nat", "aws:made/up:Up", "nat.hour"): Decimal("8.02991"),
    }
    old = Baseline("main.json", ("pragmatic", "enterprise"), "October 2026", Decimal("11.62991"), lines)
    # enterprise in October is 8.52991 now
    nat = replace(report.lines[2], exact=Decimal("8.52991"))
    october = replace(report.estimate, lines=(*report.lines[:2], nat), unpriced=())
    text = as_markdown(report, (), Compared(old, Period(month=(2026, 11)), october, Decimal("0.50")))
    assert "| stack | a month | always on | free tier saves | change from main.json, October 2026 |" in text
    assert "| pragmatic | $3.60 | $3.60 | $0.11 | = |" in text
    assert "| enterprise | at least $9.03 | at least $50.19 | $0.00 | +$0.50 |" in text
    assert "| **total** | **at least $12.63** | at least $53.79 | $0.11 | +$0.50 |" in text


def test_a_broken_limit_comes_first(report: Report) -> None:
    """With the lines that did it."""
    breach = Breach("$12.63 is over", (Culprit("enterprise", "nat", "nat.hour", Decimal("5.67")),))
    text = as_markdown(report, [Gate("budget", breach.message, breach)])
    assert text.index("> **Over the limit:** $12.63 is over") < text.index("| stack |")
    assert "> - enterprise, nat: `nat.hour` $5.67" in text


def test_a_limit_that_is_kept_is_told_unless_nothing_can_be(report: Report) -> None:
    """A budget fits, unless a resource has no price and that matters."""
    fits, gaps = Gate("budget", "fits: $1.00 of $2.00"), Gate("unpriced", "no price for a thing", Breach("no", ()))
    assert "> Budget fits: $1.00 of $2.00" in as_markdown(report, [fits])
    text = as_markdown(report, [gaps, fits])
    assert "> **Not checked:** no price for a thing" in text
    assert "fits" not in text


def test_old_prices_are_warned_of(report: Report) -> None:
    """As a quotation, in sight."""
    assert "> prices are 61 days old" in as_markdown(replace(report, warning="prices are 61 days old"))
