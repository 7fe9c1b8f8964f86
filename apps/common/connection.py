"""The one connection: opened with the lock held, its settings read back, and nothing strange beside the file."""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

from apps.common.faults import is_fatal

JOURNALS = ("truncate", "wal")
_SYNCHRONOUS_FULL = 2
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.05, 2.0


class DatabaseRefused(Exception):  # noqa: N818 -- a sentence reads better than a suffix
    """The database must not be used: wrong settings, a strange file beside it, a damaged page. Says which and why."""


class DatabaseDamaged(DatabaseRefused):
    """Its pages make no sense any more; only a backup helps."""


class DatabaseLocked(Exception):  # noqa: N818 -- a sentence reads better than a suffix
    """Another process held the database's lock for longer than we were willing to wait."""


_OPEN: set[Path] = set()
_OPEN_GUARD = threading.Lock()


def connect(
    path: Path, journal: str, *, wait_s: float, waiting: Callable[[], None], stop: threading.Event
) -> sqlite3.Connection:
    """Open `path` as its only user; `waiting` is called when another has it, which is waited for up to `wait_s`.

    An old task may still be stopping, and after the loss of a host its lock stays for an NFS lease (90 s and more).
    """
    if journal not in JOURNALS:
        raise DatabaseRefused(
            f"journal {journal!r} is not safe for acknowledged writes; choose one of {', '.join(JOURNALS)}"
        )
    path = _named_once(path)
    with _OPEN_GUARD:
        if path in _OPEN:
            raise DatabaseRefused(f"{path} is open in this process already; exactly one connection may exist")
        _OPEN.add(path)
    try:
        check_directory(path)
        return _wait(path, journal, wait_s, waiting, stop)
    except BaseException:
        forget(path)
        raise


def forget(path: Path) -> None:
    """The connection to `path` is closed: another may be opened."""
    with _OPEN_GUARD:
        _OPEN.discard(_named_once(path))


def check_directory(path: Path) -> None:
    """Refuse what would let SQLite replay a strange journal or write through a second name of the file."""
    for each in (path, journal_of(path), wal_of(path)):
        if each.is_symlink():
            raise DatabaseRefused(f"{each} is a symbolic link; put the database itself into its directory")
        if each.exists() and each.stat().st_nlink > 1:
            raise DatabaseRefused(f"{each} has {each.stat().st_nlink} names (hard links); leave it only one")
    leftovers = [each for each in (journal_of(path), wal_of(path)) if _size(each)]
    if leftovers and not _size(path):
        names = ", ".join(each.name for each in leftovers)
        raise DatabaseRefused(f"{path} is missing or empty, but {names} is not; remove it or restore the database")
    # Bytes 18 and 19 of the header say 2 in WAL mode. A -wal beside another mode belongs to some other file.
    # Read before SQLite opens the file: closing this handle later would drop the process's POSIX lock.
    if _size(wal_of(path)):
        with path.open("rb") as file:
            header = file.read(20)
        if header[18:20] != b"\x02\x02":
            raise DatabaseRefused(f"{wal_of(path).name} does not belong to {path}, which is not in WAL mode; remove it")


def journal_of(path: Path) -> Path:
    """Where SQLite keeps the rollback journal of `path`."""
    return path.with_name(path.name + "-journal")


def wal_of(path: Path) -> Path:
    """Where SQLite keeps the write-ahead log of `path`."""
    return path.with_name(path.name + "-wal")


def _named_once(path: Path) -> Path:
    """One spelling for each file; its own name is kept, as a link instead of the file is refused later."""
    return path.parent.resolve() / path.name


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _wait(
    path: Path, journal: str, wait_s: float, waiting: Callable[[], None], stop: threading.Event
) -> sqlite3.Connection:
    deadline = time.monotonic() + wait_s
    pause = _FIRST_WAIT_S
    crashed = bool(_size(journal_of(path)) or _size(wal_of(path)))
    while True:
        try:
            return _open(path, journal, crashed)
        except sqlite3.OperationalError as error:
            if is_fatal(error) or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        waiting()
        if time.monotonic() + pause > deadline:
            raise DatabaseLocked(
                f"another process held the lock of {path} for {wait_s:g} s; stop it, then start this one again"
            )
        if stop.wait(pause):
            raise DatabaseLocked(f"stopped while another process held the lock of {path}")
        pause = min(pause * 2, _LONGEST_WAIT_S)
        # What lies there now is what the other process left at the end.
        crashed = bool(_size(journal_of(path)) or _size(wal_of(path)))


def _open(path: Path, journal: str, crashed: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, cached_statements=512)
    try:
        # EXCLUSIVE first: only then does WAL work without shared memory, which NFS does not have.
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute("PRAGMA synchronous=FULL")
        for setting in ("foreign_keys=ON", "busy_timeout=5000", "cache_size=-8000", "temp_store=MEMORY", "mmap_size=0"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        _read_back(connection, path, journal)
        if crashed:
            _check_pages(connection, path)
    except BaseException:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def _read_back(connection: sqlite3.Connection, path: Path, journal: str) -> None:
    wanted = {
        "journal_mode": journal,
        "synchronous": _SYNCHRONOUS_FULL,
        "locking_mode": "exclusive",
        "foreign_keys": 1,
    }
    for pragma, value in wanted.items():
        found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
        if found != value:
            raise DatabaseRefused(
                f"{path} has {pragma}={found} where {value} is needed; its file system may not allow it"
            )


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    """After a crash SQLite has just rolled a journal back or forward: look whether the pages make sense."""
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise DatabaseDamaged(f"{path} is damaged ({found}); restore the newest backup")
