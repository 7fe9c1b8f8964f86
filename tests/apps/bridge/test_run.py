"""The bridge as a whole: from a backup's name to three services on its data."""

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from apps.bridge.errors import BridgeError, NoSpace, PlaceRefused
from apps.bridge.sums import file_sha256
from apps.bridge.verify import require_space

ROOT = Path(__file__).parents[3]
DOMAINS = ("expenses", "gym", "heating")


@pytest.mark.usefixtures("filling_processes")
def test_all_services_are_on_the_backup(stage: Any) -> None:
    """After the bridge every service's CURRENT names the backup, and its database is the one the report tells."""
    backup = stage.back_up().id
    report = stage.bridge(backup)
    assert stage.current() == {f"{backup}\n"}
    assert (report["backup"], report["source"], report["already"]) == (backup, "pragmatic", False)
    for domain in DOMAINS:
        file = stage.data_dir / domain / report["domains"][domain]["database"]
        assert file.name == f"{domain}.{backup}.db"
        assert file_sha256(file) == report["domains"][domain]["sha256"]
        assert file.stat().st_size == report["domains"][domain]["bytes"]


def test_the_report_accounts_for_every_row(stage: Any) -> None:
    """Tables, rows and checksums of the report are those of the backup's manifest."""
    manifest = stage.back_up()
    report = stage.bridge(manifest.id)
    moved = {table: sums for domain in report["domains"].values() for table, sums in domain["tables"].items()}
    assert moved == {table: sums.to_dict() for table, sums in manifest.tables.items()}
    assert (report["dropped"], report["orphans"], report["resent"], report["purged"]) == ([], [], 1, [])
    assert json.loads(json.dumps(report)) == report


def test_the_same_backup_twice_changes_nothing(stage: Any) -> None:
    """A second run of the same backup leaves every file as it is, and answers with the first run's report."""
    backup = stage.back_up().id
    first = stage.bridge(backup)
    before = stage.contents()
    second = stage.bridge(backup)
    assert stage.contents() == before
    assert second["already"]
    assert {key: second[key] for key in ("backup", "domains", "resent")} == {
        key: first[key] for key in ("backup", "domains", "resent")
    }


def test_what_a_service_has_written_since_stays(stage: Any) -> None:
    """Running the same backup again does not take back what the service has written meanwhile."""
    backup = stage.back_up().id
    stage.bridge(backup)
    file = stage.data_dir / "gym" / f"gym.{backup}.db"
    file.write_bytes(file.read_bytes() + b"written by the service")
    before = stage.contents()
    assert stage.bridge(backup)["already"]
    assert stage.contents() == before


def test_a_newer_backup_replaces_an_older_one(stage: Any) -> None:
    """The next backup's data takes the place of the last one's, and nothing of the last one is left."""
    first, second = stage.back_up(), stage.back_up(datetime(2026, 11, 28, 3, 15, tzinfo=UTC))
    stage.bridge(first.id)
    stage.bridge(second.id)
    assert stage.current() == {f"{second.id}\n"}
    assert not any(first.id in name for name in stage.contents())


def test_three_runs_at_once_are_one(stage: Any) -> None:
    """Three runs of the same backup at the same time: one does it, the others find it done."""
    backup = stage.back_up().id
    with ThreadPoolExecutor(3) as pool:
        reports = list(pool.map(stage.bridge, [backup] * 3))
    assert sorted(report["already"] for report in reports) == [False, True, True]
    assert len({json.dumps(report["domains"]) for report in reports}) == 1
    assert stage.current() == {f"{backup}\n"}


def test_queues_are_emptied_once(stage: Any, sqs: Any) -> None:
    """Messages about replaced data are gone; a run that changes nothing leaves new messages alone."""
    backup = stage.back_up().id
    url = sqs.create_queue(QueueName="ts-test-run")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="of the replaced data")
    assert stage.bridge(backup, url)["purged"] == [url]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    sqs.send_message(QueueUrl=url, MessageBody="of the present data")
    assert stage.bridge(backup, url)["purged"] == []
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "of the present data"


def test_a_queue_that_cannot_be_emptied_leaves_the_services_as_they_are(stage: Any) -> None:
    """When a queue is missing, CURRENT stays; the same run goes through once it is there."""
    first, second = stage.back_up(), stage.back_up(datetime(2026, 11, 28, 3, 15, tzinfo=UTC))
    stage.bridge(first.id)
    with pytest.raises(BridgeError, match="could not empty the queue"):
        stage.bridge(second.id, "http://127.0.0.1:1/1/none")
    assert stage.current() == {f"{first.id}\n"}
    assert not stage.bridge(second.id)["already"]
    assert stage.current() == {f"{second.id}\n"}


def test_a_lost_report_is_said(stage: Any) -> None:
    """Where the report of the current backup is gone, the error says so instead of replacing the services' data."""
    backup = stage.back_up().id
    stage.bridge(backup)
    (stage.data_dir / f"bridge.{backup}.json").unlink()
    with pytest.raises(BridgeError, match=r"all services are on backup .*, but its report .* cannot be read"):
        stage.bridge(backup)


def test_too_small_a_disk_is_said_before(tmp_path: Path) -> None:
    """Missing space is reported in numbers before any work, with what to do."""
    with pytest.raises(NoSpace, match=r"splitting backup x needs 1048576 MiB in .*, which has \d+ MiB free"):
        require_space(tmp_path, 2**40, "splitting backup x")


def test_a_file_system_that_refuses_is_named(stage: Any) -> None:
    """When the services' directories cannot be written, the error says where and why, and what the services keep."""
    backup = stage.back_up().id
    stage.data_dir.write_text("a file where a directory should be")
    with pytest.raises(PlaceRefused, match=f"{stage.data_dir}: File exists") as caught:
        stage.bridge(backup)
    assert "services keep the databases their CURRENT names" in caught.value.hint


def test_a_service_directory_that_refuses_is_named(stage: Any) -> None:
    """The same when one service's directory is none: nothing is current before all three databases are in place."""
    backup = stage.back_up().id
    stage.data_dir.mkdir()
    (stage.data_dir / "heating").write_text("in the way")
    with pytest.raises(PlaceRefused, match=f"{stage.data_dir}/heating: File exists"):
        stage.bridge(backup)
    assert stage.current() == set()


def test_orphans_are_reported_with_their_file(stage: Any) -> None:
    """The report names each file of rows that were set aside; it lies beside the database."""
    import sqlite3

    connection = sqlite3.connect(stage.database, isolation_level=None)
    connection.execute("INSERT INTO gym_set VALUES ('gone', 0, 1)")
    connection.close()
    backup = stage.back_up(datetime(2026, 11, 22, tzinfo=UTC)).id
    (orphans,) = stage.bridge(backup)["orphans"]
    assert orphans == {
        "domain": "gym",
        "table": "gym_set",
        "parent": "gym_workout",
        "rows": 1,
        "file": f"gym.{backup}.orphans.json",
    }
    assert json.loads((stage.data_dir / "gym" / orphans["file"]).read_text())[0]["rows"] == [["gone", 0, 1]]


# Counts what the run asks of the system (files opened, renamed, processes begun, …); before the given one it dies.
RUN_AND_DIE = """
import os, shutil, signal, sys
from pathlib import Path
import boto3
from apps.bridge import run
from apps.bridge.domains import Domain
from apps.bridge.storage import BackupStore

endpoint, bucket, folder, backup, parts = sys.argv[1:6]
client = lambda name: boto3.client(name, endpoint_url=endpoint, region_name="eu-central-1",
                                   aws_access_key_id="t", aws_secret_access_key="t")
s3, sqs = client("s3"), client("sqs")
store = BackupStore(s3, bucket)
store.ids()  # so that no child has to load what the first request loads
s3.close()
domains = [Domain(name, Path(folder) / "migrations" / name) for name in ("expenses", "gym", "heating")]
data, dying_at, steps = Path(folder) / "data", 0, 0

def count(event, arguments):
    global steps
    if event.startswith(("open", "os.", "subprocess.", "shutil.", "fcntl.")):
        steps += 1
        if steps == dying_at:
            os.kill(os.getpid(), signal.SIGKILL)

def attempt(name, die_before):
    global dying_at, steps
    shutil.copytree(data, data.with_name(name))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        dying_at, steps = die_before, 0
        sys.addaudithook(count)
        run.run(backup, data_dir=data.with_name(name), store=store, sqs=sqs, queue_urls=[], domains=domains)
        os.write(writing, str(steps).encode())
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), os.read(reading, 20).decode()

code, total = attempt("whole", 0)
codes = [attempt(f"killed-{part}", int(total) * part // (int(parts) + 1))[0] for part in range(1, int(parts) + 1)]
print(code, total, *codes)
"""


def test_a_run_killed_at_any_time_is_completed_by_the_next(stage: Any, emulator: Any) -> None:
    """kill -9 at moments all over a whole run, download and split included: services are on the old or on the new
    backup, and the next run completes it."""
    old = stage.back_up(datetime(2026, 11, 21, tzinfo=UTC)).id
    stage.bridge(old)
    new = stage.back_up(datetime(2026, 11, 22, tzinfo=UTC)).id
    kills = 3
    endpoint = emulator.variables["AWS_ENDPOINT_URL"]
    program = [sys.executable, "-c", RUN_AND_DIE, endpoint, stage.store.bucket, str(stage.folder), new, str(kills)]
    process = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True)
    whole, total, *codes = map(int, process.stdout.split())
    assert (whole, codes) == (0, [-signal.SIGKILL] * kills), process.stderr
    assert total > 50
    for number in range(1, kills + 1):
        data_dir = stage.data_dir.with_name(f"killed-{number}")
        assert {path.read_text() for path in data_dir.glob("*/CURRENT")} <= {f"{old}\n", f"{new}\n"}
        after = replace(stage, data=data_dir)
        after.bridge(new)
        assert after.current() == {f"{new}\n"}
