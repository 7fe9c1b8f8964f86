"""The database: one file, one connection, one thread, group commit."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from example_domains.both import folders
from example_domains.pantry_domain import NewItem, put

from apps.common.connection import DatabaseDamaged
from apps.common.database import QUEUE_LIMIT, Database, DatabaseLocked, DatabaseRefused, Reader, Transaction
from apps.common.faults import as_problem
from apps.common.group import Committed
from apps.common.problem import Unavailable


def names(reader: Reader) -> list[str]:
    """All items' names in order."""
    return [row["name"] for row in reader.all("SELECT name FROM pantry_item ORDER BY name")]


def putting(name: str) -> Callable[[Transaction], str]:
    """A write that puts one item in."""
    return lambda tx: put(NewItem(name=name, pieces=1), tx)


def test_a_write_that_fails_undoes_only_itself(database: Database) -> None:
    """Thirty writes wait together, every third fails after it wrote: the other twenty are kept."""

    def write(number: int) -> Callable[[Transaction], int]:
        def work(tx: Transaction) -> int:
            put(NewItem(name=f"item {number:02d}", pieces=number), tx)
            if number % 3 == 0:
                raise ValueError(f"item {number} is not wanted")
            return number

        return work

    async def all_of_them() -> list[int | BaseException]:
        return await asyncio.gather(*(database.write("pantry", write(n)) for n in range(30)), return_exceptions=True)

    outcomes = asyncio.run(all_of_them())
    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, ValueError)] == list(range(0, 30, 3))
    assert database.read_now(names) == [f"item {n:02d}" for n in range(30) if n % 3]
    unsent = database.read_now(lambda reader: reader.one("SELECT count(*) AS n FROM pantry_outbox"))
    assert unsent is not None
    assert unsent["n"] == 20


def test_writes_that_wait_share_one_commit(database: Database) -> None:
    """While one group is being written, forty more arrive: they become one group, with one COMMIT."""
    groups: list[Committed] = []
    database.on_group = groups.append
    entered, leave = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        entered.set()
        assert leave.wait(10)

    async def load() -> None:
        first = asyncio.create_task(database.write("pantry", slow))
        await asyncio.to_thread(entered.wait, 10)
        rest = [asyncio.create_task(database.write("pantry", putting(f"item {n}"))) for n in range(40)]
        await asyncio.sleep(0)
        leave.set()
        await asyncio.gather(first, *rest)

    asyncio.run(load())
    database.read_now(names)
    assert [group.writes for group in groups] == [1, 40]
    assert [group.events for group in groups] == [0, 40]


def test_a_read_sees_only_what_is_committed(database: Database) -> None:
    """A read that waits beside a write sees the state before it; after the write's answer, its effect."""

    async def both() -> tuple[list[str], list[str]]:
        write = asyncio.create_task(database.write("pantry", putting("rice")))
        beside = asyncio.create_task(database.read(names))
        await asyncio.gather(write, beside)
        return await beside, await database.read(names)

    beside, afterwards = asyncio.run(both())
    assert beside == []
    assert afterwards == ["rice"]


def test_too_many_waiting_are_told_to_come_back(database: Database) -> None:
    """When a thousand requests wait for the database, the next one is refused with 503 and Retry-After, not queued."""
    entered, leave = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        entered.set()
        assert leave.wait(10)

    async def flood() -> int:
        first = asyncio.create_task(database.write("pantry", slow))
        await asyncio.to_thread(entered.wait, 10)
        waiting = [asyncio.create_task(database.read(names)) for _ in range(QUEUE_LIMIT)]
        await asyncio.sleep(0)
        try:
            with pytest.raises(Unavailable) as refused:
                await database.read(names)
            assert refused.value.headers == {"Retry-After": "1"}
        finally:
            leave.set()
        await first
        return len(await asyncio.gather(*waiting))

    assert asyncio.run(flood()) == 1000


def test_a_caller_who_gave_up_harms_nobody(database: Database) -> None:
    """A request that is cancelled while it waits gets no answer, and the next one is served as ever."""

    async def give_up() -> list[str]:
        waiting = asyncio.create_task(database.write("pantry", putting("salt")))
        await asyncio.sleep(0)
        waiting.cancel()
        return await database.read(names)

    asyncio.run(give_up())
    assert database.read_now(names) == ["salt"]


def test_a_full_disk_is_told_and_passes(database: Database) -> None:
    """A write that finds no room is answered 507 and leaves nothing; when there is room again, writing goes on."""

    def limit(tx: Transaction, more: int) -> None:
        pages = tx.one("PRAGMA page_count")
        assert pages is not None
        tx.one(f"PRAGMA max_page_count = {pages[0] + more}")

    database.write_now("pantry", lambda tx: limit(tx, 2))
    with pytest.raises(sqlite3.OperationalError) as full:
        database.write_now(
            "pantry", lambda tx: [put(NewItem(name=f"item {n}", pieces=n), tx) for n in range(500)] and None
        )
    problem = as_problem(full.value)
    assert problem is not None
    assert problem.status == 507
    assert database.read_now(names) == []
    database.write_now("pantry", lambda tx: limit(tx, 100_000))
    database.write_now("pantry", putting("flour"))
    assert database.read_now(names) == ["flour"]


def test_a_part_can_fail_alone(database: Database) -> None:
    """What a failed attempt inside a transaction wrote and published is undone; the rest of the transaction is kept."""

    def work(tx: Transaction) -> int:
        put(NewItem(name="tea", pieces=1), tx)
        with suppress(KeyError), tx.attempt():
            put(NewItem(name="coffee", pieces=1), tx)
            raise KeyError
        return tx.published

    assert database.write_now("pantry", work) == 1
    assert database.read_now(names) == ["tea"]


def test_a_snapshot_is_a_whole_copy(database: Database, tmp_path: Path) -> None:
    """A snapshot of a database in use opens by itself and holds what was committed; no file is replaced."""
    database.write_now("pantry", putting("honey"))
    target = tmp_path / "copy.db"
    database.snapshot(target)
    with sqlite3.connect(target) as copy:
        assert copy.execute("SELECT name FROM pantry_item").fetchall() == [("honey",)]
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        database.snapshot(target)


def test_closing_finishes_what_waits(tmp_path: Path) -> None:
    """Writes that were accepted before closing are committed and answered; later ones are refused with 503."""
    database = Database(tmp_path / "app.db", folders())
    database.start()
    database.wait_ready()

    async def load() -> list[str]:
        tasks = [asyncio.create_task(database.write("pantry", putting(f"item {n}"))) for n in range(50)]
        await asyncio.sleep(0)
        await asyncio.to_thread(database.close)
        return await asyncio.gather(*tasks)

    assert len(asyncio.run(load())) == 50
    with pytest.raises(Unavailable, match="closed"):
        database.read_now(names)
    with Database(tmp_path / "app.db", folders()) as again:
        assert len(again.read_now(names)) == 50


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
        deadline = time.monotonic() + 10
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


def test_an_io_error_ends_it_without_an_answer(tmp_path: Path) -> None:
    """After an I/O error nothing more is confirmed: the process is to end, and no waiting write hears "done"."""
    ended: list[BaseException] = []
    database = Database(tmp_path / "app.db", folders(), on_fatal=ended.append)
    database.start()
    database.wait_ready()

    def broken(tx: Transaction) -> None:
        put(NewItem(name="lost", pieces=1), tx)
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
        raise error

    async def load() -> list[str | BaseException | None]:
        works = [database.write("pantry", putting("before")), database.write("pantry", broken)]
        return await asyncio.gather(*works, return_exceptions=True)

    outcomes = asyncio.run(load())
    database.close()
    assert [str(error) for error in ended] == ["disk I/O error"]
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert database.state == "failed"
    with Database(tmp_path / "app.db", folders()) as again:
        assert again.read_now(names) == []


def test_domain_names_cannot_carry_sql(tmp_path: Path) -> None:
    """A domain's name becomes part of table names, so anything but lower case letters and digits is refused."""
    for name in ("", "Pantry", "pantry;", "pantry item", "1pantry", "päntry"):
        with pytest.raises(ValueError, match="is no domain"):
            Database(tmp_path / "app.db", {name: tmp_path})
