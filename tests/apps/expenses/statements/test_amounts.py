"""Amounts: what people and programs write, in minor units."""

import pytest

from apps.common.imports.decimals import Sign
from apps.expenses.statements.amounts import Amount


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1.234,50", "EUR", 123450),
        ("12,50-", "EUR", -1250),
        ("(12,50)", "EUR", -1250),
        ("-12,50", "EUR", -1250),
        ("\u221212,50", "EUR", -1250),
        ("+12,50", "EUR", 1250),
        ("12,50 €", "EUR", 1250),
        ("€12.50", "EUR", 1250),
        ("-$12.50", "USD", -1250),
        ("$-12.50", "CAD", -1250),
        ("($12.50)", "USD", -1250),
        ("EUR 12,50", "EUR", 1250),
        ("12,50 CHF", "CHF", 1250),
        ("1\u202f234,50", "EUR", 123450),
        ("1\u00a0234,50", "EUR", 123450),
        ("1 234,50", "EUR", 123450),
        ("1'234.50", "CHF", 123450),
        ("1\u2019234.50", "CHF", 123450),
        ("1,23,456.00", "INR", 12345600),
        ("1,234", "JPY", 1234),
        ("1234.00", "JPY", 1234),
        ("12.500000000000002", "EUR", 1250),
        ("374.830000000", "EUR", 37483),
        (".50", "EUR", 50),
        ("12", "EUR", 1200),
        ("1.234,567", "KWD", 1234567),
        ("12.345", "KWD", None),
    ],
)
def test_an_amount_is_read_as_what_it_is(text: str, currency: str, minor: int | None) -> None:
    """Signs before and behind, parentheses, marks, groups of any kind: what has one meaning needs no file to tell."""
    if minor is None:
        with pytest.raises(ValueError, match="two meanings"):
            Amount(text).minor(currency, None)
    else:
        assert Amount(text).minor(currency, None) == minor


@pytest.mark.parametrize(
    ("text", "currency", "sign", "minor"),
    [("1,234", "EUR", "dot", 123400), ("1.234", "EUR", "comma", 123400), ("1.234", "KWD", "dot", 1234)],
)
def test_two_meanings_are_told_apart_by_the_file(text: str, currency: str, sign: Sign, minor: int) -> None:
    """`1,234` is 1,234.00 where the decimal sign is a dot."""
    assert Amount(text).minor(currency, sign) == minor


@pytest.mark.parametrize(
    ("text", "currency", "reason"),
    [
        ("1,234", "EUR", "two meanings"),
        ("0.3333", "EUR", "has 4 decimals, but EUR has 2"),
        ("12.505", "EUR", "two meanings"),
        ("12.5050", "EUR", "has 4 decimals"),
        ("1.2E+03", "EUR", "is not an amount"),
        ("$12.50", "EUR", r"has \$, but the currency is EUR"),
        ("12.50 USD", "EUR", "has USD, but the currency is EUR"),
        ("(-12.50)", "EUR", "has a sign inside of parentheses"),
        ("--12.50", "EUR", "is not an amount"),
        ("-12.50-", "EUR", "is not an amount"),
        ("(12.50", "EUR", "is not an amount"),
        ("€12.50€", "EUR", "is not an amount"),
        ("12,34,5", "EUR", "is not an amount"),
        ("1.23.456", "EUR", "is not an amount"),
        ("", "EUR", "is not an amount"),
        ("-", "EUR", "is not an amount"),
        ("..", "EUR", "is not an amount"),
        ("99999999999999.00", "EUR", "larger than the largest"),
        ("1" * 400, "EUR", "is not an amount"),
    ],
)
def test_what_is_no_amount_or_another_is_refused(text: str, currency: str, reason: str) -> None:
    """Never rounded, never guessed: the reason says what is wrong."""
    with pytest.raises(ValueError, match=reason):
        Amount(text).minor(currency, None)
