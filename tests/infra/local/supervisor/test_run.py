"""What a supervisor leaves on disk about itself."""

import json
import os
import socket
from pathlib import Path

import pytest

from trackstack_infra.local.state_dir.run_file import (
    NoFreePort,
    Ports,
    Run,
    is_running,
    read_run,
    remove_run,
    source_version,
    start_time,
    write_run,
)

BASE = 19400


def run(pid: int, started: float) -> Run:
    """Return what a supervisor would write."""
    return Run(pid, started, "boot", "http://127.0.0.1:8600", "abc", "python", "/root", {"emulator": 8600})


def own_start() -> float:
    """When this process started."""
    started = start_time(os.getpid())
    assert started is not None
    return started


def port_of(listening: socket.socket) -> int:
    """Return the port, and free it."""
    with listening:
        port: int = listening.getsockname()[1]
        return port


def test_a_running_supervisor_is_found(tmp_path: Path) -> None:
    """What one process writes, another reads."""
    assert read_run(tmp_path) is None
    write_run(tmp_path, run(os.getpid(), own_start()))
    assert read_run(tmp_path) == run(os.getpid(), own_start())
    remove_run(tmp_path)
    assert read_run(tmp_path) is None


def test_a_supervisor_that_died_is_not_found(tmp_path: Path) -> None:
    """Also when its pid belongs to another process by now."""
    write_run(tmp_path, run(os.getpid(), own_start() - 3600))
    assert read_run(tmp_path) is None
    write_run(tmp_path, run(2**22 + 1, own_start()))
    assert read_run(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_a_damaged_file_is_no_supervisor(tmp_path: Path, content: str) -> None:
    """Half a file, or another program's."""
    (tmp_path / "run.json").write_text(content)
    assert read_run(tmp_path) is None


def test_a_corrected_clock_does_not_make_a_process_another_one() -> None:
    """Start times are derived from the boot time, which moves a little with the clock."""
    assert is_running(os.getpid(), own_start() + 1.0)
    assert not is_running(os.getpid(), own_start() + 10.0)


def test_ports_are_given_in_order_and_kept(tmp_path: Path) -> None:
    """The emulator first, then each edge; the same again after a restart, in whatever order they ask."""
    ports = Ports(tmp_path / "ports.json", BASE)
    first, second, third = (port_of(ports.listen(key)) for key in ("emulator", "alb:a", "http-api:b"))
    assert first < second < third
    again = Ports(tmp_path / "ports.json", BASE)
    assert [port_of(again.listen(key)) for key in ("http-api:b", "emulator", "alb:a")] == [third, first, second]
    assert again.kept() == {"emulator": first, "alb:a": second, "http-api:b": third}


def test_a_taken_port_moves_on(tmp_path: Path) -> None:
    """The next free one is taken, and kept from then on; a port that is another edge's is left for it."""
    ports = Ports(tmp_path / "ports.json", BASE + 20)
    first, second = port_of(ports.listen("emulator")), port_of(ports.listen("alb:a"))
    with socket.create_server(("127.0.0.1", first)):
        moved = port_of(Ports(tmp_path / "ports.json", BASE + 20).listen("emulator"))
    assert moved not in (first, second)
    assert port_of(Ports(tmp_path / "ports.json", BASE + 20).listen("emulator")) == moved


def test_another_base_means_other_ports(tmp_path: Path) -> None:
    """Who sets TRACKSTACK_PORT_BASE wants to get away from the old ones."""
    port_of(Ports(tmp_path / "ports.json", BASE + 40).listen("emulator"))
    assert port_of(Ports(tmp_path / "ports.json", BASE + 60).listen("emulator")) >= BASE + 60


def test_no_free_port_is_said_in_words(tmp_path: Path) -> None:
    """With the way out."""
    with pytest.raises(NoFreePort, match="set TRACKSTACK_PORT_BASE to another base"):
        Ports(tmp_path / "ports.json", 65536).listen("emulator")


def test_a_listening_port_is_reached_from_this_computer_only(tmp_path: Path) -> None:
    """Loopback, and nothing else."""
    with Ports(tmp_path / "ports.json", BASE + 80).listen("emulator") as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_the_version_changes_with_the_code(tmp_path: Path) -> None:
    """So a client can tell that the supervisor runs an older checkout."""
    local = tmp_path / "trackstack_infra" / "local"
    local.mkdir(parents=True)
    (local / "a.py").write_text("1")
    before = source_version(tmp_path)
    assert source_version(tmp_path) == before
    (local / "a.py").write_text("2")
    assert source_version(tmp_path) != before


def test_ports_file_is_json_for_people(tmp_path: Path) -> None:
    """It may be read and edited by hand."""
    port = port_of(Ports(tmp_path / "ports.json", BASE + 100).listen("emulator"))
    assert json.loads((tmp_path / "ports.json").read_text()) == {"base": BASE + 100, "ports": {"emulator": port}}
