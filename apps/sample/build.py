"""Build the monolith's database of sample data: every row through the domain's rules, every event delivered."""

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from apps.common.clock import instant_text
from apps.common.database import Transaction
from apps.common.events import Envelope
from apps.common.housekeeping import INBOX_DAYS, SENT_DAYS
from apps.common.migrations import migrate
from apps.common.service import Service
from apps.expenses import service as expenses
from apps.gym import service as gym
from apps.heating import service as heating
from apps.sample import home, household, training
from apps.sample.timeline import SampleIds, Step, first_day

SERVICES: tuple[Service, ...] = (expenses, gym, heating)

DELIVERED_AFTER = timedelta(milliseconds=200)


def build_sample(path: Path, seed: int, today: date) -> None:
    """Write a new database at PATH: a good year up to yesterday. The same SEED and TODAY give the same bytes."""
    chance = random.Random(f"{seed} data")  # noqa: S311 - invented data, which must come out the same each time
    ids = SampleIds(random.Random(f"{seed} ids"))  # noqa: S311 - same
    first = first_day(today)
    midnight = datetime.combine(today, time(), UTC)
    path.touch(exist_ok=False)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        for pragma in ("journal_mode=off", "synchronous=off", "foreign_keys=on"):
            connection.execute(f"PRAGMA {pragma}")
        for service in SERVICES:
            migrate(connection, service.name, service.migrations, datetime.combine(first, time(5), UTC))
        connection.execute("BEGIN")
        for step in sorted(_steps(first, today, chance), key=lambda step: step.at):
            if step.at < midnight:
                _take(step, connection, ids)
        _tidy(connection, midnight)
        connection.execute("COMMIT")
    finally:
        connection.close()


def _steps(first: date, today: date, chance: random.Random) -> Iterator[Step]:
    yield from household.steps(first, today, chance)
    yield from training.steps(first, today, chance)
    yield from home.steps(first, today, chance)


def _take(step: Step, connection: sqlite3.Connection, ids: SampleIds) -> None:
    ids.now = step.at.astimezone(UTC)
    step.work(Transaction(connection, step.domain, ids.now, ids))
    ids.now += DELIVERED_AFTER
    while _deliver(connection, ids):
        pass


def _deliver(connection: sqlite3.Connection, ids: SampleIds) -> int:
    """Bring all waiting events to the domains that want them, as relay and inbox do; returns how many there were."""
    delivered = 0
    for sender in SERVICES:
        waiting = connection.execute(
            f"SELECT seq, body FROM {sender.name}_outbox WHERE sent_at IS NULL ORDER BY seq"  # noqa: S608 - our own name
        ).fetchall()
        for seq, body in waiting:
            _handle(Envelope.from_json(body), connection, ids)
            connection.execute(
                f"UPDATE {sender.name}_outbox SET sent_at = ? WHERE seq = ?",  # noqa: S608 - our own name
                (instant_text(ids.now), seq),
            )
        delivered += len(waiting)
    return delivered


def _handle(envelope: Envelope, connection: sqlite3.Connection, ids: SampleIds) -> None:
    for service in SERVICES:
        for kind, handler in service.handlers.items():
            if kind.type == envelope.type:
                connection.execute(
                    f"INSERT INTO {service.name}_inbox (event_id, type, handled_at) VALUES (?, ?, ?)",  # noqa: S608 - our own name
                    (envelope.id, envelope.type, instant_text(ids.now)),
                )
                handler(envelope.event(kind), Transaction(connection, service.name, ids.now, ids))


def _tidy(connection: sqlite3.Connection, now: datetime) -> None:
    """Keep of the events what a running app keeps."""
    for service in SERVICES:
        for table, column, kept_days in (("outbox", "sent_at", SENT_DAYS), ("inbox", "handled_at", INBOX_DAYS)):
            connection.execute(
                f"DELETE FROM {service.name}_{table} WHERE {column} < ?",  # noqa: S608 - our own names
                (instant_text(now - timedelta(days=kept_days)),),
            )
