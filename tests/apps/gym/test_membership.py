"""What a visit costs, worked out by hand."""

from apps.common.money import Money
from apps.gym.membership import cost_per_visit, months_before, months_between


def test_a_month_alone_and_the_twelve_that_end_with_it() -> None:
    """A visit costs what was paid in a month shared by its visits, and the same over twelve months."""
    visits = {"2025-11": 9, "2025-12": 4, "2026-10": 6, "2026-11": 0}
    costs = {("2025-11", "EUR"): 9999, ("2025-12", "EUR"): 4990, ("2026-10", "EUR"): 4990, ("2026-11", "EUR"): 4990}
    october, november = cost_per_visit(["2026-10", "2026-11"], visits, costs)
    assert (october.alone.visits, october.alone.costs) == (6, (Money(4990, "EUR"),))
    assert october.alone.per_visit(Money(4990, "EUR")) == 832  # 831.67
    # November 2025 to October 2026: 9 + 4 + 6 visits, 99.99 + 49.90 + 49.90.
    assert (october.rolling.visits, october.rolling.costs) == (19, (Money(19979, "EUR"),))
    assert october.rolling.per_visit(Money(19979, "EUR")) == 1052  # 1051.53
    # December 2025 to November 2026.
    assert (november.rolling.visits, november.rolling.costs) == (10, (Money(14970, "EUR"),))
    assert november.rolling.per_visit(Money(14970, "EUR")) == 1497


def test_without_a_visit_there_is_no_cost_per_visit() -> None:
    """A month that was paid but not used has a cost, and none per visit."""
    (month,) = cost_per_visit(["2026-11"], {}, {("2026-11", "EUR"): 4990})
    assert month.alone.costs == (Money(4990, "EUR"),)
    assert month.alone.per_visit(Money(4990, "EUR")) is None


def test_half_a_cent_rounds_up() -> None:
    """The share of a visit is rounded half up, as in expenses."""
    (month,) = cost_per_visit(["2026-11"], {"2026-11": 2}, {("2026-11", "EUR"): 5})
    assert month.alone.per_visit(Money(5, "EUR")) == 3


def test_currencies_are_kept_apart() -> None:
    """Amounts of two currencies are never added."""
    (month,) = cost_per_visit(["2026-11"], {"2026-11": 1}, {("2026-11", "EUR"): 100, ("2026-11", "CHF"): 200})
    assert month.alone.costs == (Money(200, "CHF"), Money(100, "EUR"))


def test_months_are_counted_over_the_end_of_a_year() -> None:
    """Months follow each other over New Year."""
    assert months_between("2026-11", "2027-01") == ["2026-11", "2026-12", "2027-01"]
    assert months_between("2026-11", "2026-10") == []
    assert months_before("2026-01", 1) == "2025-12"
    assert months_before("2026-11", 11) == "2025-12"
