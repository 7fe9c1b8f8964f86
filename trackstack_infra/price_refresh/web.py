"""Files from the network, a line at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from ssl import SSLContext
from typing import Final

import httpx

TIMEOUT_S: Final = 60


class Unreachable(Exception):  # noqa: N818 (an outcome, shown to the user)
    """A file could not be had."""


@contextmanager
def lines_of(url: str) -> Iterator[Iterator[str]]:
    """The lines of a text as they arrive; raises Unreachable."""
    try:
        with httpx.stream("GET", url, timeout=TIMEOUT_S, follow_redirects=True, verify=_certificates()) as answer:
            answer.raise_for_status()
            yield answer.iter_lines()
    except httpx.HTTPStatusError as error:
        raise Unreachable(f"{url} answered {error.response.status_code}") from error
    except httpx.HTTPError as error:
        raise Unreachable(f"{url} cannot be read: {error}") from error


@cache
def _certificates() -> SSLContext:
    """Loading them takes 50 ms, and there are some fifty files."""
    return httpx.create_ssl_context()
