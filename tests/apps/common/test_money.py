"""Money: whole minor units in one currency."""

import pytest

from apps.common.money import Money


def test_money_adds_up_in_one_currency_only() -> None:
    """Amounts of one currency add up; two currencies never mix."""
    assert Money(1250, "EUR") + Money(50, "EUR") - Money(300, "EUR") == Money(1000, "EUR")
    assert str(-Money(5, "EUR")) == "-0.05 EUR"
    with pytest.raises(ValueError, match="cannot mix"):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(ValueError, match="not an ISO 4217 currency"):
        Money(1, "EURO")
