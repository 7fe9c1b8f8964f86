"""One changing command at a time per state directory: a lock the operating system frees when its holder dies."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from trackstack_infra.errors import Locked


@contextmanager
def operation_lock(home: Path, verb: str, stack: str, now: datetime) -> Iterator[None]:
    """Hold the state directory for one `verb` on `stack`; raises `Locked`, naming the holder, when another holds it."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "operation.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(
                f"cannot {verb} {stack}: {_holder(path)} is changing this state directory",
                hint="wait for it to finish and run the same command again",
            ) from None
        file.truncate(0)
        file.write(json.dumps({"verb": verb, "stack": stack, "pid": os.getpid(), "since": now.isoformat()}))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text())
        return f"`{holder['verb']} {holder['stack']}` (pid {holder['pid']}, since {holder['since']})"
    except (OSError, ValueError, KeyError):
        return "another command"
