"""Processes that a killed supervisor left behind."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.infra.local.agent.processes import wait_until_over
from trackstack_infra.local.agent.orphans import TaskFile, end_orphans

SLEEPS = "import time; time.sleep(60)"
STARTS_A_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPS!r}]); {SLEEPS}"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that leads a group, as tasks do."""
    with subprocess.Popen([sys.executable, "-c", SLEEPS], start_new_session=True) as process:
        yield process
        process.kill()


def test_an_orphan_is_ended_with_its_children(tmp_path: Path) -> None:
    """After `kill -9` of the supervisor, its next start ends the tasks, and what they started themselves."""
    with subprocess.Popen([sys.executable, "-c", STARTS_A_CHILD], start_new_session=True) as process:
        task = psutil.Process(process.pid)
        while not task.children():
            assert process.poll() is None
        (child,) = task.children()
        TaskFile(tmp_path / "tasks.json").add("ts-x/gym", process.pid)
        assert [orphan.pid for orphan in end_orphans(tmp_path / "tasks.json")] == [process.pid]
        process.wait(60)
        wait_until_over(child.pid)
        assert not (tmp_path / "tasks.json").exists()


def test_a_task_that_ended_is_forgotten(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    """Only what may still run is on the list."""
    task_file = TaskFile(tmp_path / "tasks.json")
    task_file.add("ts-x/gym", sleeper.pid)
    task_file.remove(sleeper.pid)
    assert end_orphans(tmp_path / "tasks.json") == ()
    assert sleeper.poll() is None


def test_another_process_that_has_the_pid_now_is_left_alone(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    """A pid is used again one day: only the process that started at the time on the list is ended."""
    TaskFile(tmp_path / "tasks.json").add("ts-x/gym", sleeper.pid)
    (entry,) = json.loads((tmp_path / "tasks.json").read_text())
    (tmp_path / "tasks.json").write_text(json.dumps([entry | {"started": entry["started"] - 3600}]))
    assert end_orphans(tmp_path / "tasks.json") == ()
    assert sleeper.poll() is None


@pytest.mark.parametrize("content", ["", "[{", "{}"])
def test_a_damaged_list_is_no_reason_not_to_start(tmp_path: Path, content: str) -> None:
    """A computer that lost power may leave half a file."""
    (tmp_path / "tasks.json").write_text(content)
    assert end_orphans(tmp_path / "tasks.json") == ()


def test_the_supervisor_itself_is_no_orphan(tmp_path: Path) -> None:
    """Whatever the list says, a process does not end itself."""
    TaskFile(tmp_path / "tasks.json").add("ts-x/gym", os.getpid())
    assert end_orphans(tmp_path / "tasks.json") == ()
