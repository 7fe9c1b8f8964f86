"""Ctrl-C: once lets running operations finish and saves, twice aborts."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ABORTED = 130


@contextmanager
def stop_on_interrupt() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C or SIGTERM sets; the second ends the process: state files are crash-safe."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            sys.stderr.write("\nAborted. Run the same command again to repair and complete it.\n")
            sys.stderr.flush()
            os._exit(ABORTED)
        stop.set()
        sys.stderr.write("\nFinishing running operations and saving (press Ctrl-C again to abort) …\n")
        sys.stderr.flush()

    previous = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
