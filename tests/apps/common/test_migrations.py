"""Migrations: each file once, in its own transaction, never edited afterwards."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from example_domains.both import BOTH

from apps.common.migrations import MigrationRefused, migrate, migrations_of, schema_version

NOW = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """An empty database."""
    opened = sqlite3.connect(":memory:", isolation_level=None)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two migrations of a domain called notes."""
    (tmp_path / "0001_first_tables.sql").write_text("CREATE TABLE notes_note (id TEXT PRIMARY KEY) STRICT;\n")
    (tmp_path / "0002_a_text.sql").write_text("-- notes get a text\nALTER TABLE notes_note ADD COLUMN text TEXT;\n")
    return tmp_path


def test_each_step_is_applied_once_and_recorded(connection: sqlite3.Connection, folder: Path) -> None:
    """A new database gets the framework's tables and then each file; a second start changes nothing."""
    assert schema_version(connection, "notes") == -1
    assert migrate(connection, "notes", folder, NOW) == 2
    assert migrate(connection, "notes", folder, datetime(2027, 1, 1, tzinfo=UTC)) == 2
    assert schema_version(connection, "notes") == 2
    recorded = connection.execute("SELECT version, name, applied_at FROM notes_schema_version").fetchall()
    assert recorded == [
        (0, "framework.sql", "2026-11-24T13:05:00.000000Z"),
        (1, "0001_first_tables.sql", "2026-11-24T13:05:00.000000Z"),
        (2, "0002_a_text.sql", "2026-11-24T13:05:00.000000Z"),
    ]


def test_a_step_that_fails_leaves_nothing(connection: sqlite3.Connection, folder: Path) -> None:
    """When a statement of a file fails, the whole file is undone; the files before it stay."""
    (folder / "0003_broken.sql").write_text("CREATE TABLE notes_tag (id TEXT) STRICT;\nCREATE TABLE notes_note (x);\n")
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(connection, "notes", folder, NOW)
    assert schema_version(connection, "notes") == 2
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "notes_tag" not in tables


def test_an_edited_file_is_refused(connection: sqlite3.Connection, folder: Path) -> None:
    """A file that was changed after it was applied is refused by name: old and new databases would differ silently."""
    migrate(connection, "notes", folder, NOW)
    (folder / "0001_first_tables.sql").write_text("CREATE TABLE notes_note (id BLOB PRIMARY KEY) STRICT;\n")
    with pytest.raises(MigrationRefused, match=r"0001_first_tables\.sql of notes was edited after it was applied"):
        migrate(connection, "notes", folder, NOW)


def test_a_newer_database_is_refused(connection: sqlite3.Connection, folder: Path) -> None:
    """A program older than the database refuses it instead of guessing."""
    migrate(connection, "notes", folder, NOW)
    (folder / "0002_a_text.sql").unlink()
    with pytest.raises(MigrationRefused, match="notes is at version 2, but this program knows only 1"):
        migrate(connection, "notes", folder, NOW)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("0004_gap.sql", "should have number 0003"),
        ("0002_again.sql", "should have number 0003"),
        ("third.sql", "is not a migration; name it like"),
        ("0003-dash.sql", "is not a migration; name it like"),
    ],
)
def test_file_names_must_count_up(folder: Path, name: str, reason: str) -> None:
    """A gap, a number used twice or a name without number is refused before anything is applied."""
    (folder / name).write_text("SELECT 1;\n")
    with pytest.raises(MigrationRefused, match=reason):
        migrations_of("notes", folder)


def test_a_cut_off_file_is_refused(connection: sqlite3.Connection, folder: Path) -> None:
    """A file whose last statement has no semicolon may be half a file: it is refused."""
    (folder / "0003_cut.sql").write_text("CREATE TABLE notes_tag (id TEXT) STRICT;\nCREATE TABLE notes_cut (id TEXT")
    with pytest.raises(MigrationRefused, match="does not end with a semicolon"):
        migrate(connection, "notes", folder, NOW)
    assert schema_version(connection, "notes") == 2


def test_alone_or_together_the_tables_are_the_same(tmp_path: Path) -> None:
    """A domain's tables have the same text in a database of its own and beside another domain's."""

    def ddl(*services: int) -> dict[str, str]:
        database = sqlite3.connect(":memory:", isolation_level=None)
        for each in services:
            migrate(database, BOTH[each].name, BOTH[each].migrations, NOW)
        rows = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())
        database.close()
        return rows

    together = ddl(0, 1)
    assert together == ddl(0) | ddl(1)
    assert {"pantry_outbox", "pantry_inbox", "pantry_idempotency", "pantry_schema_version"} <= set(together)
