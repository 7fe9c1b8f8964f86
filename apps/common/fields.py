"""Fields: the kinds of values all domains take, as pydantic types for bodies, parameters and CSV cells alike.

They refuse what would be stored or shown wrongly: booleans as numbers, numbers as dates, integers beyond SQLite's 64
bit, control characters.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from apps.common.clock import instant_of, instant_text
from apps.common.money import CURRENCIES, MINOR_MAX

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
YEAR_MIN, YEAR_MAX = 1970, 2100


class Body(BaseModel):
    """Base of every request body: frozen, and a field it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kept(BaseModel):
    """Base of what is kept, as the API answers it: frozen."""

    model_config = ConfigDict(frozen=True)


def name_key(name: str) -> str:
    """How names are compared: two of a kind must not differ by case or blanks alone."""
    return " ".join(name.split()).casefold()


def _text(value: str) -> str:
    wrong = _CONTROL.search(value)
    if wrong is not None:
        raise ValueError(f"contains the control character U+{ord(wrong[0]):04X}")
    return value


def _day(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("is not a date; write it like 2026-11-24")
    return _in_reach(date.fromisoformat(value).isoformat())


def _month(value: Any) -> Any:
    if not isinstance(value, str) or not _MONTH.fullmatch(value):
        raise ValueError("is not a month; write it like 2026-11")
    return _in_reach(value)


def _in_reach(value: str) -> str:
    if not YEAR_MIN <= int(value[:4]) <= YEAR_MAX:
        raise ValueError(f"is outside the years {YEAR_MIN} to {YEAR_MAX}")
    return value


def _instant(value: Any) -> Any:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("is not a timestamp; write it like 2026-11-24T13:05:00Z")
    try:
        instant: datetime = instant_of(value.upper())
        return _in_reach(instant_text(instant))
    except OverflowError as error:
        raise ValueError("is a timestamp that cannot be stored") from error


def _currency(value: str) -> str:
    if value not in CURRENCIES:
        raise ValueError("is not an ISO 4217 currency code; write it like EUR")
    return value


Id = Annotated[str, StringConstraints(pattern=_UUID)]
"""A UUID as lower case text, made by us (UUIDv7) or by the client."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"\S"), AfterValidator(_text)]
"""A short text that is not blank; kept byte for byte."""

Note = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_text)]
"""A longer text, may be empty; kept byte for byte."""

Day = Annotated[str, BeforeValidator(_day), Field(json_schema_extra={"format": "date"})]
"""A local business day as text: 2026-11-24."""

Month = Annotated[str, BeforeValidator(_month), Field(json_schema_extra={"pattern": _MONTH.pattern})]
"""A local month as text: 2026-11."""

Instant = Annotated[str, BeforeValidator(_instant), Field(json_schema_extra={"format": "date-time"})]
"""An instant as RFC 3339 text; normalised to UTC with six digits of a second, as it is stored."""

Currency = Annotated[str, StringConstraints(max_length=3), AfterValidator(_currency)]
"""An ISO 4217 code."""

Minor = Annotated[int, Field(strict=True, ge=-MINOR_MAX, le=MINOR_MAX)]
"""An amount in minor units; of a JSON body, as a text is no number."""

Whole = Annotated[int, Field(strict=True, ge=0, le=10**12)]
"""A whole number of a JSON body that is not negative: grams, milli-units. Narrow it with another Field(le=…)."""
