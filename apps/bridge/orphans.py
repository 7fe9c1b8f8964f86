"""Orphans: rows that point to a parent which does not exist. They are set aside, so that the rest can be used."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from apps.bridge.errors import NotVerified
from apps.bridge.sums import quoted


@dataclass(frozen=True)
class Orphans:
    """Rows taken out of one table because their row in `parent` is missing."""

    table: str
    parent: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def set_aside(connection: sqlite3.Connection) -> list[Orphans]:
    """Take all orphans out, then those who became orphans by that, until no foreign key is broken."""
    found: list[Orphans] = []
    factory, connection.text_factory = connection.text_factory, _text
    try:
        while violations := _violations(connection):
            taken = [_take(connection, *violation) for violation in sorted(violations)]
            if not any(orphans.rows for orphans in taken):
                tables = ", ".join(sorted({table for table, _, _ in violations}))
                raise NotVerified(
                    f"{tables} has rows with a broken foreign key, and its columns do not identify them",
                    hint="look at the backup with `PRAGMA foreign_key_check`",
                )
            found += [orphans for orphans in taken if orphans.rows]
    finally:
        connection.text_factory = factory
    return found


def to_json(orphans: list[Orphans]) -> str:
    """The rows for a person who wants to put them right, blobs as {"hex": …}."""
    documents = [
        {
            "table": each.table,
            "parent": each.parent,
            "columns": each.columns,
            "rows": [[_plain(value) for value in row] for row in each.rows],
        }
        for each in orphans
    ]
    return json.dumps(documents, indent=1) + "\n"


def _violations(connection: sqlite3.Connection) -> set[tuple[str, str, int]]:
    """Which foreign keys (child table, parent table, number of the key) have at least one broken row."""
    rows = connection.execute("PRAGMA foreign_key_check")
    return {(table, parent, number) for table, _, parent, number in rows}


def _take(connection: sqlite3.Connection, table: str, parent: str, number: int) -> Orphans:
    pairs = [
        (child, parent_column)
        for key, _, _, child, parent_column, *_ in connection.execute(f"PRAGMA foreign_key_list({quoted(table)})")
        if key == number
    ]
    if any(column is None for _, column in pairs):  # REFERENCES parent, without columns: its primary key
        pairs = list(zip((child for child, _ in pairs), _primary_key(connection, parent), strict=True))
    present = " AND ".join(f"{quoted(table)}.{quoted(child)} IS NOT NULL" for child, _ in pairs)
    same = " AND ".join(f"parent.{quoted(column)} = {quoted(table)}.{quoted(child)}" for child, column in pairs)
    cursor = connection.execute(
        f"DELETE FROM {quoted(table)} WHERE {present}"  # noqa: S608 - identifiers, quoted
        f" AND NOT EXISTS (SELECT 1 FROM {quoted(parent)} AS parent WHERE {same}) RETURNING *"
    )
    rows = tuple(cursor.fetchall())
    return Orphans(table, parent, tuple(column[0] for column in cursor.description), rows)


def _primary_key(connection: sqlite3.Connection, table: str) -> list[str]:
    columns = [(row[5], row[1]) for row in connection.execute(f"PRAGMA table_info({quoted(table)})") if row[5]]
    return [name for _, name in sorted(columns)]


def _text(stored: bytes) -> str:
    return stored.decode(errors="surrogateescape")


def _plain(value: Any) -> Any:
    return {"hex": value.hex()} if isinstance(value, bytes) else value
