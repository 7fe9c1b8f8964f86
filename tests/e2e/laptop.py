"""A laptop with a state directory of its own, driven through the command line, and the APIs of its stacks."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from command_line import CHECKOUT, Command, CommandLine

HANGS_S = 600  # no command takes a tenth of it; whoever waits so long waits for ever


@dataclass(frozen=True)
class Answer:
    """What the API said."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass(frozen=True)
class Laptop:
    """One state directory and the commands of its user."""

    home: Path
    port_base: int
    command_line: CommandLine
    succeeded: list[list[str]] = field(default_factory=list)
    """Commands that ended well, without their --json."""

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "TRACKSTACK_HOME": str(self.home),
            "TRACKSTACK_PORT_BASE": str(self.port_base),
            "COLUMNS": "80",
        }

    def start(self, *arguments: str) -> Command:
        """Start a command and return at once."""
        return self.command_line.start(arguments, self.environment)

    def run(self, *arguments: str, expect: int = 0) -> str:
        """Run a command, which must end with exit code `expect`; returns stdout, with stderr behind it on failure."""
        command = self.start(*arguments)
        try:
            out, err = command.communicate(timeout=HANGS_S)
        except TimeoutError:
            command.send_signal(signal.SIGKILL)
            raise
        assert command.returncode == expect, f"{arguments} → {command.returncode}\n{out}\n{err}"
        if expect != 0:
            return out + err
        self._note(arguments)
        return out

    def _note(self, arguments: tuple[str, ...]) -> None:
        self.succeeded.append([word for word in arguments if word != "--json"])

    def run_from_nothing(self, *arguments: str) -> str:
        """Run a command as a user does, in a process that has imported nothing yet; returns stdout."""
        command = [sys.executable, "-P", "-m", "trackstack_infra.cli", *arguments]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=HANGS_S, check=False
        )
        assert done.returncode == 0, f"{arguments} → {done.returncode}\n{done.stdout}\n{done.stderr}"
        self._note(arguments)
        return done.stdout

    def follow(self, *arguments: str) -> str:
        """Run a command that goes on for ever until its first line, and end it by Ctrl-C, which is success."""
        command = self.start(*arguments)
        line = command.line()
        command.send_signal(signal.SIGINT)
        _, err = command.communicate(timeout=HANGS_S)
        assert command.returncode == 0, err
        self._note(arguments)
        return line

    def json(self, *arguments: str, expect: int = 0) -> Any:
        """Run a command with --json and return its document."""
        return json.loads(self.run(*arguments, "--json", expect=expect))

    def api(self, stack: str) -> "Api":
        """The API of a stack, with a token of the local user."""
        return Api(self.run("outputs", stack, "api_url").strip(), self.run("token", stack).strip())

    def supervisor_pid(self) -> int:
        """Process id of the local cloud."""
        return int(json.loads((self.home / "local" / "run.json").read_text())["pid"])

    def clean_up(self) -> None:
        """End whatever still runs; a scenario that failed must not disturb the next."""
        self.start("local", "stop").communicate(timeout=HANGS_S)
        for name in ("run.json", "tasks.json"):
            with contextlib.suppress(OSError, ValueError):
                for pid in _pids(json.loads((self.home / "local" / name).read_text())):
                    with contextlib.suppress(psutil.Error):
                        process = psutil.Process(pid)
                        if "python" in process.name():
                            process.send_signal(signal.SIGKILL)


@dataclass(frozen=True)
class Api:
    """A stack's API as a client calls it."""

    url: str
    token: str

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, None, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)

    def call(self, method: str, path: str, body: Any, **headers: str) -> Answer:
        """Call with the token; any status is an answer; the throttle (429) is waited out."""
        while (answer := self._call(method, path, body, headers)).status == 429:
            time.sleep(0.25)
        return answer

    def _call(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        request = urllib.request.Request(
            self.url + "/api/v1" + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={name.replace("_", "-"): value for name, value in sent.items() if value},
        )
        try:
            with urllib.request.urlopen(request, timeout=HANGS_S) as answer:
                return Answer(answer.status, _parsed(answer.read()), dict(answer.headers))
        except urllib.error.HTTPError as answer:
            with answer:
                return Answer(answer.code, _parsed(answer.read()), dict(answer.headers))

    def items(self, path: str) -> list[dict[str, Any]]:
        """All items of a list, page by page."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            joint = "&" if "?" in path else "?"
            page = self.get(f"{path}{joint}limit=200{'&cursor=' + cursor if cursor else ''}")
            assert page.status == 200, page
            found += page.body["items"]
            cursor = page.body["next"] or ""
            if not cursor:
                return found


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content.decode(errors="replace")


def _pids(document: Any) -> Iterator[int]:
    if isinstance(document, dict):
        if isinstance(document.get("pid"), int):
            yield document["pid"]
        for value in document.values():
            yield from _pids(value)
    elif isinstance(document, list):
        for value in document:
            yield from _pids(value)
