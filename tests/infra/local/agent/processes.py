"""Whether a process that is not a child of the test's has ended."""

import time

import psutil

HANGS_S = 60


def wait_until_over(pid: int) -> None:
    """Return when it has ended, reaped or not: where nothing reaps orphans, they stay zombies."""
    deadline = time.monotonic() + HANGS_S
    while not _is_over(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs"
        time.sleep(0.01)


def _is_over(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
