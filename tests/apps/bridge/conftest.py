"""Three small domains with foreign keys, a backup of theirs, and a bucket in the emulator."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from apps.bridge.backup import make_backup, snapshot_of
from apps.bridge.domains import Domain, bring_up_to_date
from apps.bridge.fill import fill
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


@dataclass(frozen=True)
class Stage:
    """A folder with everything a bridge needs, and short words for what tests do with it."""

    folder: Path
    domains: tuple[Domain, ...]
    store: BackupStore
    sqs: Any
    data: Path | None = None

    @property
    def migrations(self) -> Path:
        return self.folder / "migrations"

    @property
    def database(self) -> Path:
        """The monolith's database, with a few rows of every kind of value."""
        return self.folder / "monolith.db"

    @property
    def data_dir(self) -> Path:
        """The services' directories, side by side, as the Lambda sees them."""
        return self.data or self.folder / "data"

    def back_up(self, now: datetime = NOW) -> Manifest:
        return make_backup(
            snapshot_of(self.database),
            self.store,
            now=now,
            request_id="r-1",
            app_version="1.2.3",
            work=self.folder,
            domains=self.domains,
        )

    def bridge(self, backup: str, *queue_urls: str) -> Report:
        return run(
            backup,
            data_dir=self.data_dir,
            store=self.store,
            sqs=self.sqs,
            queue_urls=queue_urls,
            domains=self.domains,
        )

    def contents(self) -> dict[str, bytes]:
        """Every file the services may see, byte by byte, without the bridge's lock: for "nothing changed"."""
        return {
            str(path.relative_to(self.data_dir)): path.read_bytes()
            for path in sorted(self.data_dir.rglob("*"))
            if path.is_file() and path.name != "bridge.lock"
        }

    def current(self) -> set[str]:
        """What the services are on: one id when all is well."""
        return {path.read_text() for path in self.data_dir.glob("*/CURRENT")}


@pytest.fixture(autouse=True)
def _fill_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Databases are filled in threads here: the same function, without Python starting three times a split.

    That a process of its own does it is held by the tests of `run_fill`, and by those that ask for `filling_processes`.
    """
    if "filling_processes" not in request.fixturenames:
        monkeypatch.setattr("apps.bridge.split.run_fill", fill)


@pytest.fixture
def filling_processes() -> None:
    """Asked for by a test in which each database is filled by a process of its own, as on the Lambda."""


@pytest.fixture(scope="session")
def s3(emulator: Any) -> Any:
    return emulator.client("s3")


@pytest.fixture(scope="session")
def sqs(emulator: Any) -> Any:
    return emulator.client("sqs")


def _domains(folder: Path) -> tuple[Domain, ...]:
    return tuple(Domain(name, folder / "migrations" / name) for name in TABLES)


@pytest.fixture(scope="session")
def set_stage(s3: Any, sqs: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Stage]:
    """Set everything up in a folder, with a bucket of its own; database and migrations are copies of one example."""
    numbers = count()
    example = tmp_path_factory.mktemp("stage")
    for name, tables in TABLES.items():
        (example / "migrations" / name).mkdir(parents=True)
        (example / "migrations" / name / "0001_step.sql").write_text(tables, encoding="utf-8")
    with closing(sqlite3.connect(example / "monolith.db", isolation_level=None)) as connection:
        bring_up_to_date(connection, _domains(example), datetime(2026, 1, 2, tzinfo=UTC), "the test's database")
        connection.executescript(ROWS)

    def set_stage(folder: Path) -> Stage:
        bucket = f"bridge-backups-{next(numbers)}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        copytree(example, folder, dirs_exist_ok=True)
        return Stage(folder, _domains(folder), BackupStore(s3, bucket), sqs)

    return set_stage


@pytest.fixture
def stage(set_stage: Callable[[Path], Stage], tmp_path: Path) -> Stage:
    return set_stage(tmp_path)
