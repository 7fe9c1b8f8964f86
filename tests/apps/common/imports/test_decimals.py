"""Decimals: which decimal sign a number proves, and its value with each."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.imports.decimals import Sign, decimal_of, proves


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("12,5", "comma"),
        ("12.50", "dot"),
        ("0.347", "dot"),
        ("0,347", "comma"),
        ("1234.567", "dot"),
        ("1.234,50", "comma"),
        ("1,234.50", "dot"),
        ("1.234.567", "comma"),
        ("1,23,456.00", "dot"),
        ("1\u202f234,50", "comma"),
        ("1'234.50", "dot"),
        ("1 234,567", "comma"),
        ("12 50", None),
        ("-3,5", "comma"),
        ("1.234", None),
        ("1,234", None),
        ("1234", None),
        ("many", None),
        ("1,2,3", None),
        ("", None),
    ],
)
def test_a_number_proves_its_decimal_sign_or_nothing(text: str, sign: Sign | None) -> None:
    """`1.234` has two meanings and proves nothing; `12,5`, `0.347` and `1.234.567` have one."""
    assert proves(text) == sign


@pytest.mark.parametrize(
    ("text", "dot", "comma"),
    [
        ("1.234", "1.234", "1234"),
        ("1,234", "1234", "1.234"),
        ("5.347", "5.347", "5347"),
        ("1,23,456.00", "123456.00", None),
        ("1.234,5", None, "1234.5"),
        (".50", "0.50", None),
        ("1 234", "1234", "1234"),
        ("1 234,567", None, "1234.567"),
        ("12 50", None, None),
        ("3 12.50", None, None),
        ("1'2", None, None),
        ("-12", "-12", "-12"),
        ("1,2", None, "1.2"),
        ("12,34,5", None, None),
        ("1e3", None, None),
    ],
)
def test_a_number_is_read_with_the_sign_of_its_file(text: str, dot: str | None, comma: str | None) -> None:
    """The same digits are two numbers; what cannot be written with a sign is refused with it."""
    for sign, expected in (("dot", dot), ("comma", comma)):
        if expected is None:
            with pytest.raises(ValueError, match=f"is not a number with a decimal {sign}"):
                decimal_of(text, sign)  # type: ignore[arg-type]
        else:
            assert decimal_of(text, sign) == Decimal(expected)  # type: ignore[arg-type]


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.booleans())
def test_what_is_proved_is_what_was_written(value: Decimal, grouped: bool) -> None:
    """A number written in English or German style is never proved to be of the other, and reads back as it was."""
    english = f"{value:,.2f}" if grouped else f"{value:.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert proves(english) == "dot"
    assert proves(german) == "comma"
    assert decimal_of(english, "dot") == decimal_of(german, "comma") == value
