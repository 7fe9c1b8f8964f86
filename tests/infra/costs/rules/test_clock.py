"""How often schedules come due."""

from decimal import Decimal

import pytest

from trackstack_infra.costs.rules.clock import runs_an_hour


@pytest.mark.parametrize(
    ("expression", "a_day"),
    [
        ("rate(6 hours)", 4),
        ("rate(1 hour)", 24),
        ("rate(5 minutes)", 288),
        ("rate(2 days)", Decimal("0.5")),
        ("cron(0 2 * * ? *)", 1),
        ("cron(0 2,14 * * ? *)", 2),
        ("cron(15 * * * ? *)", 24),
        ("cron(0/5 * * * ? *)", 24 * 60),  # at most: AWS knows no finer clock than a minute
        ("at(2026-11-28T08:00:00)", 0),
    ],
)
def test_runs_a_day(expression: str, a_day: Decimal) -> None:
    """What cannot be counted simply is taken as often as it can be at most."""
    assert round(runs_an_hour(expression) * 24, 20) == a_day


def test_what_is_no_expression_is_refused() -> None:
    """A typing error is not a schedule that never runs."""
    with pytest.raises(ValueError, match="neither a rate, a cron nor an at expression"):
        runs_an_hour("every day")
