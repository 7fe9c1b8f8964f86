"""The three domains as the bridge sees them: a name, a folder of migrations, and every table that begins with the name.

A domain's package is never imported here: its web framework would cost the Lambda half a second and 30 MiB.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from apps.bridge.errors import BackupTooNew, SchemaDiffers
from apps.common.migrations import MigrationRefused, migrate, migrations_of, schema_version

APPS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Domain:
    name: str
    migrations: Path

    @property
    def newest_version(self) -> int:
        return migrations_of(self.name, self.migrations)[-1].version

    def owns(self, table: str) -> bool:
        return table.startswith(f"{self.name}_")


DOMAINS = tuple(Domain(name, APPS / name / "migrations") for name in ("expenses", "gym", "heating"))


def versions(connection: sqlite3.Connection, domains: Iterable[Domain]) -> dict[str, int]:
    """The schema version of each domain in this database, -1 where it has no tables."""
    return {domain.name: schema_version(connection, domain.name) for domain in domains}


def require_known(found: Mapping[str, int], domains: Sequence[Domain], where: str) -> bool:
    """Refuse a schema from the future; True when some domain is older than this code and has to be migrated first."""
    hint = "deploy the bridge from the same version of TrackStack as pragmatic, or split an older backup"
    if unknown := sorted(set(found) - {domain.name for domain in domains}):
        raise BackupTooNew(f"{where} has {', '.join(unknown)}, which this bridge does not know", hint=hint)
    older = False
    for domain in domains:
        version = found.get(domain.name, -1)
        if version > domain.newest_version:
            raise BackupTooNew(
                f"{where} has {domain.name} in version {version}; this bridge knows it up to {domain.newest_version}",
                hint=hint,
            )
        older = older or version < domain.newest_version
    return older


def bring_up_to_date(connection: sqlite3.Connection, domains: Iterable[Domain], now: datetime, where: str) -> None:
    """Apply each domain's missing migrations. The connection is in autocommit mode."""
    for domain in domains:
        try:
            migrate(connection, domain.name, domain.migrations, now)
        except (MigrationRefused, sqlite3.Error) as error:
            raise SchemaDiffers(
                f"{where} cannot be migrated: {domain.name}: {error}",
                hint="split a backup made by this version of TrackStack",
            ) from error


def ddl(connection: sqlite3.Connection, domain: Domain) -> dict[str, str]:
    """The text that made each table, index, trigger and view on the domain's tables, by name."""
    rows = connection.execute("SELECT tbl_name, name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return {name: sql for table, name, sql in rows if domain.owns(table)}


def require_same_ddl(source: Mapping[str, str], target: Mapping[str, str], domain: Domain) -> None:
    """Refuse tables or indexes that are not spelled alike on both sides.

    Equal text is what lets SQLite copy whole records, in key order, for table and indexes alike; with any difference it
    would read, check and sort row by row, and might put a value into another column than the one it came from.
    """
    for name in sorted(source.keys() | target.keys()):
        if source.get(name) == target.get(name):
            continue
        if name not in target:
            story = f"{name} is in the backup, but not in the migrations of {domain.name}"
        elif name not in source:
            story = f"{name} is in the migrations of {domain.name}, but not in the backup"
        else:
            there, here = _one_line(source[name]), _one_line(target[name])
            story = f"{name} is spelled {there} in the backup and {here} in the migrations of {domain.name}"
        raise SchemaDiffers(story, hint="split a backup whose tables were made by these same migrations")


def unowned(tables: Sequence[str], domains: Sequence[Domain]) -> list[str]:
    """Tables of no domain: they have no service to go to."""
    return [table for table in tables if not any(domain.owns(table) for domain in domains)]


def _one_line(sql: str) -> str:
    return " ".join(sql.split())
