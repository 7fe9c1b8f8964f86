"""The database: one file, one connection, one thread, group commit."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from example_domains.both import folders
from example_domains.pantry_items import NewItem, put

from apps.common.database import QUEUE_LIMIT, Database, Reader, Transaction
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
        assert leave.wait(60)

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
        assert leave.wait(60)

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
        with pytest.raises(ValueError, match="is not a domain name"):
            Database(tmp_path / "app.db", {name: tmp_path})
