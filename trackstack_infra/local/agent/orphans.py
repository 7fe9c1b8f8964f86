"""The processes the supervisor started, on disk: so that the next one ends those that a killed one left behind."""

import contextlib
import logging
import os
import signal
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from trackstack_infra.local.state_dir.run_file import is_running, read_json, start_time, write_json

log = logging.getLogger(__name__)

# Apps drain in well under a second when nobody calls them; what takes longer than this hangs.
ORPHAN_STOP_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class StartedProcess:
    """A process that leads a group of its own."""

    name: str
    pid: int
    started: float


class TaskFile:
    """tasks.json: every task and function that may be running. Any thread may call it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._running: dict[int, StartedProcess] = {}

    def add(self, name: str, pid: int) -> None:
        """Remember a process as soon as it exists."""
        started = start_time(pid)
        if started is not None:
            with self._lock:
                self._running[pid] = StartedProcess(name, pid, started)
                self._write()

    def remove(self, pid: int) -> None:
        """Forget a process that has ended."""
        with self._lock:
            if self._running.pop(pid, None) is not None:
                self._write()

    def end_all(self) -> None:
        """End at once what is still running."""
        with self._lock:
            running = list(self._running)
        for pid in running:
            kill_group(pid)

    def _write(self) -> None:
        write_json(self._path, [asdict(process) for process in self._running.values()])


def end_orphans(path: Path, timeout_s: float = ORPHAN_STOP_TIMEOUT_S) -> tuple[StartedProcess, ...]:
    """End what a killed supervisor left running, and return it. Another process that has the pid now is left alone."""
    left = tuple(
        process for process in _read(path) if is_running(process.pid, process.started) and process.pid != os.getpid()
    )
    for process in left:
        log.warning("ending %s (pid %d), which a killed supervisor left behind", process.name, process.pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
    _, alive = psutil.wait_procs(_handles(left), timeout=timeout_s)
    for process in left:
        # Also what the process itself started: the group outlives its leader.
        kill_group(process.pid)
    psutil.wait_procs(alive, timeout=timeout_s)
    path.unlink(missing_ok=True)
    return left


def kill_group(leader: int) -> None:
    """End at once whatever is left of the group that `leader` leads."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _handles(processes: tuple[StartedProcess, ...]) -> list[psutil.Process]:
    handles = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            handles.append(psutil.Process(process.pid))
    return handles


def _read(path: Path) -> tuple[StartedProcess, ...]:
    content = read_json(path)
    return tuple(StartedProcess(**entry) for entry in content) if isinstance(content, list) else ()
