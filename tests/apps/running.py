"""An app process while a test uses it, and what the fixture `start_app` is."""

import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.apps.forked import Forked

STOP_S = 60


@dataclass
class Running:
    """One process of the app."""

    url: str
    process: subprocess.Popen[bytes] | Forked
    log: Path

    def terminate(self) -> None:
        """Ask it to end, as ECS does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def exit_code(self) -> int:
        """Its exit code, when it has ended."""
        return self.process.wait(STOP_S)


class StartApp(Protocol):
    """What `start_app` is."""

    def __call__(self, name: str, environment: Mapping[str, str] | None = None, *, anew: bool = False) -> Running: ...
