"""Is this file a whole SQLite database, and does it hold exactly the rows it should?"""

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from apps.bridge.errors import BackupDamaged, NoSpace, NotVerified
from apps.bridge.sums import TableSum, differences, tables

MAGIC = b"SQLite format 3\0"
MIB = 1024 * 1024


def open_copy(path: Path) -> sqlite3.Connection:
    """Open a copy that nobody writes to, for reading only."""
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True, isolation_level=None)


def require_intact(path: Path, where: str, *, check: Literal["quick_check", "integrity_check"]) -> None:
    """Refuse a file that is no database, is damaged, or holds nothing. `integrity_check` compares indexes as well."""
    hint = "choose an older backup, or make a new one with `trackstack bridge backup`"
    with path.open("rb") as file:
        magic = file.read(len(MAGIC))
    if not magic:
        raise BackupDamaged(f"{where} is an empty file", hint=hint)
    if magic != MAGIC:
        raise BackupDamaged(f"{where} is not an SQLite database: it begins with {magic!r}", hint=hint)
    try:
        connection = open_copy(path)
        try:
            finding = connection.execute(f"PRAGMA {check}(1)").fetchone()[0]
            names = tables(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise BackupDamaged(f"{where} cannot be read: {error}", hint=hint) from error
    if finding != "ok":
        raise BackupDamaged(f"{where} is damaged: {_one_line(finding)}", hint=hint)
    if not names:
        raise BackupDamaged(f"{where} is a database without tables", hint=hint)


def require_same(expected: Mapping[str, TableSum], found: Mapping[str, TableSum], where: str) -> None:
    """Refuse a copy in which any table has other rows than expected."""
    if clauses := differences(expected, found):
        raise NotVerified(
            f"{where} does not hold the rows of the backup: {'; '.join(clauses)}",
            hint="nothing was published; run it again, and choose another backup when it says the same",
        )


def orphan_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows of each table point to a parent that does not exist."""
    counts: dict[str, int] = {}
    for table, *_ in connection.execute("PRAGMA foreign_key_check"):
        counts[table] = counts.get(table, 0) + 1
    return counts


def require_space(folder: Path, needed: int, purpose: str) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NoSpace(
            f"{purpose} needs {needed / MIB:.0f} MiB in {folder}, which has {free / MIB:.0f} MiB free",
            hint="give the Lambda a larger ephemeral storage, or free space on this computer",
        )


def _one_line(text: str) -> str:
    return " ".join(text.split())
