"""Put the new databases in place and let the services' CURRENT name them: all three or none, whenever the power fails.

The order of steps is the safety. Databases are written under names no service reads yet; CURRENT of each service
changes only after all databases are in place; older ones go only after that. What a dead run left behind, the next run
of the same backup completes, and a run of another backup replaces.
"""

import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from apps.bridge.errors import InUse, NotVerified
from apps.bridge.manifest import BACKUP_ID
from apps.bridge.sums import file_sha256

LOCK = "bridge.lock"
LOCK_POLL_S = 0.1
JOURNALS = ("-journal", "-wal", "-shm")


@dataclass(frozen=True)
class Finished:
    """A verified database on the local disk, and a file to lie beside it, if any."""

    domain: str
    file: Path
    sha256: str
    orphans: Path | None = None


def database_name(domain: str, backup: str) -> str:
    return f"{domain}.{backup}.db"


def orphans_name(domain: str, backup: str) -> str:
    return f"{domain}.{backup}.orphans.json"


@contextmanager
def only_run(data_dir: Path, wait_s: float) -> Iterator[None]:
    """One run at a time on this directory, whatever process or host it is in. A dead run's lock goes with it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait_s
    with (data_dir / LOCK).open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise InUse(
                        f"another run of the bridge has held {data_dir / LOCK} for {wait_s:g} s",
                        hint="wait until it is over, then run this one again",
                    ) from None
                time.sleep(LOCK_POLL_S)
        yield


def current(data_dir: Path, domain: str) -> str | None:
    """The backup whose database the service opens, None when it has none."""
    try:
        return (data_dir / domain / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def is_current(data_dir: Path, domains: Sequence[str], backup: str) -> bool:
    """Whether all services are on this backup, and its databases are there."""
    return all(
        current(data_dir, domain) == backup and (data_dir / domain / database_name(domain, backup)).exists()
        for domain in domains
    )


def publish(data_dir: Path, finished: Sequence[Finished], backup: str, before_switch: Callable[[], None]) -> None:
    """Put all databases in place, do what must be done before services may read them, switch, and clean up."""
    domains = [each.domain for each in finished]
    place(data_dir, finished, backup)
    before_switch()
    switch(data_dir, domains, backup)
    remove_others(data_dir, domains, backup)


def place(data_dir: Path, finished: Sequence[Finished], backup: str) -> None:
    """Copy every database under its final name, which no CURRENT names yet (or names from a run that died)."""
    for each in finished:
        folder = data_dir / each.domain
        folder.mkdir(exist_ok=True)
        target = folder / database_name(each.domain, backup)
        if target.exists():
            _require_free(target)
        temporary = target.with_name(target.name + ".tmp")
        _copy(each.file, temporary)
        if file_sha256(temporary) != each.sha256:
            raise NotVerified(
                f"{temporary} is not what was copied there",
                hint="nothing was published; check the disk, then run it again",
            )
        # A journal or log left beside that name would be replayed into the new file.
        for suffix in JOURNALS:
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        temporary.replace(target)
        if each.orphans:
            write_atomically(folder / orphans_name(each.domain, backup), each.orphans.read_bytes())
        sync_directory(folder)


def switch(data_dir: Path, domains: Sequence[str], backup: str) -> None:
    """From here on the services open the new databases."""
    for domain in domains:
        write_atomically(data_dir / domain / "CURRENT", f"{backup}\n".encode())


def remove_others(data_dir: Path, domains: Sequence[str], backup: str) -> None:
    """Remove databases of other backups and what dead runs left; a database that some service still has open stays."""
    for domain in domains:
        folder = data_dir / domain
        for database in sorted(folder.glob(f"{domain}.*.db")):
            name = database.name.removeprefix(f"{domain}.").removesuffix(".db")
            if name == backup or not BACKUP_ID.fullmatch(name) or is_open(database):
                continue
            for suffix in (*JOURNALS, ""):
                database.with_name(database.name + suffix).unlink(missing_ok=True)
            (folder / orphans_name(domain, name)).unlink(missing_ok=True)
        for leftover in folder.glob("*.tmp"):
            leftover.unlink(missing_ok=True)
        sync_directory(folder)


def is_open(database: Path) -> bool:
    """Whether a service has it: an app holds its database's lock from start to end."""
    try:
        connection = sqlite3.connect(
            f"{database.absolute().as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None
        )
        try:
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        finally:
            connection.close()
    except sqlite3.Error as error:
        # Damaged or half written: no service could run on it.
        return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return False


def write_atomically(path: Path, content: bytes) -> None:
    """The file has the old content or the new, never half of it, also after a power cut."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_directory(path.parent)


def sync_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        shutil.copyfileobj(reading, writing, 1024 * 1024)
        writing.flush()
        os.fsync(writing.fileno())


def _require_free(database: Path) -> None:
    if is_open(database):
        raise InUse(
            f"a service has {database} open, which this run would replace",
            hint="stop the services first: `trackstack down enterprise`",
        )
