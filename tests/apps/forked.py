"""Processes of the app that begin as copies of one that has imported everything; see zygote.py."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PAUSE_S = 0.005


class Forked:
    """A process of a zygote, with what tests use of `subprocess.Popen`."""

    def __init__(self, zygote: "Zygote", pid: int, args: Sequence[str]) -> None:
        self.pid = pid
        self.args = list(args)
        self.returncode: int | None = None
        self._zygote = zygote

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        if self.returncode is None:
            self.returncode = self._zygote.order({"wait_for": self.pid})
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Its exit code, when it has ended; TimeoutExpired when it does not end in time."""
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.args, timeout)
            time.sleep(PAUSE_S)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(9)


class Zygote:
    """The process the others are copies of."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("zygote.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, program: Sequence[str], environment: Mapping[str, str], log: Path) -> Forked:
        """Start `python <program>` with these variables alone; what it prints goes into the log."""
        pid = self.order({"program": list(program), "environment": dict(environment), "log": str(log)})
        return Forked(self, pid, program)

    def order(self, order: Mapping[str, object]) -> Any:
        """Have an order carried out; returns its answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def stop(self) -> None:
        """End it."""
        self._process.communicate()
