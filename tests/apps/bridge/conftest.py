"""Three small domains with foreign keys, a backup of theirs, and a bucket in an emulator on loopback."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from apps.bridge.backup import make_backup, snapshot_of
from apps.bridge.domains import Domain, bring_up_to_date
from apps.bridge.manifest import Manifest
from apps.bridge.run import Report, run
from apps.bridge.storage import BackupStore

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)

TABLES = {
    "expenses": """
        CREATE TABLE expenses_category (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT;
        CREATE TABLE expenses_expense (
            id TEXT NOT NULL PRIMARY KEY,
            category_id TEXT NOT NULL REFERENCES expenses_category (id),
            amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
            note TEXT
        ) STRICT;
        CREATE INDEX expenses_expense_category ON expenses_expense (category_id, amount_minor);
        CREATE TABLE expenses_split (
            expense_id TEXT NOT NULL REFERENCES expenses_expense (id),
            pos INTEGER NOT NULL,
            amount_minor INTEGER NOT NULL,
            PRIMARY KEY (expense_id, pos)
        ) STRICT, WITHOUT ROWID;
        """,
    "gym": """
        CREATE TABLE gym_workout (id TEXT NOT NULL PRIMARY KEY, started_at TEXT NOT NULL) STRICT;
        CREATE TABLE gym_set (
            workout_id TEXT NOT NULL REFERENCES gym_workout,
            pos INTEGER NOT NULL,
            weight_g INTEGER,
            PRIMARY KEY (workout_id, pos)
        ) STRICT;
        """,
    "heating": """
        CREATE TABLE heating_meter (id INTEGER PRIMARY KEY, serial TEXT NOT NULL, photo BLOB) STRICT;
        CREATE TABLE heating_reading (
            meter_id INTEGER NOT NULL REFERENCES heating_meter (id),
            read_at TEXT NOT NULL,
            factor REAL NOT NULL,
            value_milli INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX heating_reading_once ON heating_reading (meter_id, read_at);
        """,
}

ROWS = """
    INSERT INTO expenses_category VALUES ('c1', 'Miete'), ('c2', 'Café ☕');
    INSERT INTO expenses_expense VALUES ('e1', 'c1', 90000, NULL), ('e2', 'c2', 450, ''), ('e3', 'c2', -450, 'zurück');
    INSERT INTO expenses_split VALUES ('e1', 0, 60000), ('e1', 1, 30000);
    INSERT INTO gym_workout VALUES ('w1', '2026-11-20T17:00:00.000000Z');
    INSERT INTO gym_set VALUES ('w1', 0, 100000), ('w1', 1, NULL);
    INSERT INTO heating_meter VALUES (7, 'A-1', x'00ff');
    INSERT INTO heating_reading VALUES (7, '2026-11-01T00:00:00.000000Z', 0.95, 123456);
    INSERT INTO expenses_outbox (event_id, type, body, created_at, sent_at) VALUES
        ('o1', 't', '{}', '2026-11-21T01:00:00.000000Z', '2026-11-21T02:14:59.000000Z'),
        ('o2', 't', '{}', '2026-11-21T02:10:00.000000Z', '2026-11-21T02:15:00.000000Z'),
        ('o3', 't', '{}', '2026-11-21T03:14:00.000000Z', NULL);
    INSERT INTO gym_inbox VALUES ('o1', 't', '2026-11-21T02:15:00.000000Z');
    """


def write_migration(folder: Path, domain: str, number: int, sql: str) -> None:
    target = folder / domain / f"{number:04d}_step.sql"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(sql, encoding="utf-8")


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    for domain, sql in TABLES.items():
        write_migration(folder, domain, 1, sql)
    return folder


@pytest.fixture
def domains(migrations: Path) -> tuple[Domain, ...]:
    return tuple(Domain(name, migrations / name) for name in TABLES)


@pytest.fixture
def database(tmp_path: Path, domains: tuple[Domain, ...]) -> Path:
    """A monolith's database with a few rows of every kind of value."""
    path = tmp_path / "monolith.db"
    connection = sqlite3.connect(path, isolation_level=None)
    bring_up_to_date(connection, domains, datetime(2026, 1, 2, tzinfo=UTC), "the test's database")
    connection.executescript(ROWS)
    connection.close()
    return path


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(emulator: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment in which boto3 talks to the emulator, as the local target sets it."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    return emulator


@pytest.fixture
def s3(aws: str) -> Any:
    return boto3.client("s3")


@pytest.fixture
def sqs(aws: str) -> Any:
    return boto3.client("sqs")


@pytest.fixture
def bucket(s3: Any, tmp_path: Path) -> str:
    name = f"backups-{abs(hash(tmp_path)):x}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return name


@pytest.fixture
def store(s3: Any, bucket: str) -> BackupStore:
    return BackupStore(s3, bucket)


@pytest.fixture
def back_up(store: BackupStore, domains: tuple[Domain, ...], tmp_path: Path) -> Callable[[Path], Manifest]:
    """Make a backup of a database file."""

    def back_up(path: Path, now: datetime = NOW) -> Manifest:
        return make_backup(
            snapshot_of(path), store, now=now, request_id="r-1", app_version="1.2.3", work=tmp_path, domains=domains
        )

    return back_up


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def bridge(store: BackupStore, sqs: Any, domains: tuple[Domain, ...], data_dir: Path) -> Callable[[str], Report]:
    """Run the bridge for one backup."""

    def bridge(backup: str, queue_urls: tuple[str, ...] = ()) -> Report:
        return run(backup, data_dir=data_dir, store=store, sqs=sqs, queue_urls=queue_urls, domains=domains)

    return bridge


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder but the lock, byte by byte: for "nothing changed"."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "bridge.lock"
    }
