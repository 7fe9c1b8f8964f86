"""The database: one SQLite file, one connection, one thread, group commit.

Everything waits in one queue. The thread takes what waits, answers the reads, then runs all writes in one transaction,
each in a savepoint of its own, and answers them after COMMIT. So a failing write undoes only itself, 30 waiting writes
cost one fsync, and nobody gets "done" as an answer before it is on disk.

    with Database(path, {"expenses": migrations_folder}) as database:         # opened, migrated, ready
        expense = await database.write("expenses", lambda tx: record(new, tx))
        body = await database.read(lambda reader: reader.json("SELECT …"))
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Literal, Self, TypeVar

from apps.common import trace
from apps.common.clock import Clock, utc_now
from apps.common.connection import DatabaseLocked, DatabaseRefused, connect, forget
from apps.common.faults import end_process, is_fatal
from apps.common.group import Committed, run_group
from apps.common.ids import Ids, new_id
from apps.common.jobs import Alone, Answers, Job, Read, Write
from apps.common.migrations import migrate
from apps.common.problem import Unavailable
from apps.common.transaction import Reader, SqlValue, Transaction, domain_name

__all__ = ["Database", "DatabaseLocked", "DatabaseRefused", "Reader", "SqlValue", "Transaction"]

T = TypeVar("T")

QUEUE_LIMIT = 1000
"""How many reads and writes may wait; the next one is refused with 503."""

GROUP_LIMIT = 200
"""How many of them share one transaction: bounds how long the first waits for the last."""

State = Literal["new", "opening", "waiting-for-lock", "migrating", "ready", "failed", "closed"]
"""How far it is; only `ready` serves."""


class Database:
    """One domain's database, or that of several domains in one process."""

    def __init__(
        self,
        path: Path,
        domains: Mapping[str, Path],
        *,
        journal: str = "truncate",
        clock: Clock = utc_now,
        ids: Ids = new_id,
        lock_wait_s: float = 180,
        on_fatal: Callable[[BaseException], None] = end_process,
    ) -> None:
        """`domains` says, for each domain's name, the folder of its migrations. Nothing is opened before `start`."""
        self.path = path
        self.domains = {domain_name(name): folder for name, folder in domains.items()}
        self.journal = journal
        self.on_publish: Callable[[], None] = _nothing
        """Called on the DB thread after a COMMIT that holds events: wakes the relay."""
        self.on_group: Callable[[Committed], None] = _nothing
        """Called on the DB thread after each group of writes."""
        self._clock = clock
        self._ids = ids
        self._lock_wait_s = lock_wait_s
        self._on_fatal = on_fatal
        self._queue: SimpleQueue[Job | list[Write] | None] = SimpleQueue()
        self._guard = threading.Lock()
        self._settled = threading.Event()
        self._stop = threading.Event()
        self._state: State = "new"
        self._failure: BaseException | None = None
        self._busy_since: float | None = None
        self._group: list[Job] = []
        self._thread = threading.Thread(target=self._run, name="database", daemon=True)

    # -- life ---------------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """How far it is."""
        return self._state

    @property
    def failure(self) -> BaseException | None:
        """Why the state is `failed`."""
        return self._failure

    def start(self) -> None:
        """Open and migrate in the background; `wait_ready` waits for the end of it."""
        self._state = "opening"
        self._thread.start()

    def wait_ready(self, timeout_s: float | None = None) -> None:
        """Block until it serves; raises what went wrong (DatabaseRefused, DatabaseLocked, MigrationRefused, …)."""
        if not self._settled.wait(timeout_s):
            raise TimeoutError(f"{self.path} is still {self._state} after {timeout_s} s")
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        """Finish what waits, close the file and so release its lock. Later calls are refused."""
        self._stop.set()
        with self._guard:
            started = self._state != "new"
            if self._state != "failed":
                self._state = "closed"
            self._queue.put(None)
        if started:
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        self.wait_ready()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # -- work ---------------------------------------------------------------------------------------------------------

    async def write(self, domain: str, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction of `domain`; returns its result after COMMIT. What it raises is raised here."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._submit(Write(domain, work, (loop, future), trace.traceparent()))
        return await future

    async def read(self, work: Callable[[Reader], T]) -> T:
        """Run `work` over what is committed."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._submit(Read(work, (loop, future)))
        return await future

    def write_now(self, domain: str, work: Callable[[Transaction], T]) -> T:
        """The same as `write`, for another thread: blocks."""
        future: Future[T] = Future()
        self._submit(Write(domain, work, (None, future), trace.traceparent()))
        return future.result()

    def read_now(self, work: Callable[[Reader], T]) -> T:
        """The same as `read`, for another thread: blocks."""
        future: Future[T] = Future()
        self._submit(Read(work, (None, future)))
        return future.result()

    def write_each_now(self, domain: str, works: Sequence[Callable[[Transaction], T]]) -> list[T | Exception]:
        """Several writes in one transaction, each undone alone when it raises; returns results or what was raised."""
        futures: list[Future[T]] = [Future() for _ in works]
        traceparent = trace.traceparent()
        if works:
            self._submit(
                [Write(domain, work, (None, each), traceparent) for work, each in zip(works, futures, strict=True)]
            )
        outcomes: list[T | Exception] = []
        for future in futures:
            error = future.exception()
            if error is not None and not isinstance(error, Exception):
                raise error
            outcomes.append(future.result() if error is None else error)
        return outcomes

    def snapshot(self, target: Path) -> None:
        """Write a consistent, compact copy to `target`, which must not exist. For another thread: blocks."""
        future: Future[None] = Future()

        def vacuum(connection: sqlite3.Connection) -> None:
            connection.execute("VACUUM INTO ?", (str(target),))

        self._submit(Alone(vacuum, (None, future)))
        future.result()

    def waiting(self) -> int:
        """How many jobs wait for the thread."""
        return self._queue.qsize()

    def busy_s(self) -> float:
        """For how long the thread has been at its present group; 0 when it is idle."""
        since = self._busy_since
        return 0.0 if since is None else time.monotonic() - since

    def _submit(self, job: Job | list[Write]) -> None:
        with self._guard:
            if self._state != "ready":
                raise Unavailable(f"the database is {self._state}", retry_after_s=5)
            if self._queue.qsize() >= QUEUE_LIMIT:
                raise Unavailable(f"{QUEUE_LIMIT} requests are already waiting for the database", retry_after_s=1)
            self._queue.put(job)

    # -- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            connection = self._open()
        except BaseException as error:  # noqa: BLE001 -- kept, and raised by wait_ready
            self._fail(error)
            return
        try:
            self._serve(connection)
        except BaseException as error:  # noqa: BLE001 -- the end of this thread is the end of the process
            self._fail(error)
        finally:
            connection.close()
            forget(self.path)

    def _open(self) -> sqlite3.Connection:
        connection = connect(
            self.path, self.journal, wait_s=self._lock_wait_s, waiting=self._waiting_for_lock, stop=self._stop
        )
        try:
            self._advance("migrating")
            for domain, folder in self.domains.items():
                migrate(connection, domain, folder, self._clock())
        except BaseException:
            connection.close()
            forget(self.path)
            raise
        self._advance("ready")
        self._settled.set()
        return connection

    def _waiting_for_lock(self) -> None:
        self._advance("waiting-for-lock")

    def _advance(self, state: State) -> None:
        with self._guard:
            if self._state != "closed":
                self._state = state

    def _serve(self, connection: sqlite3.Connection) -> None:
        last = False
        while not last:
            self._busy_since = None
            self._group, last = self._next_group()
            self._busy_since = time.monotonic()
            committed = run_group(connection, self._group, self._clock, self._ids)
            if committed is not None:
                self.on_group(committed)
                if committed.events:
                    self.on_publish()

    def _next_group(self) -> tuple[list[Job], bool]:
        """All that waits, up to the limit of a group; and whether it is the last one."""
        item = self._queue.get()
        group: list[Job] = []
        while item is not None:
            if isinstance(item, list):
                group.extend(item)
            else:
                group.append(item)
            if len(group) >= GROUP_LIMIT or self._queue.empty():
                return group, False
            item = self._queue.get()
        return group, True

    def _fail(self, error: BaseException) -> None:
        if self._state == "ready" or is_fatal(error):
            self._on_fatal(error)
        with self._guard:
            self._state = "failed"
            self._failure = error
            while not self._queue.empty():
                item = self._queue.get()
                self._group.extend(item if isinstance(item, list) else [item] if item is not None else [])
        self._settled.set()
        answers = Answers()
        for job in self._group:
            answers.add(job.asker, None, Unavailable("the database has failed", retry_after_s=5))
        answers.send()


def _nothing(*_: object) -> None:
    """What happens after a group when nobody asked for more."""
