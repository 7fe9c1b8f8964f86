"""Finds, starts, asks and stops the local supervisor from another process. Standard library and psutil only."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from trackstack_infra.errors import Failed, NotHealthy
from trackstack_infra.local.state_dir.loopback import open_url
from trackstack_infra.local.state_dir.run_file import Run, is_running, read_run

ROOT = Path(__file__).resolve().parents[3]
"""The checkout: the supervisor and its tasks run from it."""

EXIT_ALREADY_RUNNING = 4
"""What a supervisor exits with when another one holds the directory."""

STOP_HEADER = ("X-TrackStack", "1")
"""A web page cannot send this header to another origin without asking first, so it cannot stop the supervisor."""

START_TIMEOUT_S = 60.0
# Tasks may take their whole stopTimeout of 120 s to drain; then the buckets are exported.
STOP_TIMEOUT_S = 150.0
ANSWER_TIMEOUT_S = 10.0
LOG_LINES_SHOWN = 15
LARGEST_LOG_BYTES = 10_000_000  # at a start it makes room for a new one; one old one is kept


class Supervisor:
    """The running supervisor of one state directory."""

    def __init__(self, home: Path, run: Run) -> None:
        self._run = run
        self.home = home
        self.pid = run.pid
        self.endpoint = run.endpoint
        self.boot_id = run.boot_id
        self.version = run.version
        """Names the code it runs; compare with `run.source_version` of this checkout."""
        self.root = Path(run.root)
        self.ports = dict(run.ports)

    @classmethod
    def find(cls, home: Path) -> "Supervisor | None":
        """The supervisor that serves `home`, None when none does."""
        run = read_run(home)
        return None if run is None else cls(home, run)

    @classmethod
    def start(cls, home: Path, port_base: int, timeout_s: float = START_TIMEOUT_S, *options: str) -> "Supervisor":
        """Return the supervisor of `home`, started if there is none; it stays when this process ends.

        Raises Failed with its last log lines when it dies on the way, NotHealthy when it takes longer than `timeout_s`.
        """
        found = cls.find(home)
        if found is not None:
            return found
        home.mkdir(parents=True, exist_ok=True)
        log = home / "supervisor.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
            log.replace(log.with_name("supervisor.log.1"))
        log_before = log.stat().st_size if log.exists() else 0
        process = _spawn(home, port_base, log, options)
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            found = cls.find(home)
            if found is not None:
                # From now on it lives on its own; without this, Popen would complain that nobody waits for it.
                process.returncode = 0
                return found
            code = process.poll()
            if code == EXIT_ALREADY_RUNNING:
                # Another one is starting, and will write run.json, or stopping, and will make room.
                time.sleep(0.3)
                process = _spawn(home, port_base, log, options)
            elif code is not None:
                raise Failed(
                    f"the local supervisor ended with exit code {code} while starting:\n{_tail(log, log_before)}",
                    hint=f"the whole log is {log}",
                )
            time.sleep(0.02)  # until run.json appears: another process writes it, nothing tells us
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()
        raise NotHealthy(
            f"the local supervisor was not ready within {timeout_s:.0f} s:\n{_tail(log, log_before)}",
            hint=f"the whole log is {log}; if another supervisor holds {home}, stop that one first",
        )

    def health(self) -> dict[str, Any]:
        """`{"status": "ready" | "stopping", "boot_id": …, …}`."""
        answer: dict[str, Any] = self._get("/_trackstack/health")
        return answer

    def edges(self) -> list[dict[str, str]]:
        """Every endpoint: `kind` (http-api, alb, cloudfront), `name`, `stack`, `aws_url`, and its `url` here."""
        answer: list[dict[str, str]] = self._get("/_trackstack/edges")
        return answer

    def services(self, after: int = -1, wait_s: float = 0.0) -> tuple[int, list[dict[str, Any]]]:
        """The revision and the ECS services with their tasks.

        Answers at once when the revision is past `after`, else when it gets there or after `wait_s`.
        """
        answer = self._get(f"/_trackstack/services?after={after}&wait={wait_s}", timeout_s=wait_s + ANSWER_TIMEOUT_S)
        return answer["revision"], answer["services"]

    def stop(self, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """Drain and end it; returns when its process is gone. Raises NotHealthy when it takes longer."""
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.endpoint + "/_trackstack/stop", data=b"", method="POST", headers=dict([STOP_HEADER])
        )
        # One that is already going down may refuse or cut the call; what counts is that it goes.
        with contextlib.suppress(OSError), open_url(request, timeout=ANSWER_TIMEOUT_S):
            pass
        deadline = time.monotonic() + timeout_s
        while is_running(self._run.pid, self._run.started):
            if time.monotonic() > deadline:
                raise NotHealthy(
                    f"the local supervisor (pid {self.pid}) still runs {timeout_s:.0f} s after it was asked to stop",
                    hint=f"see {self.home / 'supervisor.log'}; or run `kill -9 {self.pid}`",
                )
            time.sleep(0.02)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)  # it may be this process' own child

    def _get(self, path: str, timeout_s: float = ANSWER_TIMEOUT_S) -> Any:
        try:
            with open_url(self.endpoint + path, timeout=timeout_s) as answer:
                return json.load(answer)
        except (OSError, ValueError) as error:
            raise NotHealthy(
                f"the local supervisor (pid {self.pid}, {self.endpoint}) does not answer {path}: {error}",
                hint=f"see {self.home / 'supervisor.log'}",
            ) from error


def _spawn(home: Path, port_base: int, log: Path, options: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "trackstack_infra.local.supervisor"]
    command += ["--home", str(home), "--port-base", str(port_base), *options]
    with log.open("ab") as output:
        return subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )


def _tail(log: Path, start: int) -> str:
    with log.open("rb") as file:
        file.seek(start)
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-LOG_LINES_SHOWN:]) or "  (it said nothing)"
