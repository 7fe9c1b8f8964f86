"""One group of jobs on the connection: reads at once, all writes in one transaction, answers after COMMIT."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from apps.common.clock import Clock
from apps.common.faults import is_fatal
from apps.common.ids import Ids
from apps.common.jobs import Answers, Asker, Job, Read, Write
from apps.common.transaction import Reader, Transaction


@dataclass(frozen=True, slots=True)
class Committed:
    """What a group's COMMIT did: how many writes, in how many seconds, with how many events for the relay."""

    writes: int
    seconds: float
    events: int


def run_group(connection: sqlite3.Connection, jobs: Sequence[Job], clock: Clock, ids: Ids) -> Committed | None:
    """Run what waited together. Raises only when the connection must not be used any more; nobody is answered then."""
    answers = Answers()
    writes: list[Write] = []
    for job in jobs:
        # Reads do not wait for the fsync: whoever awaited a write before reading has its COMMIT behind them.
        if isinstance(job, Write):
            writes.append(job)
        elif isinstance(job, Read):
            _run(answers, job.asker, job.work, Reader(connection))
        else:
            _run(answers, job.asker, job.work, connection)
    answers.send()
    return _commit(connection, writes, clock, ids) if writes else None


def _run(answers: Answers, asker: Asker, work: Callable[[Any], Any], subject: Any) -> None:
    try:
        result = work(subject)
    except Exception as error:
        if is_fatal(error):
            raise
        answers.add(asker, None, error)
    else:
        answers.add(asker, result)


def _commit(connection: sqlite3.Connection, writes: list[Write], clock: Clock, ids: Ids) -> Committed:
    answers = Answers()
    kept: list[tuple[Asker, Any]] = []
    events = 0
    try:
        connection.execute("BEGIN IMMEDIATE")
        for write in writes:
            transaction = Transaction(connection, write.domain, clock(), ids, write.traceparent)
            connection.execute("SAVEPOINT job")
            try:
                result = write.work(transaction)
            except Exception as error:
                # A full disk makes SQLite roll everything back by itself: then the whole group is lost.
                if is_fatal(error) or not connection.in_transaction:
                    raise
                connection.execute("ROLLBACK TO job")
                connection.execute("RELEASE job")
                answers.add(write.asker, None, error)
            else:
                connection.execute("RELEASE job")
                kept.append((write.asker, result))
                events += transaction.published
        begun = time.perf_counter()
        connection.execute("COMMIT")
        seconds = time.perf_counter() - begun
    except Exception as error:
        if is_fatal(error):
            raise
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for write in writes:
            answers.add(write.asker, None, error)
        answers.send()
        return Committed(0, 0.0, 0)
    # From here on the writes are on disk. Whatever must be true before a write is answered is checked here.
    for asker, result in kept:
        answers.add(asker, result)
    answers.send()
    return Committed(len(kept), seconds, events)
