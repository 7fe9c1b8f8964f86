"""How many rows a table has and a checksum over all of them: what a copy must have in common with its source."""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class TableSum:
    rows: int
    checksum: str  # first 32 hex digits of a SHA-256: beyond accident, and short enough to read aloud in a report

    def to_dict(self) -> dict[str, object]:
        return {"rows": self.rows, "checksum": self.checksum}


def quoted(name: str) -> str:
    """A table's or column's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def tables(connection: sqlite3.Connection) -> list[str]:
    """All tables but SQLite's own, by name."""
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return [name for (name,) in rows]


def table_sum(connection: sqlite3.Connection, table: str) -> TableSum:
    """Read every value of TABLE once, in the table's own order, which a copy keeps.

    Text is read as its stored bytes (bytearray) and blobs as bytes, so that neither a character set nor an invalid
    sequence nor a NUL can make two different values look alike; `repr` then spells each type differently, and spells
    these types the same in every Python version (backup and bridge run different ones).
    """
    digest = hashlib.sha256()
    count = 0
    factory, connection.text_factory = connection.text_factory, bytearray
    try:
        # NOT INDEXED: an index that happens to hold every column must not decide the order.
        rows = connection.execute(f"SELECT * FROM {quoted(table)} NOT INDEXED")  # noqa: S608 - identifier, quoted
        while batch := rows.fetchmany(ROWS_AT_ONCE):
            digest.update(repr(batch)[1:-1].encode("ascii"))
            digest.update(b", ")  # as inside a batch: ROWS_AT_ONCE leaves no trace in the checksum
            count += len(batch)
    finally:
        connection.text_factory = factory
    return TableSum(count, digest.hexdigest()[:32])


def table_sums(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, TableSum]:
    return {name: table_sum(connection, name) for name in names}


def differences(expected: Mapping[str, TableSum], found: Mapping[str, TableSum]) -> list[str]:
    """One clause for each table that is missing, unexpected, or not the same; empty when all are equal."""
    clauses = []
    for table in sorted(expected.keys() | found.keys()):
        want, have = expected.get(table), found.get(table)
        if have is None:
            clauses.append(f"{table} is missing")
        elif want is None:
            clauses.append(f"{table} is not expected")
        elif want.rows != have.rows:
            clauses.append(f"{table} has {have.rows} rows instead of {want.rows}")
        elif want.checksum != have.checksum:
            clauses.append(f"{table} has {have.rows} rows as expected, but not the same values")
    return clauses


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
