"""The supervisor as a process: found, started, killed, stopped."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from typing import TYPE_CHECKING

import psutil
import pytest

from trackstack_infra.errors import Failed, NotHealthy
from trackstack_infra.local.state_dir.run_file import source_version
from trackstack_infra.local.supervisor.client import EXIT_ALREADY_RUNNING, ROOT, Supervisor

if TYPE_CHECKING:
    from tests.infra.local.supervisor.conftest import Homes


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_supervisor_outlives_who_started_it_and_is_found(homes: "Homes") -> None:
    """`trackstack up` starts it and ends; the next command finds it, with the same boot id."""
    home = homes.home()
    code = (
        "import sys; from pathlib import Path; from trackstack_infra.local.supervisor.client import Supervisor;"
        "s = Supervisor.start(Path(sys.argv[1]), 19000); print(s.boot_id)"
    )
    started = subprocess.run([sys.executable, "-c", code, home], cwd=ROOT, capture_output=True, text=True, check=True)
    found = Supervisor.find(home)
    assert found is not None
    assert found.boot_id == started.stdout.strip()
    assert found.health()["status"] == "ready"
    assert found.version == source_version(ROOT)
    assert homes.start().pid == found.pid
    assert found.endpoint == f"http://127.0.0.1:{found.ports['emulator']}"

    found.stop()
    assert gone(found.pid)
    assert Supervisor.find(home) is None
    with pytest.raises(NotHealthy, match="does not answer"):
        found.health()


def test_a_home_has_one_supervisor(homes: "Homes") -> None:
    """A second one says so in a sentence and ends with 4; two commands at once share one."""
    found: list[Supervisor] = []
    threads = [threading.Thread(target=lambda: found.append(homes.start())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({supervisor.pid for supervisor in found}) == 1

    command = [sys.executable, "-m", "trackstack_infra.local.supervisor", "--home", str(homes.home())]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert second.returncode == EXIT_ALREADY_RUNNING
    assert f"a supervisor already runs for {homes.home()} (pid {found[0].pid})" in second.stderr
    assert "Traceback" not in second.stderr


def test_two_homes_live_side_by_side(homes: "Homes") -> None:
    """A taken port moves on to the next free one, so two checkouts do not meet; after a restart it is the same."""
    first, second = homes.start("one"), homes.start("two")
    assert first.endpoint != second.endpoint
    assert first.boot_id != second.boot_id
    assert [first.health()["pid"], second.health()["pid"]] == [first.pid, second.pid]
    first.stop()
    second.stop()
    assert homes.start("two").endpoint == second.endpoint


def test_after_a_kill_the_next_start_ends_what_was_left(homes: "Homes") -> None:
    """`kill -9` of the supervisor leaves its tasks: they are ended before a new one starts others."""
    killed = homes.start()
    task = homes.start_task(killed)
    os.kill(killed.pid, signal.SIGKILL)
    while not gone(killed.pid):
        time.sleep(0.01)
    assert Supervisor.find(killed.home) is None
    assert not gone(task["pid"])

    again = homes.start()
    assert gone(task["pid"])
    assert again.boot_id != killed.boot_id
    assert again.services()[1] == []


def test_sigterm_lets_requests_finish_and_leaves_nothing(homes: "Homes") -> None:
    """What is under way is answered, then the task ends, then the supervisor; no process and no run.json is left."""
    supervisor = homes.start()
    task = homes.start_task(supervisor)
    (edge,) = supervisor.edges()
    answers: list[int] = []

    def slow() -> None:
        with urllib.request.urlopen(edge["url"] + "/slow", timeout=10) as answer:
            answers.append(answer.status)

    client = threading.Thread(target=slow)
    client.start()
    time.sleep(0.3)
    os.kill(supervisor.pid, signal.SIGTERM)
    client.join()
    assert answers == [200]
    deadline = time.monotonic() + 10
    while not gone(supervisor.pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert gone(task["pid"])
    assert not (supervisor.home / "run.json").exists()
    assert json.loads((supervisor.home / "tasks.json").read_text()) == []
    assert "Traceback" not in (supervisor.home / "supervisor.log").read_text()


def test_a_second_sigterm_does_not_wait(homes: "Homes") -> None:
    """A task that does not want to end is killed when the supervisor is asked twice."""
    supervisor = homes.start()
    task = homes.start_task(supervisor, BEHAVIOUR="stubborn")
    began = time.monotonic()
    os.kill(supervisor.pid, signal.SIGTERM)
    time.sleep(0.5)
    assert not gone(task["pid"])
    os.kill(supervisor.pid, signal.SIGTERM)
    while not gone(supervisor.pid):
        assert time.monotonic() < began + 10
        time.sleep(0.01)
    assert gone(task["pid"])


def test_a_start_that_fails_says_why(homes: "Homes") -> None:
    """The last lines of the log are in the error."""
    home = homes.home()
    with pytest.raises(Failed) as failed:
        Supervisor.start(home, 19000, 60.0, "--images", str(home / "missing.json"))
    assert "ended with exit code 1 while starting" in failed.value.message
    assert "missing.json" in failed.value.message
    assert failed.value.hint == f"the whole log is {home / 'supervisor.log'}"


def test_a_start_that_takes_too_long_is_given_up(homes: "Homes") -> None:
    """And nothing of it is left."""
    with pytest.raises(NotHealthy, match="was not ready within 0 s"):
        Supervisor.start(homes.home(), 19000, 0.05)
