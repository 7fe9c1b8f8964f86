"""Fields: the kinds of values every domain takes."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from apps.common.fields import Currency, Day, Id, Instant, Minor, Month, Name, Note, Whole


def taken(kind: Any, value: object) -> object:
    """The value as it is stored."""
    return TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (Day, "2024-02-29", "2024-02-29"),
        (Month, "2026-11", "2026-11"),
        (Instant, "2026-11-24T14:05:00+01:00", "2026-11-24T13:05:00.000000Z"),
        (Instant, "2026-11-24t13:05:00.5z", "2026-11-24T13:05:00.500000Z"),
        (Id, "0199c0de-7c11-7b3e-9d1c-2f6f0a4f1c55", "0199c0de-7c11-7b3e-9d1c-2f6f0a4f1c55"),
        (Name, " a name with spaces ", " a name with spaces "),
        (Note, "", ""),
        (Note, "two\nlines", "two\nlines"),
        (Currency, "EUR", "EUR"),
        (Minor, -(10**13), -(10**13)),
        (Whole, 0, 0),
    ],
)
def test_good_values_are_taken(kind: Any, value: object, stored: object) -> None:
    """Values are kept as they came; instants are brought to UTC with six digits."""
    assert taken(kind, value) == stored


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *[(Day, value) for value in ("2026-02-30", "2026-13-01", "0000-01-01", "9999-01-01", "1969-12-31", "26-1-1")],
        *[(Day, value) for value in ("2026-W01-1", "20261124", "2026-11-24T00:00:00", "2026-11-24\n", 20261124, True)],
        *[(Month, value) for value in ("2026-00", "2026-13", "2026-1", "2026", "2026-11-24", 202611, "٢٠٢٦-11")],
        *[(Instant, value) for value in ("2026-11-24T13:05:00", "2026-11-24 13:05:00Z", "2026-11-24T24:30:00Z", 0)],
        *[
            (Instant, value)
            for value in ("2026-11-24T13:05:60Z", "0001-01-01T00:00:00+14:00", "2026-11-24T13:05:00+99:00")
        ],
        *[(Id, value) for value in ("17", "", "0199C0DE-7C11-7B3E-9D1C-2F6F0A4F1C55", "x" * 36, 17)],
        *[(Name, value) for value in ("", "   ", "a\0b", "a\x7fb", "x" * 101, 7)],
        *[(Note, value) for value in ("x" * 2001, "\x1b[31m", None)],
        *[(Currency, value) for value in ("eur", "EURO", "XXX", "", "XTS", 978)],
        *[(Minor, value) for value in (10**13 + 1, 2**63, 1.0, "1", True, None)],
        *[(Whole, value) for value in (-1, 10**12 + 1, 1.5, False)],
    ],
)
def test_bad_values_are_refused(kind: Any, value: object) -> None:
    """What cannot be a day, an amount, a text … is refused, never bent into one."""
    with pytest.raises(ValidationError):
        taken(kind, value)
