"""Jobs: what waits for the DB thread, and how its answer gets back to whoever asked."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from apps.common.transaction import Reader, Transaction

Asker = tuple[asyncio.AbstractEventLoop | None, "asyncio.Future[Any] | Future[Any]"]
"""Where an answer goes: a future of an event loop, or, from another thread, a plain one."""


@dataclass(frozen=True, slots=True)
class Read:
    """Something to read."""

    work: Callable[[Reader], Any]
    asker: Asker


@dataclass(frozen=True, slots=True)
class Write:
    """Something to write, for one domain."""

    domain: str
    work: Callable[[Transaction], Any]
    asker: Asker
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class Alone:
    """Something to do with the connection itself, outside of any transaction."""

    work: Callable[[sqlite3.Connection], Any]
    asker: Asker


Job = Read | Write | Alone


class Answers:
    """Answers of one group, sent together: one wake-up of the event loop, however many requests it answers."""

    __slots__ = ("_loops",)

    def __init__(self) -> None:
        self._loops: dict[asyncio.AbstractEventLoop | None, list[tuple[Any, Any, BaseException | None]]] = {}

    def add(self, asker: Asker, result: Any, error: BaseException | None = None) -> None:
        """Keep one answer until `send`."""
        loop, future = asker
        self._loops.setdefault(loop, []).append((future, result, error))

    def send(self) -> None:
        """Give all answers to whoever still waits for them."""
        loops, self._loops = self._loops, {}
        for loop, answers in loops.items():
            if loop is None:
                _settle(answers)
            elif not loop.is_closed():
                loop.call_soon_threadsafe(_settle, answers)


def _settle(answers: list[tuple[Any, Any, BaseException | None]]) -> None:
    for future, result, error in answers:
        if future.done():
            continue  # cancelled: nobody waits any more
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
