"""One started program: its output, its end, and ending it."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from trackstack_infra.local.agent.orphans import kill_group

LAST_OUTPUT_TIMEOUT_S = 1.0
"""After its end: a child of its own may hold the pipe open, and is not waited for."""


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Program:
    """A child in a session and process group of its own. Belongs to the loop it was started on."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._output_ended = asyncio.Event()
        self.pid = process.pid

    @classmethod
    async def start(
        cls,
        argv: Sequence[str],
        *,
        cwd: Path,
        environment: Mapping[str, str],
        output: Callable[[bytes], None],
        started: Callable[[int], None],
    ) -> "Program":
        """Start it; raises OSError when it cannot.

        `started` is told its pid before anything else happens; `output` gets what it writes, both streams in order.
        """
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        started(process.pid)
        program = cls(process)
        loop = asyncio.get_running_loop()
        assert process.stdout is not None
        await loop.connect_read_pipe(lambda: _Output(output, program._output_ended), process.stdout)
        # A thread that waits costs nothing while the child lives, and works on every system and in every thread's loop.
        threading.Thread(target=program._wait, args=(loop,), name=f"wait-{process.pid}", daemon=True).start()
        return program

    @property
    def has_ended(self) -> bool:
        """Whether it is over."""
        return self._ended.done()

    async def ended(self) -> int:
        """Wait for its end and return the exit code; minus the signal's number when a signal ended it."""
        return await asyncio.shield(self._ended)

    async def stop(self, timeout_s: float, stop_now: asyncio.Event) -> int:
        """SIGTERM; SIGKILL when it has not ended in time, or as soon as `stop_now` is set. Returns the exit code."""
        if not self._ended.done():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
            at_once = asyncio.ensure_future(stop_now.wait())
            ended = asyncio.ensure_future(self.ended())
            await asyncio.wait((ended, at_once), timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            at_once.cancel()
            ended.cancel()
        kill_group(self.pid)
        return await self.ended()

    async def last_output(self) -> None:
        """Wait until all it wrote has been read."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_OUTPUT_TIMEOUT_S):
                await self._output_ended.wait()

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        code = self._process.wait()
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is interested any more
            loop.call_soon_threadsafe(self._end, code)

    def _end(self, code: int) -> None:
        if not self._ended.done():
            self._ended.set_result(code)


class _Output(asyncio.Protocol):
    def __init__(self, output: Callable[[bytes], None], ended: asyncio.Event) -> None:
        self._output = output
        self._ended = ended

    def data_received(self, data: bytes) -> None:
        self._output(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended.set()


def exit_text(code: int) -> str:
    """An exit code in words."""
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
