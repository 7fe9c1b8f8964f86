"""Money: whole minor units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.money import MINOR_MAX, Money, minor_of


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("12,5", "EUR", 1250),
        ("-12,50", "EUR", -1250),
        ("\u221212,50", "EUR", -1250),
        ("+7", "EUR", 700),
        ("0", "EUR", 0),
        (".5", "EUR", 50),
        ("1.234,50", "EUR", 123450),
        ("1,234.50", "EUR", 123450),
        ("1'234.50", "CHF", 123450),
        ("1 234,50", "EUR", 123450),
        ("1.234.567", "EUR", 123456700),
        ("1234", "JPY", 1234),
        ("1.234", "KWD", 1234),
    ],
)
def test_amounts_as_people_write_them(text: str, currency: str, minor: int) -> None:
    """Comma or point, grouped or not, each currency with its own number of decimals."""
    assert minor_of(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.234", "EUR"),
        ("12.345", "EUR"),
        ("1.5", "JPY"),
        ("", "EUR"),
        ("-", "EUR"),
        ("--5", "EUR"),
        ("1.2.3", "EUR"),
        ("1,23.456,7", "EUR"),
        ("1e3", "EUR"),
        ("0x10", "EUR"),
        ("NaN", "EUR"),
        ("٣", "EUR"),
        ("12 EUR", "EUR"),
        ("1.", "EUR"),
        ("9" * 30, "EUR"),
    ],
)
def test_what_could_mean_two_things_is_refused(text: str, currency: str) -> None:
    """An amount with too many decimals, a strange sign or no digits is refused instead of guessed."""
    with pytest.raises(ValueError, match=r"amount|decimals"):
        minor_of(text, currency)


@given(st.integers(-MINOR_MAX, MINOR_MAX))
def test_an_amount_reads_back(minor: int) -> None:
    """What is printed is read back as the same amount."""
    for currency in ("EUR", "JPY", "KWD"):
        assert minor_of(str(Money(minor, currency)).removesuffix(f" {currency}"), currency) == minor


def test_money_adds_up_in_one_currency_only() -> None:
    """Amounts of one currency add up; two currencies never mix."""
    assert Money(1250, "EUR") + Money(50, "EUR") - Money(300, "EUR") == Money(1000, "EUR")
    assert str(-Money(5, "EUR")) == "-0.05 EUR"
    with pytest.raises(ValueError, match="cannot mix"):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(ValueError, match="not an ISO 4217 currency"):
        Money(1, "EURO")
