"""Fill one service's empty database from a backup: a process of its own, so that the three fill at the same time.

    python -m apps.bridge.fill  <  job as JSON      prints what it did as JSON, or {"refused": [class, message, hint]}

It imports little beyond SQLite: three of these run on the Lambda's few hundred MiB.
"""

import json
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from apps.bridge.errors import BridgeError, NotVerified
from apps.bridge.orphans import Orphans, set_aside, to_json
from apps.bridge.sums import TableSum, file_sha256, quoted, table_sums
from apps.bridge.verify import open_copy, require_intact, require_same

CACHE_KIB = 8000


@dataclass(frozen=True)
class Job:
    """Which tables of `source` go into `target`, which has them all, empty."""

    domain: str
    source: str
    target: str
    tables: tuple[str, ...]
    expected: Mapping[str, TableSum]
    resend_since: str  # outbox rows sent at this instant or later are sent again

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Job":
        document = json.loads(text)
        expected = {table: TableSum(**sums) for table, sums in document.pop("expected").items()}
        return cls(expected=expected, tables=tuple(document.pop("tables")), **document)


@dataclass(frozen=True)
class OrphanCount:
    """How many rows were taken out of `table` because their row in `parent` is missing."""

    table: str
    parent: str
    rows: int


@dataclass(frozen=True)
class Filled:
    """The finished file and what is in it. `tables` are the rows as verified, before events were marked unsent."""

    domain: str
    target: str
    sha256: str
    bytes: int
    tables: Mapping[str, TableSum]
    orphans: tuple[OrphanCount, ...]
    resent: int

    @property
    def path(self) -> Path:
        return Path(self.target)

    @property
    def orphans_file(self) -> Path:
        """The rows themselves; exists only if there are any."""
        return orphans_beside(self.path)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Filled":
        document: dict[str, Any] = json.loads(text)
        orphans = tuple(OrphanCount(**each) for each in document.pop("orphans"))
        tables = {table: TableSum(**sums) for table, sums in document.pop("tables").items()}
        return cls(tables=tables, orphans=orphans, **document)


def orphans_beside(database: Path) -> Path:
    return database.with_suffix(".orphans.json")


def fill(job: Job) -> Filled:
    """Copy, compare with what the backup should hold, set orphans aside, mark what is to be sent again."""
    target = Path(job.target)
    copy_tables(Path(job.source), target, job.tables)
    where = f"the new database of {job.domain}"
    found = _sums(target, job.tables)
    require_same(job.expected, found, where)
    connection = open_target(target)
    try:
        orphans = _set_aside(connection, found)
        resent = _mark_unsent(connection, f"{job.domain}_outbox", job)
    finally:
        connection.close()
    require_intact(target, where, check="integrity_check")
    if orphans:
        orphans_beside(target).write_text(to_json(orphans), encoding="utf-8")
    counts = tuple(OrphanCount(each.table, each.parent, len(each.rows)) for each in orphans)
    return Filled(job.domain, job.target, file_sha256(target), target.stat().st_size, found, counts, resent)


def open_target(path: Path) -> sqlite3.Connection:
    """For a file that is thrown away if anything goes wrong: no journal, no sync, no foreign keys checked on the way.

    Foreign keys must be off for SQLite to copy whole records; that is their default, said here because it matters.
    """
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    for pragma in (
        "journal_mode=off",
        "synchronous=off",
        "main.locking_mode=exclusive",
        f"cache_size=-{CACHE_KIB}",
        "foreign_keys=off",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def attach_source(connection: sqlite3.Connection, source: Path) -> None:
    """Attach it as `backup`, and writable although nothing writes: of a read-only file SQLite forgets the CHECK
    constraints, takes them for other ones than the target's, and copies row by row."""
    connection.execute("ATTACH ? AS backup", (f"{source.absolute().as_uri()}?mode=rw",))


def copy_tables(source: Path, target: Path, tables: Sequence[str]) -> None:
    """Copy all rows of these tables into their empty, identically spelled twins, whose indexes exist already."""
    connection = open_target(target)
    try:
        attach_source(connection, source)
        connection.execute("BEGIN")
        for table in tables:
            connection.execute(f"INSERT INTO main.{quoted(table)} SELECT * FROM backup.{quoted(table)}")  # noqa: S608 - identifiers, quoted
        connection.execute("COMMIT")
    finally:
        connection.close()


def _sums(path: Path, tables: Sequence[str]) -> dict[str, TableSum]:
    connection = open_copy(path)
    try:
        return table_sums(connection, tables)
    finally:
        connection.close()


def _set_aside(connection: sqlite3.Connection, found: dict[str, TableSum]) -> list[Orphans]:
    """Each row is accounted for once: still in its table, or in the list. `found` then holds what is still there."""
    connection.execute("BEGIN")
    orphans = set_aside(connection)
    for table in {each.table for each in orphans}:
        before = found[table].rows
        gone = sum(len(each.rows) for each in orphans if each.table == table)
        found |= table_sums(connection, [table])
        if found[table].rows + gone != before:
            raise NotVerified(
                f"{table} had {before} rows; {gone} were set aside and {found[table].rows} are left",
                hint="nothing was published; this is an error of the bridge, report it with the backup's manifest",
            )
    connection.execute("COMMIT")
    return orphans


def _mark_unsent(connection: sqlite3.Connection, outbox: str, job: Job) -> int:
    """What was on its way when the backup was made is lost with the queues: send it again, receivers drop doubles."""
    if outbox not in job.tables:
        return 0
    return connection.execute(
        f"UPDATE {quoted(outbox)} SET sent_at = NULL WHERE sent_at >= ?",  # noqa: S608 - identifier, quoted
        (job.resend_since,),
    ).rowcount


def main() -> int:
    try:
        print(fill(Job.from_json(sys.stdin.read())).to_json())
    except BridgeError as error:
        print(json.dumps({"refused": [type(error).__name__, error.message, error.hint]}))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
