"""Asks a task whether it is ready, as a load balancer's health check does."""

import asyncio
from collections.abc import Callable

FIRST_INTERVAL_S = 0.03
"""Between two questions to a task that starts: a new process must not wait for us, ..."""
LONGEST_INTERVAL_S = 0.5
"""... but one that takes long is not asked all the time."""
START_TIMEOUT_S = 60.0
"""One that is not ready by then hangs: here no lock of a lost host has to run out first, which takes 92 s on AWS."""

WATCH_INTERVAL_S = 3.0
ANSWER_TIMEOUT_S = 2.0
FAILURES_ALLOWED = 3


async def wait_until_ready(port: int, path: str, timeout_s: float = START_TIMEOUT_S) -> bool:
    """Whether the task answered 200 within the time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    interval_s = FIRST_INTERVAL_S
    while loop.time() < deadline:
        if await is_ready(port, path):
            return True
        await asyncio.sleep(interval_s)
        interval_s = min(interval_s * 1.2, LONGEST_INTERVAL_S)
    return False


async def watch(port: int, path: str, interval_s: float, failures_changed: Callable[[int], None]) -> None:
    """Return when the task failed three times in a row; `failures_changed` is told how many times it has by now."""
    failures = 0
    while failures < FAILURES_ALLOWED:
        await asyncio.sleep(interval_s)
        before = failures
        failures = 0 if await is_ready(port, path) else failures + 1
        if failures != before:
            failures_changed(failures)


async def is_ready(port: int, path: str) -> bool:
    """Whether GET `path` answers 200 now."""
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
                status_line = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return False
    return status_line.split(b" ")[1:2] == [b"200"]
