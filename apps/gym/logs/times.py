"""Times: when a workout began, local and without a zone, as the files of several apps write it."""

import re
from datetime import date
from typing import Final

from apps.common.fields import YEAR_MAX, YEAR_MIN
from apps.common.imports.days import Days

_CLOCK = re.compile(r"[ T,]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\.[0-9]+)?(?: ?([AaPp])[Mm])?$")
_WORDY = re.compile(r"([0-9]{1,2}) ([A-Z][a-z]{2})[a-z]* ([0-9]{4}), ([0-9]{1,2}):([0-9]{2})")
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_NOON: Final = 12
_HOURS, _MINUTES = 24, 60


def local_start(text: str, days: Days) -> str:
    """`2026-03-02T18:00:00` of a date with a time, or of a date alone; raises ValueError, naming the column Date."""
    return f"{days.read(text)}T{_clock(text)}"


def wordy_start(column: str, text: str) -> str:
    """`2025-03-28T17:29:00` of `28 Mar 2025, 17:29`; raises ValueError, naming the column."""
    match = _WORDY.fullmatch(text)
    if match is None or match[2] not in _MONTHS:
        raise ValueError(f"{column} says {text[:40]!r}; it should look like 28 Mar 2025, 17:29")
    if not YEAR_MIN <= int(match[3]) <= YEAR_MAX:
        raise ValueError(f"{column} says {text!r}, which is outside the years {YEAR_MIN} to {YEAR_MAX}")
    try:
        day = date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1])).isoformat()
    except ValueError:
        raise ValueError(f"{column} says {text!r}, but there is no such day") from None
    if int(match[4]) >= _HOURS or int(match[5]) >= _MINUTES:
        raise ValueError(f"{column} says {text!r}, but there is no such time")
    return f"{day}T{int(match[4]):02d}:{match[5]}:00"


def _clock(text: str) -> str:
    match = _CLOCK.search(text)
    if match is None:
        return "00:00:00"
    hour = int(match[1])
    if match[4]:
        hour = hour % _NOON + (_NOON if match[4] in "Pp" else 0)
    if hour >= _HOURS or int(match[2]) >= _MINUTES or int(match[3] or 0) >= _MINUTES:
        raise ValueError(f"Date says {text!r}, but there is no such time")
    return f"{hour:02d}:{match[2]}:{match[3] or '00'}"
