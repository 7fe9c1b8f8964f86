"""Housekeeping: rows of the framework that nobody can ask for any more are deleted, a few at a time."""

from datetime import datetime, timedelta

from apps.common.clock import instant_text
from apps.common.database import Database, Transaction
from apps.common.idempotency import KEPT_DAYS as IDEMPOTENCY_DAYS

SENT_DAYS = 7
"""Published events, for a look at what was sent; and the data bridge sends the last hour again."""

INBOX_DAYS = 30
"""Handled events: longer than any queue keeps a message (a dead letter lives 14 days, and may then be sent again)."""

AT_ONCE = 500
"""How many rows one transaction deletes, so that no request waits long behind it."""


def tidy(database: Database, now: datetime) -> int:
    """Delete what is old in the tables of every domain; returns how many rows went."""
    return sum(
        _delete(database, domain, table, column, key, instant_text(now - timedelta(days=days)))
        for domain in database.domains
        for table, column, key, days in (
            ("outbox", "sent_at", "seq", SENT_DAYS),
            ("inbox", "handled_at", "event_id", INBOX_DAYS),
            ("idempotency", "created_at", "key", IDEMPOTENCY_DAYS),
        )
    )


def _delete(database: Database, domain: str, table: str, column: str, key: str, before: str) -> int:
    name = f"{domain}_{table}"

    def some(tx: Transaction) -> int:
        return tx.execute(
            f"DELETE FROM {name} WHERE {key} IN"  # noqa: S608 -- our own names
            f" (SELECT {key} FROM {name} WHERE {column} < :before ORDER BY {column} LIMIT :at_once)",
            before=before,
            at_once=AT_ONCE,
        )

    deleted = 0
    while (now := database.write_now(domain, some)) > 0:
        deleted += now
    return deleted
