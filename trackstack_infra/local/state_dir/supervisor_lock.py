"""One supervisor for each state directory: a lock the operating system frees when its holder dies."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trackstack_infra.errors import Locked

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # there two supervisors are told apart by their ports only


@contextmanager
def only_supervisor(home: Path) -> Iterator[None]:
    """Hold the directory; raises Locked, naming the holder, when another supervisor has it."""
    path = home / "lock"
    with path.open("a+") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Locked(
                    f"a supervisor already runs for {home} (pid {path.read_text().strip() or 'unknown'})",
                    hint="use that one, or set another TRACKSTACK_HOME",
                ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
