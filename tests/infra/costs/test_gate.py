"""Gates: a limit is kept only by what is known to keep it, and a month is compared with the same month."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from trackstack_infra.costs.gate import budget_gate, compare, increase_gate, priced_gate
from trackstack_infra.costs.limits import Baseline, parse_limit
from trackstack_infra.costs.line import Estimate, Line, Unpriced
from trackstack_infra.costs.scope import Period

Make = Callable[..., Line]
ODD = Unpriced(stack="enterprise", urn="urn:odd", type="aws:odd/thing:Thing", why="no rule")
NOVEMBER, MAY = Period(month=(2026, 11)), Period(month=(2026, 5))


@pytest.fixture
def nat(make_line: Make) -> Callable[..., Estimate]:
    """A NAT gateway at 5 cents for so many hours."""

    def made(hours: int, *unpriced: Unpriced) -> Estimate:
        return Estimate(lines=(make_line("enterprise", "nat.hour", "0.05", hours),), unpriced=unpriced, free=())

    return made


def baseline(total: str) -> Baseline:
    """Of November 2026, when the NAT gateway was all there was."""
    key = ("enterprise", "nat", "aws:made/up:Up", "nat.hour")
    return Baseline(
        "main.json", ("enterprise",), "November 2026", Decimal(total), {key: Decimal(total)}, month=NOVEMBER
    )


def test_a_budget_says_that_it_fits(nat: Callable[..., Estimate]) -> None:
    """126 h are 6.30."""
    gate = budget_gate(nat(126), Decimal(10))
    assert (gate.holds, gate.message) == (True, "fits: $6.30 of $10.00")
    assert priced_gate(nat(126)).holds


def test_nothing_is_known_of_a_total_with_gaps(nat: Callable[..., Estimate]) -> None:
    """6.30 is the least that it costs: the gate for prices is broken, and the budget says `at least`."""
    gate = priced_gate(nat(126, ODD, ODD))
    assert not gate.holds
    assert gate.message.startswith("resources without a price: 2 (aws:odd/thing:Thing); no limit can be checked")
    assert budget_gate(nat(126, ODD), Decimal(10)).message == "fits: at least $6.30 of $10.00"
    assert budget_gate(nat(126, ODD), Decimal(5)).message == ("at least $6.30 a month is $1.30 over the budget of $5")


def test_a_longer_month_is_no_increase(nat: Callable[..., Estimate]) -> None:
    """May has 140 h and November 126: 7.00 instead of 6.30 is what the calendar did, and the programs did nothing."""
    months = {NOVEMBER: nat(126), MAY: nat(140)}
    compared = compare(baseline("6.30"), MAY, months.__getitem__)
    assert compared.calendar == Decimal("0.70")
    gate = increase_gate(compared, "May 2026", parse_limit("0%"))
    assert gate.holds
    assert gate.message == (
        "fits: $6.30 a month is as much as the $6.30 of main.json (November 2026); 0% is allowed. The calendar alone,"
        " May 2026 instead of November 2026, adds $0.70, which does not count"
    )


def test_a_shorter_month_hides_no_increase(nat: Callable[..., Estimate]) -> None:
    """Six hours more each month than the baseline's 5.60; in the shorter month it is 5.60 again, and still dearer."""
    months = {NOVEMBER: nat(118), MAY: nat(112)}
    gate = increase_gate(compare(baseline("5.60"), MAY, months.__getitem__), "May 2026", parse_limit("5%"))
    assert gate.breach is not None
    # 118 × 0.05 = 5.90, 0.30 more than 5.60, 5.4 %
    assert gate.message == (
        "$5.90 a month is $0.30 (+5.4 %) more than the $5.60 of main.json (November 2026); 5% is allowed. The calendar"
        " alone, May 2026 instead of November 2026, takes off $0.30, which does not count"
    )
    assert [(each.price, each.usd) for each in gate.breach.culprits] == [("nat.hour", Decimal("0.30"))]


def test_hours_that_somebody_named_are_a_calendar_too(nat: Callable[..., Estimate]) -> None:
    """From 112 to 120 h of the same month of 730 h: 8 h at 5 cents, which the calendar did."""
    saved = replace(baseline("5.60"), period="a month of 730 h", month=Period(hours=Decimal(112)))
    months = {Decimal(112): nat(112), Decimal(120): nat(120)}
    compared = compare(saved, Period(hours=Decimal(120)), lambda period: months[period.hours or Decimal(0)])
    said = increase_gate(compared, "a month of 730 h", parse_limit("0%")).message
    assert said.endswith("The calendar alone, 120 h instead of 112 h, adds $0.40, which does not count")


def test_the_same_month_is_priced_once(nat: Callable[..., Estimate]) -> None:
    """And nothing is said of calendars."""
    asked: list[Period] = []

    def estimate(period: Period) -> Estimate:
        asked.append(period)
        return nat(126)

    gate = increase_gate(compare(baseline("7"), NOVEMBER, estimate), "November 2026", parse_limit("1"))
    assert asked == [NOVEMBER]
    assert gate.message == "fits: $6.30 a month is $0.70 less than the $7.00 of main.json (November 2026); 1 is allowed"
