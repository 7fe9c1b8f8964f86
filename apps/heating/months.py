"""Months of a place: their first instants, and the days within."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, tzinfo


def months_between(first: str, last: str) -> list[str]:
    """All months from the first to the last: `2026-11`, `2026-12`, `2027-01`."""
    return [_month(index) for index in range(_index(first), _index(last) + 1)]


def month_after(month: str) -> str:
    """The month that follows."""
    return _month(_index(month) + 1)


def month_of(instant: datetime, zone: tzinfo) -> str:
    """The local month of an instant."""
    return f"{instant.astimezone(zone):%Y-%m}"


def days_of(month: str) -> int:
    """How many days the month has."""
    return monthrange(int(month[:4]), int(month[5:]))[1]


def start_of(day: str, zone: tzinfo) -> datetime:
    """The instant a local day begins, in UTC."""
    return datetime.combine(date.fromisoformat(day), time(), zone).astimezone(UTC)


def start_of_month(month: str, zone: tzinfo) -> datetime:
    """The instant a local month begins, in UTC."""
    return start_of(f"{month}-01", zone)


def _index(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
