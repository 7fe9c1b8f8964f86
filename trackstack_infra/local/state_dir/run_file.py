"""What a local supervisor leaves on disk about itself, and whether it still lives. Standard library and psutil only."""

import errno
import hashlib
import json
import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

LOOPBACK = "127.0.0.1"
DEFAULT_PORT_BASE = 8600
# Edges are few; a base with a thousand taken ports above it is a mistake worth a sentence rather than a longer search.
PORTS_TRIED = 1000

# A process' start time is derived from the boot time, which shifts by a second or two when the clock is corrected.
# A pid is not used again within that time.
START_TIME_TOLERANCE_S = 2.0


@dataclass(frozen=True)
class Run:
    """run.json: the supervisor that is ready to answer."""

    pid: int
    started: float
    boot_id: str
    endpoint: str
    version: str
    python: str
    root: str
    ports: Mapping[str, int]


def write_run(home: Path, run: Run) -> None:
    """Tell everybody that the supervisor is ready."""
    write_json(run_file(home), asdict(run))


def read_run(home: Path) -> Run | None:
    """Return the supervisor that serves `home`, or None when there is none, or the one that wrote the file is gone."""
    content = read_json(run_file(home))
    if not isinstance(content, dict) or content.keys() != Run.__dataclass_fields__.keys():
        return None
    run = Run(**content)
    return run if is_running(run.pid, run.started) else None


def remove_run(home: Path) -> None:
    """The last thing a supervisor does."""
    run_file(home).unlink(missing_ok=True)


def run_file(home: Path) -> Path:
    return home / "run.json"


def start_time(pid: int) -> float | None:
    """Return when the process started, in seconds since the epoch; None when it is gone or only waits to be reaped."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return float(process.create_time())
    except psutil.Error:
        return None


def is_running(pid: int, started: float) -> bool:
    """Whether the process that started then still runs: the pid alone may long belong to another one."""
    now = start_time(pid)
    return now is not None and abs(now - started) <= START_TIME_TOLERANCE_S


def source_version(root: Path) -> str:
    """Name the toolkit's local code, so that a client notices a supervisor that runs an older checkout."""
    digest = hashlib.sha256()
    for path in sorted((root / "trackstack_infra" / "local").rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def read_json(path: Path) -> Any:
    """Return the content of a JSON file, None when it is missing or was cut short."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return None


def write_json(path: Path, value: Any) -> None:
    """Replace a JSON file in one step: a reader sees the old content or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    temporary.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")
    temporary.replace(path)


class NoFreePort(Exception):  # noqa: N818 - a sentence reads better than a suffix
    """Every port tried is taken."""


class Ports:
    """Which port belongs to the emulator and to each edge, kept in ports.json so that a bookmark survives a restart."""

    def __init__(self, path: Path, base: int) -> None:
        self._path = path
        self._base = base
        self._lock = threading.Lock()
        self._kept = self._read()

    def listen(self, key: str) -> socket.socket:
        """Return a listening socket on the port `key` had last time; when that is taken, on the next free one."""
        with self._lock:
            for port in self._candidates(key):
                listening = _listen(port)
                if listening is not None:
                    self._keep(key, port)
                    return listening
        raise NoFreePort(
            f"no free port for {key} among {PORTS_TRIED} from {self._base} on; set TRACKSTACK_PORT_BASE to another base"
        )

    def kept(self) -> dict[str, int]:
        """Every port that belongs to something, whether it is in use now or not."""
        with self._lock:
            return dict(self._kept)

    def _candidates(self, key: str) -> list[int]:
        others = {port for owner, port in self._kept.items() if owner != key}
        fresh = [port for port in range(self._base, self._base + PORTS_TRIED) if port not in others and port <= 65535]
        return [self._kept[key], *fresh] if key in self._kept else fresh

    def _keep(self, key: str, port: int) -> None:
        if self._kept.get(key) != port:
            self._kept[key] = port
            write_json(self._path, {"base": self._base, "ports": self._kept})

    def _read(self) -> dict[str, int]:
        content = read_json(self._path)
        # Ports kept under another base are forgotten: who changes the base wants other ports.
        if not isinstance(content, dict) or content.get("base") != self._base:
            return {}
        return {str(key): int(port) for key, port in content.get("ports", {}).items()}


def _listen(port: int) -> socket.socket | None:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of the last run may still be closing
    try:
        listening.bind((LOOPBACK, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            return None
        raise
    return listening
