"""What goes wrong on a laptop, and what TrackStack says and keeps then."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from laptop import Laptop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture
def taken_port(laptop: Laptop) -> Iterator[int]:
    """The first port of the laptop's range, in use by somebody else."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", laptop.port_base))
        listener.listen()
        yield laptop.port_base


def test_1_a_taken_port_moves_on(laptop: Laptop, taken_port: int) -> None:
    """Another program holds the first port: the local cloud takes the next one, on 127.0.0.1 only."""
    laptop.json("up", "foundation")
    cloud = laptop.json("status")["local_cloud"]
    assert cloud["endpoint"] == f"http://127.0.0.1:{taken_port + 1}"


def test_2_a_service_that_dies_at_start_is_reported_with_its_words(laptop: Laptop) -> None:
    """The service's database is garbage: exit 10, its last log lines, and everything else deployed and consistent."""
    folder = laptop.home / "local" / "efs" / "ts-pragmatic-data" / "monolith"
    folder.mkdir(parents=True)
    (folder / "app.db").write_text("this is no database, and never was" * 100)
    shown = laptop.run("up", "pragmatic", expect=10)
    assert "error: ts-pragmatic-monolith does not start" in shown
    assert "file is not a database" in shown
    assert "trackstack logs pragmatic monolith" in shown
    pragmatic = _stack(laptop, "pragmatic")
    assert (pragmatic["power"], pragmatic["healthy"], pragmatic["desired"]) == ("on", 0, 1)
    assert laptop.json("preview", "pragmatic")["changes"] == []


def test_3_up_again_after_the_cause_is_gone(laptop: Laptop) -> None:
    """With the garbage moved away, the same command brings the service up."""
    (laptop.home / "local" / "efs" / "ts-pragmatic-data" / "monolith" / "app.db").unlink()
    report = laptop.json("up", "pragmatic")
    assert [service["state"] for service in report["services"]] == ["healthy"]


def test_4_two_ups_at_once(laptop: Laptop) -> None:
    """The second `up` is refused with exit 4 and told who holds the lock; the first goes on and succeeds."""
    first = laptop.start("up", "enterprise")
    lock = laptop.home / "local" / "operation.lock"
    _wait_for(lambda: str(first.pid) in lock.read_text())
    refused = laptop.run("up", "enterprise", expect=4)
    assert f"`up enterprise` (pid {first.pid}" in refused
    _, errors = first.communicate(timeout=100)
    assert first.returncode == 0, errors


def test_5_ctrl_c_during_up(laptop: Laptop) -> None:
    """Ctrl-C once: what runs is finished and saved, exit 130; `up` again completes to exactly the same stack."""
    whole = _resources(laptop, "enterprise")
    laptop.run("destroy", "enterprise", "--confirm", "enterprise")
    command = laptop.start("up", "enterprise")
    state = laptop.home / "local" / "stacks" / "enterprise.json"
    _wait_for(lambda: state.exists() and state.read_text().count("urn:pulumi") > 30)
    command.send_signal(signal.SIGINT)
    _, errors = command.communicate(timeout=60)
    assert command.returncode == 130, errors
    assert "Finishing what is running" in errors
    assert len(_resources(laptop, "enterprise")) < len(whole)
    laptop.json("up", "enterprise")
    assert _resources(laptop, "enterprise") == whole


def test_6_a_killed_up_is_completed_by_the_next(laptop: Laptop) -> None:
    """kill -9 of `up` halfway: status says so, and `up` again completes without doubling anything."""
    whole = _resources(laptop, "enterprise")
    laptop.run("destroy", "enterprise", "--confirm", "enterprise")
    command = laptop.start("up", "enterprise")
    state = laptop.home / "local" / "stacks" / "enterprise.json"
    _wait_for(lambda: state.exists() and state.read_text().count("urn:pulumi") > 30)
    command.kill()
    command.communicate(timeout=10)
    laptop.json("up", "enterprise")
    assert _resources(laptop, "enterprise") == whole


def test_7_a_damaged_state_file_is_kept_aside(laptop: Laptop) -> None:
    """A state file that nobody can read is never overwritten: it is kept under another name, and the error says so."""
    folder = laptop.home / "local" / "stacks"
    whole = (folder / "foundation.json").read_bytes()
    (folder / "foundation.json").write_bytes(whole[: len(whole) // 2])
    shown = laptop.run("up", "foundation", expect=1)
    assert "foundation.json" in shown
    kept = list(folder.glob("foundation.json.corrupt-*"))
    assert [file.read_bytes() for file in kept] == [whole[: len(whole) // 2]]
    assert "trackstack local stop" in shown
    newer = json.loads(whole)
    newer["version"] = 99
    (folder / "foundation.json").write_text(json.dumps(newer))
    assert "version 99" in laptop.run("up", "foundation", expect=1)
    assert json.loads((folder / "foundation.json").read_text())["version"] == 99
    (folder / "foundation.json").write_bytes(whole)


def test_8_a_truncated_backup_is_refused_and_the_old_data_kept(laptop: Laptop) -> None:
    """Enterprise does not start with a backup that does not verify: exit 7, and its databases stay as they were."""
    laptop.run("down", "enterprise")
    services = laptop.home / "local" / "efs" / "ts-enterprise-data" / "services"
    before = {file.name: file.read_bytes() for file in sorted(services.rglob("*")) if file.is_file()}
    backup = laptop.json("bridge", "backup")["id"]
    _truncate(laptop, f"backups/pragmatic/{backup}/app.db")
    shown = laptop.run("up", "enterprise", expect=7)
    assert backup in shown
    assert {file.name: file.read_bytes() for file in sorted(services.rglob("*")) if file.is_file()} == before


def test_9_two_checkouts_side_by_side_do_not_meet(laptop: Laptop, tmp_path: Path) -> None:
    """A second state directory gets ports of its own, and neither sees the other's stacks."""
    other = Laptop(tmp_path / "other", laptop.port_base)
    try:
        other.json("up", "foundation")
        assert other.json("status")["local_cloud"]["endpoint"] != laptop.json("status")["local_cloud"]["endpoint"]
        assert _stack(other, "pragmatic")["power"] == "absent"
        assert _stack(laptop, "pragmatic")["power"] == "on"
    finally:
        other.clean_up()


def test_everything_listens_on_loopback_only(laptop: Laptop) -> None:
    """No port of the local cloud and its tasks can be reached from another computer."""
    import psutil

    cloud = psutil.Process(laptop.supervisor_pid())
    listening = [
        connection.laddr.ip
        for process in (cloud, *cloud.children(recursive=True))
        for connection in process.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {"127.0.0.1"}


def _stack(laptop: Laptop, name: str) -> dict[str, Any]:
    return next(stack for stack in laptop.json("status")["stacks"] if stack["stack"] == name)


def _resources(laptop: Laptop, stack: str) -> list[str]:
    """URNs in the state, as the state file lists them."""
    state = json.loads((laptop.home / "local" / "stacks" / f"{stack}.json").read_text())
    return sorted(resource["urn"] for resource in state["resources"])


def _truncate(laptop: Laptop, key: str) -> None:
    """Cut a backup short behind everybody's back."""
    import boto3

    endpoint = laptop.json("status")["local_cloud"]["endpoint"]
    bucket = laptop.run("outputs", "foundation", "backup_bucket").strip()
    s3 = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    s3.put_object(Bucket=bucket, Key=key, Body=body[: len(body) // 2])


def _wait_for(arrived: Any, timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not arrived():
        assert time.monotonic() < deadline
        time.sleep(0.02)
