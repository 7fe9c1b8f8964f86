"""Instants: aware UTC inside, RFC 3339 text outside and in the database.

The text has always six digits of a second and ends with `Z`, so that comparing texts compares instants.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present instant, aware and in UTC. Passed in, so that a test can stop or move the time."""


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def instant_text(instant: datetime) -> str:
    """The instant as text: `2026-11-24T13:05:00.000000Z`. Refuses a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; only aware instants can be stored or sent")
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def instant_of(text: str) -> datetime:
    """The instant of an RFC 3339 text with a zone; raises ValueError on anything else."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; write it like 2026-11-24T13:05:00Z")
    return instant.astimezone(UTC)
