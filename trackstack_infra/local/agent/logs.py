"""Ships a task's output to CloudWatch Logs in batches, and keeps the last lines for the report of a failed start."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from trackstack_infra.local.agent.service_definitions import LogTarget

log = logging.getLogger(__name__)

LAST_LINES = 50
COLLECT_S = 0.15
"""How long lines are gathered before they are sent: one call for a burst, and no wait a person would notice."""

# Limits of PutLogEvents: 10,000 events and 1 MiB a call (26 bytes of overhead an event), 256 KiB an event.
BATCH_EVENTS = 1_000
BATCH_BYTES = 900_000
LONGEST_LINE_BYTES = 200_000
EVENT_OVERHEAD_BYTES = 26


class LogShipper:
    """Lives on the agent's loop; the calls are made on `calls`."""

    def __init__(
        self, logs: Any, target: LogTarget | None, stream: str, calls: Executor, now: Callable[[], float]
    ) -> None:
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._logs = logs
        self._target = target
        self._stream = stream
        self._calls = calls
        self._now = now
        self._waiting: deque[dict[str, Any]] = deque()
        self._arrived = asyncio.Event()
        self._ended = asyncio.Event()
        self._stream_made = False
        self._partial = b""

    def feed(self, output: bytes) -> None:
        """Take what the process wrote, in pieces as they come."""
        *lines, self._partial = (self._partial + output).split(b"\n")
        while len(self._partial) > LONGEST_LINE_BYTES:
            lines.append(self._partial[:LONGEST_LINE_BYTES])
            self._partial = self._partial[LONGEST_LINE_BYTES:]
        for line in lines:
            self._add(line)

    def end(self) -> None:
        """Nothing more will come: a last line without its end is a line."""
        if self._partial:
            self._add(self._partial)
            self._partial = b""
        self._ended.set()
        self._arrived.set()

    async def ship(self) -> None:
        """Send lines as they come; returns when the last one is sent."""
        while not self._ended.is_set() or self._waiting:
            await self._arrived.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(COLLECT_S):
                    await self._ended.wait()
            await self._flush()

    async def _flush(self) -> None:
        self._arrived.clear()
        while self._waiting and self._target is not None:
            batch = take_batch(self._waiting)
            try:
                await asyncio.get_running_loop().run_in_executor(self._calls, self._put, self._target, batch)
            except (ClientError, BotoCoreError) as error:
                # The log group may have been deleted before its service.
                log.warning("%d lines of %s are lost: %s", len(batch), self._stream, error)

    def _add(self, line: bytes) -> None:
        text = line.rstrip(b"\r").decode(errors="replace")
        if not text:
            return  # CloudWatch refuses empty events
        self.last_lines.append(text)
        if self._target is not None:
            self._waiting.append({"timestamp": int(self._now() * 1000), "message": text})
            self._arrived.set()

    def _put(self, target: LogTarget, batch: list[dict[str, Any]]) -> None:
        if not self._stream_made:
            make_stream(self._logs, target.group, self._stream)
            self._stream_made = True
        self._logs.put_log_events(logGroupName=target.group, logStreamName=self._stream, logEvents=batch)


def take_batch(waiting: deque[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take as many events off `waiting` as one call may carry."""
    batch: list[dict[str, Any]] = []
    size = 0
    while waiting and len(batch) < BATCH_EVENTS:
        size += len(waiting[0]["message"].encode()) + EVENT_OVERHEAD_BYTES
        if batch and size > BATCH_BYTES:
            break
        batch.append(waiting.popleft())
    return batch


def make_stream(logs: Any, group: str, stream: str) -> None:
    """Create a log stream that may exist already."""
    with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
