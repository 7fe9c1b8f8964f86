"""Times: a cell as an instant, or as a local time whose order of day and month and whose zone are still open.

Both are microseconds since 1970, a local time as if its clock showed UTC.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from apps.common.fields import YEAR_MAX, YEAR_MIN

INSTANT, LOCAL, EITHER, DAY_FIRST, MONTH_FIRST = range(5)
"""How a cell is written: with an offset; year first or day and month alike; 3/4; 28/9; 9/28."""

_ISO: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_DAY_AND_MONTH: Final = re.compile(
    r"(?P<one>[0-9]{1,2})(?P<between>[./-])(?P<two>[0-9]{1,2})(?P=between)(?P<year>[0-9]{4})"
    r"(?:,? (?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 -- a local time has no zone yet
_MICRO: Final = timedelta(microseconds=1)
_MONTHS: Final = 12


def read_time(text: str, column: str) -> tuple[int, int]:
    """Microseconds and how the cell is written; raises ValueError when it is no time."""
    iso = _ISO.fullmatch(text)
    try:
        if iso is None:
            return _day_and_month(text)
        if iso[1] is None:
            micros, written = (datetime.fromisoformat(text) - _LOCAL_EPOCH) // _MICRO, LOCAL
        else:
            micros, written = (datetime.fromisoformat(text) - _EPOCH) // _MICRO, INSTANT
    except (ValueError, OverflowError):
        raise ValueError(
            f"{column} says {text[:40]!r}, which is no time such as 2018-01-02T23:00:00Z or 02.01.2018 23:00"
        ) from None
    if not _FIRST <= micros < _END:
        raise ValueError(f"{column} says {text[:40]!r}, outside the years {YEAR_MIN} to {YEAR_MAX}")
    return micros, written


def swapped(micros: int) -> int:
    """The local time with day and month exchanged."""
    when = _LOCAL_EPOCH + timedelta(microseconds=micros)
    return (when.replace(day=when.month, month=when.day) - _LOCAL_EPOCH) // _MICRO


def instants_of(local: int, zone: tzinfo) -> tuple[int, ...]:
    """The instants at which the clocks of a zone show a local time: one; two in autumn's hour; none in spring's."""
    clock = _LOCAL_EPOCH + timedelta(microseconds=local)
    first = (clock.replace(tzinfo=zone) - _EPOCH) // _MICRO
    second = (clock.replace(tzinfo=zone, fold=1) - _EPOCH) // _MICRO
    if first == second:
        return (first,)
    # In spring the two interpretations lie the other way round, and no clock shows either.
    return (first, second) if first < second else ()


def instant_at(micros: int) -> datetime:
    """The instant as a datetime in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def micros_of(instant: datetime) -> int:
    """The microseconds of an aware datetime."""
    return (instant - _EPOCH) // _MICRO


def stored(micros: int) -> str:
    """The instant as it is stored (apps/common/clock.py)."""
    return (_LOCAL_EPOCH + timedelta(microseconds=micros)).isoformat(timespec="microseconds") + "Z"


def shown(micros: int) -> str:
    """The instant for people, to the second."""
    return (_LOCAL_EPOCH + timedelta(microseconds=micros)).isoformat(timespec="seconds") + "Z"


def _day_and_month(text: str) -> tuple[int, int]:
    parts = _DAY_AND_MONTH.fullmatch(text)
    if parts is None:
        raise ValueError
    one, two = int(parts["one"]), int(parts["two"])
    day, month = (one, two) if two <= _MONTHS else (two, one)
    clock = datetime(  # noqa: DTZ001 -- a local time has no zone yet
        int(parts["year"]), month, day, int(parts["hour"] or 0), int(parts["minute"] or 0), int(parts["second"] or 0)
    )
    if not YEAR_MIN <= clock.year <= YEAR_MAX:
        raise ValueError
    if one == two:
        written = LOCAL
    elif one <= _MONTHS and two <= _MONTHS:
        written = EITHER
    else:
        written = MONTH_FIRST if two > _MONTHS else DAY_FIRST
    return (clock - _LOCAL_EPOCH) // _MICRO, written


_FIRST: Final = (datetime(YEAR_MIN, 1, 1, tzinfo=UTC) - _EPOCH) // _MICRO
_END: Final = (datetime(YEAR_MAX + 1, 1, 1, tzinfo=UTC) - _EPOCH) // _MICRO
