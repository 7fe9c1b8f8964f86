"""The page that people read."""

from dataclasses import replace
from decimal import Decimal

from trackstack_infra.costs.line import Estimate
from trackstack_infra.costs.report.summary import Report
from trackstack_infra.costs.report.text import as_text

PAGE = """\
pragmatic and enterprise · November 2026 · us-east-1
enterprise runs 126 of 720 h, in 9 windows

BY STACK                                             A MONTH ALWAYS ON FREE TIER
  pragmatic                  █████▉            29%     $3.60     $3.60     $0.11
  enterprise                 ███████████████   71%    ≥$9.03   ≥$50.19     $0.00
  total                                       100%   ≥$12.63   ≥$53.79     $0.11
BY LAYER
  persistent                 ▍                  2%     $0.30     $0.30     $0.11
  runtime                    ███████████████   98%    $12.33    $53.49     $0.00
BY DOMAIN
  expenses                   █▋                 8%     $1.02     $5.83     $0.00
  gym                        █▋                 8%     $1.02     $5.83     $0.00
  heating                    █▋                 8%     $1.02     $5.83     $0.00
  shared                     ███████████████   76%     $9.57    $36.30     $0.11
BY METER
  nat.hour                   █████████▍        45%     $5.67    $32.40     $0.00
  ipv4.hour                  █████▉            29%     $3.60     $3.60     $0.00
  fargate.arm.vcpu_hour      █████             24%     $3.06    $17.49     $0.00
  efs.standard_gb_month      ▍                  2%     $0.30     $0.30     $0.00
  1 other                                       0%     $0.00     $0.00     $0.11

Total at least $12.63 a month before tax, at expected use.
If always on: at least $53.79. The schedule saves at least $41.16.
At low use at least $12.36, at high use at least $13.83.

ASSUMED                                                     LOW – HIGH      ADDS
  enterprise  efs.gb            1 GB kept                      0.1 – 5     $0.30

UNPRICED: not in the total, which is therefore at least (≥) what it says
  enterprise: 1 × aws:odd/thing:Thing: no rule

Prices of 2026-11-01, the oldest of them 23 days old, sha256 0123456789ab.
"""


def test_one_page_tells_everything_at_80_columns(report: Report) -> None:
    """Bars, shares, what it costs, what it would always on, what free tiers save; total; what it rests on."""
    assert as_text(report) == PAGE


def test_a_total_of_everything_is_no_least(report: Report) -> None:
    """Neither `at least` nor `≥` where each resource has a price."""
    page = as_text(replace(report, estimate=replace(report.estimate, unpriced=())))
    assert "at least" not in page
    assert "≥" not in page
    assert "Total $12.63 a month" in page


def test_no_line_is_wider_than_asked(report: Report) -> None:
    """At 80 columns, at 100, and at most at 120; narrower terminals get 80."""
    for asked, widest in ((40, 80), (80, 80), (100, 100), (300, 120)):
        assert max(map(len, as_text(report, asked).splitlines())) <= widest


def test_a_long_first_line_is_folded(report: Report) -> None:
    """Three stacks, a long month and a long region are more than 80 columns."""
    long = replace(report, stacks=("pragmatic", "enterprise"), region="ap-southeast-1-and-some-more-of-it")
    assert max(map(len, as_text(long).splitlines())) <= 80


def test_bars_grow_with_the_width(report: Report) -> None:
    """The dearest fills its column."""
    narrow, wide = (max(line.count("█") for line in as_text(report, width).splitlines()) for width in (80, 100))
    assert wide == narrow + 20


def test_a_sum_that_rounding_hides_is_explained(report: Report, make_line) -> None:
    """Two rows of 0.4 cents show as 0.00 each, and as 0.01 together."""
    small = tuple(make_line("pragmatic", name, "0.004", 1, domain=name) for name in ("gym", "heating"))
    page = as_text(replace(report, estimate=Estimate(lines=small, unpriced=(), free=())))
    assert "Total $0.01 a month before tax, at expected use." in page
    assert "Rows by domain, each rounded, add up to $0.00; the total is the exact sum," in page


def test_many_meters_stay_one_page(report: Report, make_line) -> None:
    """The fourteen dearest are named, all others are one row."""
    many = tuple(make_line("pragmatic", f"meter.{number:02}", "1", number + 1) for number in range(30))
    page = as_text(replace(report, estimate=Estimate(lines=many, unpriced=(), free=())))
    assert "meter.16" in page
    assert "meter.15" not in page
    # 1 + 2 + … + 16
    assert any(line.split()[:2] == ["16", "others"] and "$136.00" in line for line in page.splitlines())


def test_an_always_on_stack_has_no_line_about_savings(report: Report) -> None:
    """No sentence about a schedule without one."""
    running = report.calendars["pragmatic"]
    page = as_text(replace(report, calendars={"pragmatic": running, "enterprise": running}))
    assert "schedule" not in page
    assert "runs 126" not in page


def test_old_prices_are_warned_of(report: Report) -> None:
    """The last line says how old they are."""
    assert as_text(replace(report, warning="prices are 61 days old")).endswith("\nWarning: prices are 61 days old.\n")


def test_nothing_at_all_is_a_page_too(report: Report) -> None:
    """No lines: no bars, no division by zero."""
    page = as_text(replace(report, estimate=Estimate(lines=(), unpriced=(), free=()), assumed=(), low=Decimal(0)))
    assert "Total $0.00 a month before tax, at expected use." in page
