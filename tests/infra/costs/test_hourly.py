"""The price of an hour."""

from collections.abc import Callable
from decimal import Decimal

from trackstack_infra.costs.hourly import hourly
from trackstack_infra.costs.line import Estimate, Line, Unpriced
from trackstack_infra.costs.meter import Billing


def test_it_is_what_comes_and_goes_by_the_hour(make_line: Callable[..., Line]) -> None:
    """One NAT gateway 0.045, a bundle of 14.88 a month / 744 = 0.02; neither storage nor gigabytes are hourly."""
    lines = (
        make_line("enterprise", "nat.hour", "0.045", 126, layer="runtime", billing=Billing.HOURS_STARTED),
        make_line("enterprise", "lightsail", "14.88", 1, layer="runtime", billing=Billing.HOURLY_UP_TO_MONTH),
        make_line("enterprise", "nat.gb", "0.045", 5, layer="runtime", billing=Billing.BY_USE, used=Decimal(5)),
        make_line("enterprise", "ipv4.hour", "0.005", 720),
    )
    priced = hourly(Estimate(lines=lines, unpriced=(), free=()))
    assert priced.usd == Decimal("0.065")
    # 5.67 + 14.88 + 0.225 + 3.60 = 24.375
    assert str(priced) == "$0.0650 an hour while up, $24.38 this month by estimate"


def test_a_use_each_hour_counts(make_line: Callable[..., Line]) -> None:
    """0.05 capacity units at 0.008."""
    line = make_line(
        "enterprise", "alb.lcu_hour", "0.008", 6, layer="runtime", billing=Billing.HOURS_STARTED, used=Decimal("0.05")
    )
    assert hourly(Estimate(lines=(line,), unpriced=(), free=())).usd == Decimal("0.0004")


def test_what_has_no_price_is_not_passed_over() -> None:
    """The sentence says that something is missing, and does not call nothing a price."""
    unpriced = Unpriced(stack="enterprise", urn="urn:odd", type="aws:odd/thing:Thing", why="no rule")
    said = str(hourly(Estimate(lines=(), unpriced=(unpriced,), free=())))
    assert said == (
        "hourly cost not known, at least $0.00 this month by estimate (resources without a price, not included: 1)"
    )
