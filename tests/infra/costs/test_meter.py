"""How hours and use become what is billed."""

from decimal import Decimal

import pytest

from trackstack_infra.costs.hours import Span, Stretch
from trackstack_infra.costs.meter import Billing, Meter

WEEKEND_DAYS = Span((Stretch(Decimal(9), Decimal("14.5")),))
MONTH = Span((Stretch(Decimal(1), Decimal(720)),))
SHORT = Span((Stretch(Decimal(9), Decimal(11)),))


def billed(billing: Billing, count: str = "2", used: str | None = None, span: Span = WEEKEND_DAYS) -> Decimal:
    return Meter(price="x", count=Decimal(count), billing=billing).quantity(
        span, MONTH, Decimal(used) if used is not None else None
    )


def test_by_the_second() -> None:
    """2 × 9 × 14.5 h."""
    assert billed(Billing.BY_SECOND) == 261


def test_each_begun_hour() -> None:
    """2 × 9 × 15 h."""
    assert billed(Billing.HOURS_STARTED) == 270


def test_begun_hours_of_stated_units() -> None:
    """0.05 capacity units in each of 9 × 15 h."""
    assert billed(Billing.HOURS_STARTED, count="1", used="0.05") == Decimal("6.75")


def test_a_month_each_time() -> None:
    """Nine zones of 14.5 h are nine months, nine of 11 h are free, and one that stays is one month."""
    assert billed(Billing.MONTH_EACH_TIME, count="1") == 9
    assert billed(Billing.MONTH_EACH_TIME, count="1", span=SHORT) == 0
    assert billed(Billing.MONTH_EACH_TIME, count="1", span=MONTH) == 1


@pytest.mark.parametrize("before", range(15))
def test_a_month_once_for_what_lives_across_its_end(before: int) -> None:
    """14 h, of which some are of the month before: one of both months has the fee, wherever the border falls."""
    first = Span((Stretch(Decimal(1), Decimal(before)),))
    second = Span((Stretch(Decimal(1), Decimal(14 - before), before=Decimal(before)),))
    assert sum(billed(Billing.MONTH_EACH_TIME, count="1", span=each) for each in (first, second)) == 1


def test_a_month_for_each_that_it_stays() -> None:
    """What has existed for long is billed in every month that it stays, and not for its last hour."""
    stays = Span((Stretch(Decimal(1), Decimal(720), before=Decimal(168)),))
    ends = Span((Stretch(Decimal(1), Decimal(1), before=Decimal(168)),))
    assert billed(Billing.MONTH_EACH_TIME, count="1", span=stays) == 1
    assert billed(Billing.MONTH_EACH_TIME, count="1", span=ends) == 0


def test_by_the_hour_up_to_the_month() -> None:
    """9 × 15 begun hours of 744, and never more than one month each."""
    assert billed(Billing.HOURLY_UP_TO_MONTH, count="744") == 135
    longest = Span((Stretch(Decimal(1), Decimal(800)),))
    assert billed(Billing.HOURLY_UP_TO_MONTH, count="1", span=longest) == 1


def test_by_the_part_of_the_month() -> None:
    """8 GB over 130.5 of 720 h are 1.45 GB-months."""
    assert billed(Billing.PART_OF_MONTH, count="1", used="8") == Decimal("1.45")


def test_so_many_each_hour() -> None:
    """180 polls in each of 130.5 h."""
    assert billed(Billing.EACH_HOUR, count="180") == 23_490


def test_by_use() -> None:
    """Two requests for each of 1,000 messages, however long anything exists."""
    assert billed(Billing.BY_USE, used="1000") == billed(Billing.BY_USE, used="1000", span=MONTH) == 2000
