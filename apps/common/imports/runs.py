"""The SQL of imports: each one that was made, and which of its rows made which record.

Every domain has the two tables, made by its own migrations: `<domain>_import_run` and `<domain>_import_row`. A row
outlives its record, so that what was deleted stays deleted when the file comes again.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from apps.common.clock import instant_text
from apps.common.imports.decisions import Decision
from apps.common.imports.report import ImportRun
from apps.common.transaction import Readable, Transaction

# The domain's name is checked by `domain_name` and comes from the program, never from a request.
# ruff: noqa: S608

COUNTS = ("taken", "known", "changed", "skipped", "refused")
_COLUMNS = f"id, imported_at, file_name, format, decisions, rows, {', '.join(COUNTS)}, undone_at"
_BINDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row that was taken: the import that took it (None before imports had ids), and the record it made."""

    import_id: str | None
    record_id: str


def start_run(
    tx: Transaction, run_id: str, *, file_name: str, sha256: str, format_name: str, decisions: Sequence[Decision]
) -> None:
    """Keep that an import has begun."""
    tx.execute(
        f"INSERT INTO {tx.domain}_import_run (id, imported_at, file_name, sha256, format, decisions)"
        " VALUES (:id, :at, :file, :sha256, :format, :decisions)",
        id=run_id,
        at=instant_text(tx.now),
        file=file_name,
        sha256=sha256,
        format=format_name,
        decisions=json.dumps([each.model_dump() for each in decisions], ensure_ascii=False),
    )


def count_rows(tx: Transaction, run_id: str, rows: int, counts: Mapping[str, int]) -> None:
    """Add what became of a part to its import."""
    sums = ", ".join(f"{name} = {name} + :{name}" for name in COUNTS)
    tx.execute(
        f"UPDATE {tx.domain}_import_run SET rows = rows + :rows, {sums} WHERE id = :id",
        id=run_id,
        rows=rows,
        **{name: counts.get(name, 0) for name in COUNTS},
    )


def find_run(tx: Readable, domain: str, run_id: str) -> ImportRun | None:
    """An import by its id."""
    row = tx.one(f"SELECT {_COLUMNS} FROM {domain}_import_run WHERE id = :id", id=run_id)
    return None if row is None else ImportRun(**dict(row) | {"decisions": json.loads(row["decisions"])})


def sha256_of_run(tx: Readable, domain: str, run_id: str) -> str | None:
    """The SHA-256 of the file of an import that was not undone."""
    row = tx.one(f"SELECT sha256 FROM {domain}_import_run WHERE id = :id AND undone_at IS NULL", id=run_id)
    return None if row is None else str(row[0])


def runs_of_file(tx: Readable, domain: str, sha256: str, also: str | None = None) -> list[ImportRun]:
    """The imports of a file that took something and were not undone, the newest first; and one more by its id."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM {domain}_import_run"
        " WHERE sha256 = :sha256 AND undone_at IS NULL AND (taken > 0 OR id = :also) ORDER BY id DESC",
        sha256=sha256,
        also=also,
    )
    return [ImportRun(**dict(row) | {"decisions": json.loads(row["decisions"])}) for row in rows]


def list_runs(tx: Readable, domain: str) -> list[ImportRun]:
    """The newest 200 imports, the newest first."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM {domain}_import_run ORDER BY id DESC LIMIT 200")
    return [ImportRun(**dict(row) | {"decisions": json.loads(row["decisions"])}) for row in rows]


def known_decision(tx: Readable, domain: str, format_name: str, name: str) -> str | None:
    """The value of a decision in the newest import of this format that was not undone."""
    rows = tx.all(
        f"SELECT decisions FROM {domain}_import_run WHERE format = :format AND undone_at IS NULL"
        " ORDER BY id DESC LIMIT 20",
        format=format_name,
    )
    for row in rows:
        for each in json.loads(row["decisions"]):
            if each["name"] == name and each["how"] != "assumed":
                return str(each["value"])
    return None


def mark_undone(tx: Transaction, run_id: str) -> None:
    """Keep that an import was undone."""
    tx.execute(
        f"UPDATE {tx.domain}_import_run SET undone_at = :at WHERE id = :id AND undone_at IS NULL",
        id=run_id,
        at=instant_text(tx.now),
    )


def kept_rows(tx: Readable, domain: str, keys: Iterable[str]) -> dict[str, KeptRow]:
    """Which of these keys were taken before."""
    return {
        row["import_key"]: KeptRow(row["import_id"], row["record_id"])
        for row in _each_in(
            tx, f"SELECT import_key, import_id, record_id FROM {domain}_import_row WHERE import_key IN", keys
        )
    }


def keep_rows(tx: Transaction, run_id: str, rows: Iterable[tuple[str, str]]) -> None:
    """Keep that an import took rows: pairs of key and record. A key that was kept before now belongs to this import."""
    tx.execute_many(
        f"INSERT INTO {tx.domain}_import_row (import_key, import_id, record_id) VALUES (:key, :run, :record)"
        " ON CONFLICT (import_key) DO UPDATE SET import_id = excluded.import_id, record_id = excluded.record_id",
        ({"key": key, "run": run_id, "record": record} for key, record in rows),
    )


def records_of_run(tx: Readable, domain: str, run_id: str, limit: int) -> list[str]:
    """Some records that rows of an import made, each once."""
    rows = tx.all(
        f"SELECT DISTINCT record_id FROM {domain}_import_row WHERE import_id = :id ORDER BY record_id LIMIT :limit",
        id=run_id,
        limit=limit,
    )
    return [row[0] for row in rows]


def forget_rows(tx: Transaction, run_id: str, record_id: str) -> None:
    """Free the keys of an import's rows that made this record."""
    tx.execute(
        f"DELETE FROM {tx.domain}_import_row WHERE import_id = :run AND record_id = :record",
        run=run_id,
        record=record_id,
    )


def disown_rows(tx: Transaction, run_id: str, record_id: str) -> None:
    """Let the rows that made this record belong to no import any more, but stay known."""
    tx.execute(
        f"UPDATE {tx.domain}_import_row SET import_id = NULL WHERE import_id = :run AND record_id = :record",
        run=run_id,
        record=record_id,
    )


def existing_records(tx: Readable, table: str, ids: Iterable[str]) -> set[str]:
    """Which of these ids are in the column `id` of a table."""
    return {row[0] for row in _each_in(tx, f"SELECT id FROM {table} WHERE id IN", ids)}


def _each_in(tx: Readable, sql: str, values: Iterable[str]) -> list[sqlite3.Row]:
    """The rows of a query that ends with IN, asked for some values at a time."""
    wanted = list(dict.fromkeys(values))
    found: list[sqlite3.Row] = []
    for start in range(0, len(wanted), _BINDS_AT_ONCE):
        part = {f"v{place}": value for place, value in enumerate(wanted[start : start + _BINDS_AT_ONCE])}
        found.extend(tx.all(f"{sql} ({', '.join(f':{name}' for name in part)})", **part))
    return found
