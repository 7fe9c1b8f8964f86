"""Ids: UUIDv7 text, so that rows made later sort later, and a client may make its own while offline."""

from collections.abc import Callable

import uuid_utils

Ids = Callable[[], str]
"""Makes the next id. Passed in, so that a test can say which ids come."""


def new_id() -> str:
    """A new UUIDv7 as text, such as `0199c0de-7c11-7b3e-9d1c-2f6f0a4f1c55`."""
    return str(uuid_utils.uuid7())
