"""A report whose every figure can be worked out by hand: pragmatic all month, enterprise 126 of 720 h."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from trackstack_infra.costs.hours import Basis, Calendar, Span, Stretch
from trackstack_infra.costs.line import Estimate, Line, Unpriced
from trackstack_infra.costs.meter import Billing
from trackstack_infra.costs.report.summary import Assumed, Report
from trackstack_infra.costs.usage import Level, Range

Lines = Callable[..., Line]


def span(times: int, hours: int) -> Span:
    """So many times so many hours."""
    return Span((Stretch(Decimal(times), Decimal(hours)),))


@pytest.fixture
def lines(make_line: Lines) -> tuple[Line, ...]:
    """Exact: 3.60 + 0 + 5.67 + 3 × 1.01997 + 0.30 = 12.62991; always on 3.60 + 32.40 + 3 × 5.8284 + 0.30 = 53.7852."""
    tasks = [
        make_line("enterprise", "fargate.arm.vcpu_hour", "0.03238", "31.5", always=180, layer="runtime", domain=domain)
        for domain in ("expenses", "gym", "heating")
    ]
    return (
        make_line("pragmatic", "ipv4.hour", "0.005", 720, layer="runtime"),
        make_line(  # free: 262,800 × 0.0000004 = 0.10512
            "pragmatic", "sqs.request", "0.0000004", 262800, free=262800, billing=Billing.EACH_HOUR, component="gym"
        ),
        make_line("enterprise", "nat.hour", "0.045", 126, always=720, layer="runtime", billing=Billing.HOURS_STARTED),
        *tasks,
        make_line("enterprise", "efs.standard_gb_month", "0.30", 1, billing=Billing.PART_OF_MONTH, usage="efs.gb"),
    )


@pytest.fixture
def report(lines: tuple[Line, ...]) -> Report:
    """Of November 2026, made on the 24th from prices of the 1st."""
    month = span(1, 720)
    return Report(
        stacks=("pragmatic", "enterprise"),
        calendars={
            "pragmatic": Calendar("2026-11", Basis.CALENDAR, month, month),
            "enterprise": Calendar("2026-11", Basis.CALENDAR, month, span(9, 14)),
        },
        region="us-east-1",
        level=Level.EXPECTED,
        free_tier=True,
        estimate=Estimate(
            lines=lines,
            unpriced=(Unpriced(stack="enterprise", urn="urn:odd", type="aws:odd/thing:Thing", why="no rule"),),
            free=(("aws:ec2/vpc:Vpc", "costs nothing"),),
        ),
        low=Decimal("12.36"),
        high=Decimal("13.83"),
        assumed=(
            Assumed(
                "efs.gb",
                "enterprise",
                Decimal(1),
                Range(low="0.1", expected=1, high=5),
                "GB kept",
                "databases of tens of MB | and copies",
                Decimal("0.30"),
            ),
        ),
        snapshot=date(2026, 11, 1),
        sha256="0123456789abcdef" * 4,
        age_days=23,
        warning="",
    )
