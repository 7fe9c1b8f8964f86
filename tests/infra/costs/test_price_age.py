"""The age of prices: each is as old as the day on which it was read, whatever the date of the file."""

from datetime import date

import pytest

from trackstack_infra.costs.price_age import age_warning, older_than, oldest_days
from trackstack_infra.costs.snapshot import Price, Snapshot, read_snapshot, shipped
from trackstack_infra.errors import Failed

TODAY = date(2027, 1, 1)


def read_on(price: Price, day: date) -> Price:
    """The same price, read on some day."""
    return price.model_copy(update={"retrieved": day})


@pytest.fixture
def mixed(prices: Snapshot) -> list[Price]:
    """Three prices of a snapshot of 2026-11-01, of which one was read on 4 July and one on 5 July."""
    first, second, third, *_ = prices.entries
    return [first, read_on(second, date(2026, 7, 5)), read_on(third, date(2026, 7, 4))]


def test_the_shipped_prices_are_older_than_their_file() -> None:
    """On 1 December 2026 its file is 8 days old, but 107 of 181 prices were read more than 60 days before."""
    snapshot = read_snapshot(shipped())
    if snapshot.snapshot != date(2026, 11, 23):
        pytest.skip("counted by hand for the snapshot of 2026-11-23")
    dated = [each for each in snapshot.entries if each.retrieved <= date(2026, 10, 1)]
    assert len(older_than(snapshot.entries, 60, date(2026, 12, 1))) == len(dated)
    assert len(dated) >= 107


def test_young_prices_need_no_word(prices: Snapshot) -> None:
    """Read on 1 November: 60 days later they are still as new."""
    assert age_warning(prices.entries, prices, date(2026, 12, 31), any_age=False) == ""
    assert age_warning([], prices, TODAY, any_age=False) == ""


def test_old_prices_are_counted_and_the_oldest_is_named(prices: Snapshot, mixed: list[Price]) -> None:
    """61 days after 1 November all three are old; 4 July is 181 days before 1 January, one day over the limit."""
    one = read_on(prices.entries[0], date(2026, 11, 2))
    said = age_warning([one, mixed[0]], prices, TODAY, any_age=False)
    first = f"{mixed[0].id} in us-east-1"
    assert said == (
        f"1 of 1 prices used is over 60 days old; {first} is 61 days old: `trackstack cost prices refresh` renews them"
    )
    assert age_warning([mixed[0], mixed[0]], prices, TODAY, any_age=False) == said
    with pytest.raises(Failed, match=r"1 of 3 prices used is over 180 days old; .* is 181 days old"):
        age_warning(mixed, prices, TODAY, any_age=False)
    assert "3 of 3 prices used are over 60 days old" in age_warning(mixed, prices, TODAY, any_age=True)
    assert oldest_days(mixed, TODAY) == 181


def test_only_prices_that_are_used_matter(prices: Snapshot, mixed: list[Price]) -> None:
    """An old price that no line uses stops nothing."""
    assert "2 of 2" in age_warning(mixed[:2], prices, TODAY, any_age=False)


def test_a_snapshot_of_tomorrow_is_refused_at_any_age(prices: Snapshot) -> None:
    """Its prices would be younger than nothing for weeks; the clock is wrong, or the file."""
    for any_age in (False, True):
        with pytest.raises(Failed, match="the price snapshot is of 2026-11-01, but today is 2026-10-31"):
            age_warning(prices.entries, prices, date(2026, 10, 31), any_age=any_age)
