"""Trace: the W3C `traceparent` of the request or event being worked on, from the endpoint to the outbox and on."""

import random
import re
from contextvars import ContextVar

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")

# Ids to tell requests apart, not secrets. The system's source would give the GIL away in the middle of every request.
_random = random.Random()  # noqa: S311

_current: ContextVar[str | None] = ContextVar("traceparent", default=None)


def child(incoming: str | None) -> str:
    """A traceparent for one more step of the trace `incoming`; of a new trace when that is None or garbage."""
    match = _TRACEPARENT.fullmatch(incoming) if incoming else None
    digits = f"{_random.getrandbits(192):048x}"
    trace = match[1] if match and match[1] != "0" * 32 else digits[:32]
    return f"00-{trace}-{digits[32:]}-01"


def begin(incoming: str | None) -> str:
    """Start working on something that came with `incoming` (None or garbage: a new trace); returns its traceparent."""
    traceparent = child(incoming)
    _current.set(traceparent)
    return traceparent


def traceparent() -> str | None:
    """The present traceparent, None outside of any request or event."""
    return _current.get()


def trace_id() -> str:
    """The trace's id, 32 hex digits; zeros outside of any request or event."""
    current = _current.get()
    return current[3:35] if current else "0" * 32


def span_id() -> str:
    """The present span's id, 16 hex digits; zeros outside of any request or event."""
    current = _current.get()
    return current[36:52] if current else "0" * 16
