"""Opening the database: alone, with the lock held, its settings in force, nothing strange beside the file."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from example_domains.both import folders
from example_domains.pantry_items import NewItem, put

from apps.common.connection import DatabaseDamaged
from apps.common.database import Database, DatabaseLocked, DatabaseRefused, Reader, Transaction
from apps.common.problem import Unavailable


def names(reader: Reader) -> list[str]:
    """All items' names in order."""
    return [row["name"] for row in reader.all("SELECT name FROM pantry_item ORDER BY name")]


def putting(name: str) -> Callable[[Transaction], str]:
    """A write that puts one item in."""
    return lambda tx: put(NewItem(name=name, pieces=1), tx)


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_both_journals_keep_what_was_written(tmp_path: Path, journal: str) -> None:
    """Either journal can be chosen, also for a database that was written with the other one."""
    with Database(tmp_path / "app.db", folders(), journal=journal) as database:
        database.write_now("pantry", putting("beans"))
        mode = database.read_now(lambda reader: reader.one("PRAGMA journal_mode"))
        assert mode is not None
        assert mode[0] == journal
    other = "wal" if journal == "truncate" else "truncate"
    with Database(tmp_path / "app.db", folders(), journal=other) as database:
        assert database.read_now(names) == ["beans"]


@pytest.mark.parametrize("journal", ["delete", "persist", "memory", "off", "WAL", ""])
def test_unsafe_journals_are_refused(tmp_path: Path, journal: str) -> None:
    """A journal mode that can lose acknowledged writes, or is misspelt, is refused before the file is touched."""
    database = Database(tmp_path / "app.db", folders(), journal=journal)
    database.start()
    with pytest.raises(DatabaseRefused, match="choose one of truncate, wal"):
        database.wait_ready()
    assert database.state == "failed"
    assert not (tmp_path / "app.db").exists()


def test_the_settings_are_in_force(database: Database) -> None:
    """Every write is flushed (FULL), no other process can read along (EXCLUSIVE), foreign keys hold."""

    def settings(reader: Reader) -> dict[str, object]:
        wanted = ("synchronous", "locking_mode", "foreign_keys", "trusted_schema", "mmap_size", "busy_timeout")
        found = {}
        for name in wanted:
            row = reader.one(f"PRAGMA {name}")
            assert row is not None
            found[name] = row[0]
        return found

    assert database.read_now(settings) == {
        "synchronous": 2,
        "locking_mode": "exclusive",
        "foreign_keys": 1,
        "trusted_schema": 0,
        "mmap_size": 0,
        "busy_timeout": 5000,
    }


def test_a_process_opens_a_database_once(database: Database) -> None:
    """A second connection from the same process is refused: it would lose the lock of the first when it closes."""
    second = Database(database.path.parent / ".." / database.path.parent.name / database.path.name, folders())
    second.start()
    with pytest.raises(DatabaseRefused, match="open in this process already"):
        second.wait_ready()


HOLDER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA locking_mode=EXCLUSIVE")
connection.execute("BEGIN EXCLUSIVE")
connection.execute("CREATE TABLE IF NOT EXISTS held (x)")
connection.execute("COMMIT")
print("held", flush=True)
sys.stdin.read()
"""


def test_the_lock_is_waited_for(tmp_path: Path) -> None:
    """While another process has the database, it says waiting-for-lock; it opens as soon as the other one is gone."""
    path = tmp_path / "app.db"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        database = Database(path, folders())
        database.start()
        deadline = time.monotonic() + 60
        while database.state != "waiting-for-lock":
            assert time.monotonic() < deadline
            time.sleep(0.01)
        with pytest.raises(Unavailable, match="waiting-for-lock"):
            database.read_now(names)
        holder.communicate(input="")
        database.wait_ready(10)
        assert database.read_now(names) == []
        database.close()


def test_waiting_for_the_lock_ends(tmp_path: Path) -> None:
    """After the time it is willing to wait, it gives up and names the file and the time."""
    path = tmp_path / "app.db"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        database = Database(path, folders(), lock_wait_s=0.2)
        database.start()
        with pytest.raises(DatabaseLocked, match=r"another process held the lock of .*app\.db for 0\.2 s"):
            database.wait_ready(10)
        holder.communicate(input="")


def refusal(path: Path) -> str:
    """Why a database is not opened."""
    database = Database(path, folders())
    database.start()
    with pytest.raises(DatabaseRefused) as refused:
        database.wait_ready()
    return str(refused.value)


def test_strange_files_are_refused(tmp_path: Path) -> None:
    """A link instead of the file, a second name for it, or a strange journal beside it: refused, with the reason."""
    real = tmp_path / "real.db"
    with Database(real, folders()):
        pass
    (tmp_path / "link.db").symlink_to(real)
    assert "is a symbolic link" in refusal(tmp_path / "link.db")

    (tmp_path / "second.db").hardlink_to(real)
    assert "has 2 names" in refusal(real)
    (tmp_path / "second.db").unlink()

    (tmp_path / "gone.db-journal").write_bytes(b"left behind")
    assert "gone.db-journal is not; remove it" in refusal(tmp_path / "gone.db")

    (tmp_path / "real.db-wal").write_bytes(b"of another database")
    assert "real.db-wal does not belong to" in refusal(real)


def test_a_damaged_page_after_a_crash_is_refused(tmp_path: Path) -> None:
    """With a journal left by a crash the pages are looked at first, so that a damaged database never serves."""
    path = tmp_path / "app.db"
    with Database(path, folders(), journal="truncate") as database:
        database.write_now("pantry", lambda tx: [putting(f"item {n:03d}")(tx) for n in range(200)] and None)
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 3 + 64] = bytes(range(64))
    path.write_bytes(content)
    (tmp_path / "app.db-journal").write_bytes(b"\0" * 512)
    database = Database(path, folders())
    database.start()
    with pytest.raises((DatabaseDamaged, sqlite3.DatabaseError)):
        database.wait_ready()
    assert database.state == "failed"
