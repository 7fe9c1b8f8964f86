"""One changing command at a time."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trackstack_infra.errors import Locked
from trackstack_infra.local.state_dir.operation_lock import operation_lock

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)


def test_the_second_command_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    """Two `up` at once: the second exits 4 and names verb, stack, pid and since when."""
    with (
        operation_lock(tmp_path, "up", "enterprise", NOW),
        pytest.raises(Locked) as refused,
        operation_lock(tmp_path, "down", "pragmatic", NOW),
    ):
        pass
    assert refused.value.exit_code == 4
    assert refused.value.message == (
        f"cannot down pragmatic: `up enterprise` (pid {os.getpid()}, since 2026-11-28T08:00:00+00:00) "
        "is changing this state directory"
    )


def test_a_killed_holder_leaves_no_lock_behind(tmp_path: Path) -> None:
    """After kill -9 of a command the next one runs: the operating system frees the lock."""
    code = (
        "import sys, time; from datetime import datetime, UTC; from pathlib import Path;"
        "from trackstack_infra.local.state_dir.operation_lock import operation_lock\n"
        "with operation_lock(Path(sys.argv[1]), 'up', 'enterprise', datetime.now(UTC)):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Locked), operation_lock(tmp_path, "up", "enterprise", NOW):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with operation_lock(tmp_path, "up", "enterprise", NOW):
        assert json.loads((tmp_path / "operation.lock").read_text())["pid"] == os.getpid()
