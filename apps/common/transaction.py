"""What a domain sees of the database: a Transaction to write in, a Reader to read with. Both live on the DB thread."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from apps.common.clock import instant_text
from apps.common.events import Envelope, Event
from apps.common.ids import Ids

SqlValue = str | int | float | bytes | None

_DOMAIN = re.compile(r"[a-z][a-z0-9]*")


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: its items as JSON with commas between, and the sort key to go on after, if there is more."""

    items: str
    next_key: tuple[str | int, ...] | None


class Readable(Protocol):
    """What can be asked: a Transaction or a Reader."""

    def one(self, sql: str, **binds: SqlValue) -> sqlite3.Row | None: ...

    def all(self, sql: str, **binds: SqlValue) -> list[sqlite3.Row]: ...


class Reader:
    """Reads what is committed. Binds are named: `reader.one("SELECT … WHERE id = :id", id=expense_id)`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, sql: str, **binds: SqlValue) -> sqlite3.Row | None:
        """The first row, None when there is none."""
        row: sqlite3.Row | None = self._connection.execute(sql, binds).fetchone()
        return row

    def all(self, sql: str, **binds: SqlValue) -> list[sqlite3.Row]:
        """All rows."""
        return self._connection.execute(sql, binds).fetchall()

    def json(self, sql: str, **binds: SqlValue) -> bytes:
        """The first column of the first row as bytes: JSON made by SQLite, sent as it is. Empty without a row."""
        row = self._connection.execute(sql, binds).fetchone()
        return b"" if row is None or row[0] is None else row[0].encode()

    def page(self, sql: str, *, limit: int, **binds: SqlValue) -> Page:
        """The first `limit` rows of a query without LIMIT of its own.

        Its first column is called `item` and holds JSON text, the others are the sort key. SQLite joins the items, so
        one row comes back however long the list is: fetching 50 costs more than all the rest of the request.
        """
        counted = f"SELECT group_concat(item, char(30)), count(*) FROM ({sql} LIMIT :page_limit + 1)"  # noqa: S608 -- the domain's constants
        # JSON escapes control characters, so U+001E can only be the mark between two items.
        items, count = self._connection.execute(counted, {**binds, "page_limit": limit}).fetchone()
        if count <= limit:
            return Page((items or "").replace("\x1e", ","), None)
        last = f"SELECT * FROM ({sql}) LIMIT 1 OFFSET :page_limit - 1"  # noqa: S608 -- the domain's constants
        key = tuple(self._connection.execute(last, {**binds, "page_limit": limit}).fetchone())[1:]
        return Page(items[: items.rindex("\x1e")].replace("\x1e", ","), key)


class Transaction:
    """One write of one domain: all of it is kept, or nothing. `now` is the same instant from begin to end."""

    __slots__ = ("_connection", "_ids", "_published", "domain", "event_time", "now", "traceparent")

    def __init__(
        self, connection: sqlite3.Connection, domain: str, now: datetime, ids: Ids, traceparent: str | None = None
    ) -> None:
        self._connection = connection
        self._ids = ids
        self.domain = domain
        self.now = now
        self.event_time: datetime | None = None
        """When the event being handled happened; None outside of a handler."""
        self.traceparent = traceparent
        self._published: list[Event] = []

    @property
    def published(self) -> int:
        """How many events this transaction has written so far, for any domain."""
        return len(self._published)

    def execute(self, sql: str, **binds: SqlValue) -> int:
        """Run one statement; returns how many rows it changed."""
        return self._connection.execute(sql, binds).rowcount

    def one(self, sql: str, **binds: SqlValue) -> sqlite3.Row | None:
        """The first row, None when there is none. Sees this transaction's own writes."""
        row: sqlite3.Row | None = self._connection.execute(sql, binds).fetchone()
        return row

    def all(self, sql: str, **binds: SqlValue) -> list[sqlite3.Row]:
        """All rows. Sees this transaction's own writes."""
        return self._connection.execute(sql, binds).fetchall()

    def execute_many(self, sql: str, rows: Iterable[Mapping[str, SqlValue]]) -> int:
        """Run one statement for each row; returns how many rows they changed together."""
        return self._connection.executemany(sql, rows).rowcount

    def new_id(self) -> str:
        """A new UUIDv7 as text."""
        return self._ids()

    def publish(self, event: Event, *, sequence: int) -> None:
        """Publish a change; `sequence` is the aggregate's version. It leaves only if the transaction is kept."""
        event_id = self._ids()
        envelope = Envelope.wrap(event, id=event_id, time=self.now, sequence=sequence, traceparent=self.traceparent)
        self._connection.execute(
            f"INSERT INTO {self.domain}_outbox (event_id, type, body, created_at) VALUES (?, ?, ?, ?)",  # noqa: S608 -- checked by domain_name
            (event_id, event.type, envelope.to_json(), instant_text(self.now)),
        )
        self._published.append(event)

    def of(self, domain: str) -> "Transaction":
        """The same transaction for another domain of this process: an event several of them handle is one write."""
        other = Transaction(self._connection, domain_name(domain), self.now, self._ids, self.traceparent)
        other._published = self._published
        other.event_time = self.event_time
        return other

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part that may fail alone: when the block raises, what it wrote is undone, and the error goes on."""
        self._connection.execute("SAVEPOINT attempt")
        published = len(self._published)
        try:
            yield
        except BaseException:
            del self._published[published:]
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO attempt")
                self._connection.execute("RELEASE attempt")
            raise
        self._connection.execute("RELEASE attempt")


def domain_name(name: str) -> str:
    """The name itself, when it can be the prefix of a table; it is written into SQL, so nothing else may pass."""
    if not _DOMAIN.fullmatch(name):
        raise ValueError(f"{name!r} is not a domain name: lower case letters and digits only, such as expenses")
    return name
