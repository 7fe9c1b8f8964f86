"""The Lambda: real domains, sample data, and an environment as the stack sets it."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from apps.bridge.errors import BridgeError
from apps.bridge.handler import handler
from apps.bridge.storage import BackupStore
from apps.common.connection import connect
from apps.common.location import locate
from apps.common.settings import settings_of

ROOT = Path(__file__).parents[3]


@pytest.fixture
def environment(emulator: Any, s3: Any, sqs: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the stack and the local target set for the Lambda."""
    bucket = f"lambda-{tmp_path.name.replace('_', '-')}"[:60]
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    urls = [sqs.create_queue(QueueName=f"ts-enterprise-{name}")["QueueUrl"] for name in ("expenses", "gym")]
    values = {
        "DATA_DIR": str(tmp_path / "data"),
        "BACKUP_BUCKET": bucket,
        "QUEUE_URLS": ",".join(urls),
        **emulator.variables,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values


def test_sample_data_comes_the_way_of_real_data(environment: dict[str, str], s3: Any, tmp_path: Path) -> None:
    """Asked for sample data, the Lambda backs it up, splits the backup, and each service finds a database to open."""
    report = handler({"backup": "sample"}, None)
    store = BackupStore(s3, environment["BACKUP_BUCKET"])
    assert report["source"] == "sample"
    assert store.ids() == [report["backup"]]
    assert report["purged"] == environment["QUEUE_URLS"].split(",")
    assert report["domains"]["gym"]["tables"]["gym_workout"]["rows"] > 100
    for domain in ("expenses", "gym", "heating"):
        settings = settings_of({"DATA_DIR": str(tmp_path / "data" / domain), "DATABASE": "bridge", "AUTH": "off"})
        place = locate(settings, [domain])
        assert place.backup == report["backup"]
        with closing(sqlite3.connect(place.path)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            assert all(name.startswith(f"{domain}_") for name in names)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_sample_data_is_made_once(environment: dict[str, str], s3: Any) -> None:
    """Asked again, it uses the sample backup there is, and changes nothing."""
    first, second = handler({"backup": "sample"}, None), handler({"backup": "sample"}, None)
    assert (first["already"], second["already"]) == (False, True)
    assert len(BackupStore(s3, environment["BACKUP_BUCKET"]).ids()) == 1


def test_a_backup_is_taken_by_its_name(environment: dict[str, str]) -> None:
    """Asked for a backup by name, it brings that one."""
    name = handler({"backup": "sample"}, None)["backup"]
    assert handler({"backup": name}, None)["already"]


def test_the_answer_is_json(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """The report can be sent as JSON, and is one line of the log."""
    report = handler({"backup": "sample"}, None)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "bridge done" in line]
    assert json.loads(line)["report"] == json.loads(json.dumps(report))


@pytest.mark.parametrize("event", [{}, {"backup": None}, {"backup": ""}, {"backup": 3}])
def test_a_call_without_a_backup_says_how(environment: dict[str, str], event: dict[str, Any]) -> None:
    """A call that does not name a backup is refused with how to name one."""
    with pytest.raises(BridgeError, match="the call does not name a backup"):
        handler(event, None)


@pytest.mark.parametrize("name", ["DATA_DIR", "BACKUP_BUCKET"])
def test_a_missing_setting_is_named(environment: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Lambda without one of its settings says which."""
    monkeypatch.delenv(name)
    with pytest.raises(BridgeError, match=f"{name} is not set"):
        handler({"backup": "20261121T031500Z-0f3a5c7e9b1d"}, None)


def test_a_service_can_open_what_the_bridge_wrote(environment: dict[str, str], tmp_path: Path) -> None:
    """The service's own way to open a database, with its lock and its journal, works on the bridge's files."""
    import threading

    report = handler({"backup": "sample"}, None)
    path = tmp_path / "data" / "heating" / report["domains"]["heating"]["database"]
    connection = connect(path, "truncate", wait_s=0, waiting=lambda: None, stop=threading.Event())
    with closing(connection):
        assert connection.execute("SELECT count(*) FROM heating_bill").fetchone()[0] == 1


def test_the_handler_loads_quickly() -> None:
    """Loading the handler loads neither the web framework nor boto3: those wait until they are needed."""
    program = (
        "import sys, apps.bridge.handler; print([m for m in ('fastapi', 'boto3', 'pydantic') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_splitting_a_real_backup_needs_no_web_framework() -> None:
    """All modules of the bridge but the sample's load without any domain and its web framework."""
    program = (
        "import sys; import apps.bridge.run, apps.bridge.requests, apps.bridge.fill;"
        "print([m for m in sys.modules if m.startswith(('fastapi', 'apps.expenses', 'apps.gym', 'apps.heating'))])"
    )
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
