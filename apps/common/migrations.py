"""Migrations: a domain's tables, brought up to date by numbered SQL files, each once and in its own transaction.

First come the framework's tables of the domain (`framework.sql`, version 0), then `0001_<name>.sql`, and so on.
The text of a file is part of the record: an applied file that was edited afterwards is refused, because databases made
before and after the edit would differ silently, and the data bridge needs the same tables everywhere.
"""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from apps.common.clock import instant_text
from apps.common.transaction import domain_name

FRAMEWORK = Path(__file__).with_name("framework.sql")

_FILE_NAME = re.compile(r"(?P<number>[0-9]{4})_[a-z0-9_]+\.sql")


class MigrationRefused(Exception):  # noqa: N818 -- a sentence reads better than a suffix
    """The database and the migration files do not fit together. Says which file, and why."""


@dataclass(frozen=True)
class Migration:
    """One step: its number, the file's name and its SQL."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the SQL."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations_of(domain: str, folder: Path) -> list[Migration]:
    """All steps of a domain in order: the framework's tables first. Refuses gaps and file names that do not fit."""
    framework = FRAMEWORK.read_text(encoding="utf-8").replace("{domain}", domain_name(domain))
    found = [Migration(0, FRAMEWORK.name, framework)]
    for path in sorted(folder.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise MigrationRefused(f"{path} is not a migration; name it like 0001_first_tables.sql")
        if int(match["number"]) != len(found):
            raise MigrationRefused(f"{path} should have number {len(found):04d}: numbers count up without gaps")
        found.append(Migration(len(found), path.name, path.read_text(encoding="utf-8")))
    return found


def migrate(connection: sqlite3.Connection, domain: str, folder: Path, now: datetime) -> int:
    """Apply what is missing, in order; returns the version reached. The connection must be in autocommit mode."""
    steps = migrations_of(domain, folder)
    applied = _applied(connection, domain)
    if applied and max(applied) >= len(steps):
        raise MigrationRefused(
            f"{domain} is at version {max(applied)}, but this program knows only {len(steps) - 1}; run a newer program"
        )
    for step in steps:
        if step.version not in applied:
            _apply(connection, domain, step, now)
        elif applied[step.version] != step.checksum:
            raise MigrationRefused(f"{step.name} of {domain} was edited after it was applied; add a new file instead")
    return len(steps) - 1


def schema_version(connection: sqlite3.Connection, domain: str) -> int:
    """The newest applied version of a domain; -1 when it has no tables here."""
    return max(_applied(connection, domain), default=-1)


def _applied(connection: sqlite3.Connection, domain: str) -> dict[int, str]:
    table = f"{domain_name(domain)}_schema_version"
    if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone() is None:
        return {}
    return dict(tuple(row) for row in connection.execute(f"SELECT version, checksum FROM {table}"))  # noqa: S608 -- checked name


def _apply(connection: sqlite3.Connection, domain: str, step: Migration, now: datetime) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _statements(step.sql):
            connection.execute(statement)
        connection.execute(
            f"INSERT INTO {domain}_schema_version (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)",  # noqa: S608 -- checked name
            (step.version, step.name, step.checksum, instant_text(now)),
        )
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(sql: str) -> Iterator[str]:
    """The file's statements one by one: `executescript` would commit first, and the step must be one transaction."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if any(line.strip() and not line.strip().startswith("--") for line in statement.splitlines()):
        raise MigrationRefused(f"the last statement does not end with a semicolon: {statement.strip()[:80]}")
