"""The split: one database for each service, holding exactly the domain's rows."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from apps.bridge.backup import snapshot_of
from apps.bridge.domains import DOMAINS, Domain, bring_up_to_date
from apps.bridge.errors import BackupTooNew, NotVerified, SchemaDiffers, SplitFailed
from apps.bridge.fill import Job, attach_source, fill, open_target
from apps.bridge.split import Split, run_fill, split
from apps.bridge.sums import TableSum, table_sums, tables
from apps.bridge.verify import open_copy

MADE_AT = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)

Splitter = Callable[[], Split]


def sums_of(path: Path) -> dict[str, TableSum]:
    with closing(open_copy(path)) as connection:
        return table_sums(connection, tables(connection))


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(open_copy(path)) as connection:
        return connection.execute(sql).fetchall()


def change(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(script)


@pytest.fixture
def database(stage: Any) -> Path:
    path: Path = stage.database
    return path


@pytest.fixture
def domains(stage: Any) -> tuple[Domain, ...]:
    domains: tuple[Domain, ...] = stage.domains
    return domains


@pytest.fixture
def migrations(stage: Any) -> Path:
    path: Path = stage.migrations
    return path


@pytest.fixture
def split_it(database: Path, domains: tuple[Domain, ...], tmp_path: Path) -> Splitter:
    """Split a fresh copy of the database, expecting the rows it holds."""
    runs = count()

    def split_it() -> Split:
        folder = tmp_path / f"split-{next(runs)}"
        folder.mkdir()
        copy = folder / "app.db"
        snapshot_of(database)(copy)
        return split(copy, folder, sums_of(copy), made_at=MADE_AT, domains=domains)

    return split_it


def test_each_service_gets_its_own_tables_and_all_of_their_rows(split_it: Splitter, database: Path) -> None:
    """Each service's database holds its own domain's rows, all of them and no others."""
    result = split_it()
    before = sums_of(database)
    assert [each.domain for each in result.databases] == ["expenses", "gym", "heating"]
    for each in result.databases:
        mine = {table: sums for table, sums in before.items() if table.startswith(f"{each.domain}_")}
        assert each.tables == mine
        assert set(sums_of(each.path)) == set(mine)
    assert rows(result.databases[1].path, "SELECT * FROM gym_set") == [("w1", 0, 100000), ("w1", 1, None)]
    assert result.dropped == ()


def test_tables_and_indexes_are_spelled_as_in_the_monolith(split_it: Splitter, database: Path) -> None:
    """A service cannot tell its database from one it made itself: the same text made every table and index."""
    sql = "SELECT name, sql FROM sqlite_schema WHERE name LIKE '{}\\_%' ESCAPE '\\' ORDER BY name"
    for each in split_it().databases:
        ours, theirs = rows(each.path, sql.format(each.domain)), rows(database, sql.format(each.domain))
        assert ours == theirs
        assert ours


def test_events_of_the_last_hour_are_sent_again(split_it: Splitter) -> None:
    """An event sent within the hour before the backup may be lost with its queue, so it is marked unsent."""
    expenses = split_it().databases[0]
    assert expenses.resent == 1
    assert rows(expenses.path, "SELECT event_id, sent_at IS NULL FROM expenses_outbox ORDER BY seq") == [
        ("o1", 0),  # 02:14:59, a second more than an hour before
        ("o2", 1),  # 02:15:00
        ("o3", 1),  # never sent
    ]


def test_the_same_backup_gives_the_same_bytes(split_it: Splitter) -> None:
    """Nothing of the present goes into the databases: splitting a backup again gives byte-identical files."""
    assert [each.sha256 for each in split_it().databases] == [each.sha256 for each in split_it().databases]


def test_a_table_of_no_domain_is_dropped_and_said_so(split_it: Splitter, database: Path) -> None:
    """A table that belongs to no service is left out and reported with its rows and the reason."""
    change(database, "CREATE TABLE scratch (a); INSERT INTO scratch VALUES (1), (2)")
    (dropped,) = split_it().dropped
    assert (dropped.table, dropped.rows) == ("scratch", 2)
    assert "belongs to no domain" in dropped.reason


def test_orphans_lie_beside_the_database(split_it: Splitter, database: Path) -> None:
    """Rows without a parent are set aside in a file and counted; the database itself is whole."""
    change(database, "INSERT INTO gym_set VALUES ('gone', 0, 5000), ('gone', 1, 6000)")
    gym = split_it().databases[1]
    assert [(each.table, each.parent, each.rows) for each in gym.orphans] == [("gym_set", "gym_workout", 2)]
    assert gym.tables["gym_set"].rows == 2
    assert json.loads(gym.orphans_file.read_text())[0]["rows"] == [["gone", 0, 5000], ["gone", 1, 6000]]
    assert rows(gym.path, "PRAGMA foreign_key_check") == []


def test_rows_that_migrations_insert_are_replaced_by_the_backups(
    split_it: Splitter, database: Path, migrations: Path
) -> None:
    """What a migration puts into an empty database does not come on top of what the backup holds."""
    sql = "INSERT INTO gym_workout VALUES ('from-migration', '2026-01-01');"
    (migrations / "gym" / "0002_step.sql").write_text(sql)
    change(database, sql)
    domain = Domain("gym", migrations / "gym")
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("DELETE FROM gym_workout WHERE id = 'from-migration'")
        bring_up_to_date(connection, [domain], MADE_AT, "it")
        connection.execute("UPDATE gym_workout SET started_at = 'moved' WHERE id = 'from-migration'")
    assert rows(split_it().databases[1].path, "SELECT * FROM gym_workout WHERE id <> 'w1'") == [
        ("from-migration", "moved")
    ]


def test_an_older_backup_is_migrated_first(split_it: Splitter, migrations: Path) -> None:
    """A backup made before the newest migration is brought up to date and then split."""
    (migrations / "heating" / "0002_step.sql").write_text(
        "ALTER TABLE heating_meter ADD COLUMN place TEXT NOT NULL DEFAULT 'cellar';"
    )
    heating = split_it().databases[2]
    assert rows(heating.path, "SELECT id, place FROM heating_meter") == [(7, "cellar")]
    assert rows(heating.path, "SELECT version FROM heating_schema_version ORDER BY 1") == [(0,), (1,), (2,)]


def test_a_newer_backup_is_refused(split_it: Splitter, database: Path) -> None:
    """A backup from a later version of the app is refused: its tables may mean something this version does not know."""
    change(database, "INSERT INTO gym_schema_version VALUES (9, '0009_later.sql', 'x', '2026-11-20')")
    with pytest.raises(BackupTooNew, match="has gym in version 9; this bridge knows it up to 1"):
        split_it()


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("ALTER TABLE gym_set ADD COLUMN reps INTEGER", "gym_set is spelled .* in the backup and .* in the migrations"),
        ("CREATE TABLE gym_extra (a)", "gym_extra is in the backup, but not in the migrations of gym"),
        ("CREATE INDEX more ON gym_set (weight_g)", "more is in the backup, but not in the migrations of gym"),
        ("DROP INDEX heating_reading_once", "heating_reading_once is in the migrations of heating, but not in the"),
        ("CREATE TRIGGER t AFTER INSERT ON gym_set BEGIN SELECT 1; END", "t is in the backup, but not"),
    ],
)
def test_a_table_or_index_spelled_otherwise_is_refused(
    split_it: Splitter, database: Path, script: str, sentence: str
) -> None:
    """Where a table or an index is not spelled alike on both sides, the split refuses and names it."""
    change(database, script)
    with pytest.raises(SchemaDiffers, match=sentence):
        split_it()


def test_an_edited_migration_is_refused(split_it: Splitter, migrations: Path) -> None:
    """A migration that was edited after the backup's database applied it is refused by name."""
    (migrations / "gym" / "0002_step.sql").write_text("CREATE TABLE gym_more (a) STRICT;")
    with (migrations / "gym" / "0001_step.sql").open("a") as file:
        file.write("-- edited\n")
    with pytest.raises(SchemaDiffers, match=r"0001_step\.sql of gym was edited after it was applied"):
        split_it()


def test_an_edited_migration_is_refused_without_anything_to_migrate(split_it: Splitter, migrations: Path) -> None:
    """The same when nothing is to be migrated and the tables are alike: the services would refuse such a database."""
    with (migrations / "gym" / "0001_step.sql").open("a") as file:
        file.write("-- edited\n")
    with pytest.raises(SchemaDiffers, match=r"0001_step\.sql of gym was edited after it was applied"):
        split_it()


def test_copied_rows_go_as_whole_records(database: Path, domains: tuple[Domain, ...], tmp_path: Path) -> None:
    """SQLite copies table and index records as they are, in key order; row by row it would be about twice as slow."""
    for domain in domains:
        assert_transfer(database, domain, tmp_path / f"{domain.name}.db")


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
def test_the_real_tables_are_copied_as_whole_records_too(domain: Domain, tmp_path: Path) -> None:
    """No table of the app has anything (a trigger, a column's default, an index) that would slow its copy down."""
    source = tmp_path / "source.db"
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        bring_up_to_date(connection, [domain], MADE_AT, "it")
    assert_transfer(source, domain, tmp_path / "target.db")


def assert_transfer(source: Path, domain: Domain, target: Path) -> None:
    target.touch()
    with closing(open_target(target)) as connection:
        bring_up_to_date(connection, [domain], MADE_AT, "it")
        attach_source(connection, source)
        for table in tables(connection):
            program = connection.execute(f"EXPLAIN INSERT INTO main.{table} SELECT * FROM backup.{table}").fetchall()
            opcodes = {row[1] for row in program}
            assert opcodes & {"RowCell", "RowData"}, f"{table} is copied row by row"


def job_for(source: Path, target: Path, domain: Domain) -> Job:
    expected = {table: sums for table, sums in sums_of(source).items() if domain.owns(table)}
    target.touch()
    with closing(open_target(target)) as connection:
        bring_up_to_date(connection, [domain], MADE_AT, "it")
        connection.execute(f"DELETE FROM {domain.name}_schema_version")
    return Job(domain.name, str(source), str(target), tuple(sorted(expected)), expected, "2026-11-21T02:15:00.000000Z")


def test_rows_that_are_not_those_of_the_manifest_are_refused(
    database: Path, domains: tuple[Domain, ...], tmp_path: Path
) -> None:
    """A copy that differs from the manifest in one table is refused, with the table's name."""
    job = job_for(database, tmp_path / "gym.db", domains[1])
    wrong = replace(job, expected=dict(job.expected) | {"gym_set": TableSum(2, "0" * 32)})
    with pytest.raises(NotVerified, match="gym_set has 2 rows as expected, but not the same values"):
        fill(wrong)


def test_a_refusal_crosses_the_process_boundary(database: Path, domains: tuple[Domain, ...], tmp_path: Path) -> None:
    """A refusal of the process that fills a database reaches the report with its sentence and its advice."""
    job = job_for(database, tmp_path / "gym.db", domains[1])
    wrong = replace(job, expected=dict(job.expected) | {"gym_set": TableSum(9, "0" * 32)})
    with pytest.raises(NotVerified, match="gym_set has 2 rows instead of 9") as caught:
        run_fill(wrong)
    assert caught.value.hint.startswith("nothing was published")


def test_a_crashed_process_is_a_sentence(database: Path, domains: tuple[Domain, ...], tmp_path: Path) -> None:
    """When filling ends without an answer, the error says which database and what the process last said."""
    job = job_for(database, tmp_path / "gym.db", domains[1])
    with pytest.raises(
        SplitFailed, match=r"filling the new database of gym failed: sqlite3\.OperationalError: unable to"
    ):
        run_fill(replace(job, target=str(tmp_path / "nowhere" / "gym.db")))


def test_filling_twice_is_refused(database: Path, domains: tuple[Domain, ...], tmp_path: Path) -> None:
    """Rows never come on top of others: a database that is not empty is refused."""
    job = job_for(database, tmp_path / "gym.db", domains[1])
    fill(job)
    with pytest.raises(sqlite3.IntegrityError):
        fill(job)
