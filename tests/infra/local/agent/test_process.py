"""How a started program is ended."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from tests.infra.local.agent.processes import wait_until_over
from trackstack_infra.local.agent.process import Program, exit_text

CHILD = "import time; time.sleep(3600)"
STUBBORN = f"""
import json, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}])
print(json.dumps(child.pid), flush=True)
time.sleep(3600)
"""
ORDERLY = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
print(0, flush=True)
time.sleep(3600)
"""
FOR_EVER_S = 3600.0


async def started(script: str) -> tuple[Program, int]:
    """A program that has printed its number, and that number."""
    said = asyncio.get_running_loop().create_future()
    text = bytearray()

    def hear(data: bytes) -> None:
        text.extend(data)
        if b"\n" in text and not said.done():
            said.set_result(json.loads(text))

    program = await Program.start(
        [sys.executable, "-c", script], cwd=Path.cwd(), environment=os.environ, output=hear, started=lambda _pid: None
    )
    return program, await said


def test_a_program_is_asked_to_end_before_it_is_killed() -> None:
    """One that ends on SIGTERM gives its own exit code, and is not waited for any longer."""

    async def scenario() -> int:
        program, _ = await started(ORDERLY)
        return await program.stop(FOR_EVER_S, asyncio.Event())

    assert asyncio.run(scenario()) == 3


@pytest.mark.parametrize("asked", ["by the clock", "twice"])
def test_a_program_that_does_not_end_is_killed_with_what_it_started(asked: str) -> None:
    """When its time is over, or at once when it is asked twice: SIGKILL, for its children too."""

    async def scenario() -> tuple[int, int]:
        program, child = await started(STUBBORN)
        stop_now = asyncio.Event()
        if asked == "twice":
            stop_now.set()
        return await program.stop(0.1 if asked == "by the clock" else FOR_EVER_S, stop_now), child

    code, child = asyncio.run(scenario())
    assert exit_text(code) == "killed by SIGKILL"
    wait_until_over(child)
