"""Payments: what a domain keeps of the expenses it receives, so that it can say by month what was paid.

The table is the domain's own, `<domain>_expense`. A row changes only for a newer version, and one that does not count
stays, so that no older event brings it back: events may come twice, late and in any order.
"""

from datetime import date
from typing import Protocol

from apps.common.clock import instant_text
from apps.common.database import Transaction
from apps.common.transaction import Readable, domain_name


class Payment(Protocol):
    """An expense as an event describes it."""

    @property
    def expense_id(self) -> str: ...

    @property
    def occurred_on(self) -> date: ...

    @property
    def amount_minor(self) -> int: ...

    @property
    def currency(self) -> str: ...

    @property
    def version(self) -> int: ...


class Payments:
    """The payments one domain counts."""

    def __init__(self, domain: str) -> None:
        self._table = f"{domain_name(domain)}_expense"

    def keep(self, payment: Payment, tx: Transaction, *, counted: bool) -> None:
        """Keep the newest version of an expense, and whether it counts."""
        tx.execute(
            f"INSERT INTO {self._table} (expense_id, month, amount_minor, currency, counted, version, as_of)"  # noqa: S608 -- a domain's name
            " VALUES (:expense, :month, :minor, :currency, :counted, :version, :as_of)"
            " ON CONFLICT (expense_id) DO UPDATE SET month = excluded.month, amount_minor = excluded.amount_minor,"
            " currency = excluded.currency, counted = excluded.counted, version = excluded.version,"
            f" as_of = excluded.as_of WHERE excluded.version > {self._table}.version",
            expense=payment.expense_id,
            month=f"{payment.occurred_on:%Y-%m}",
            minor=payment.amount_minor,
            currency=payment.currency,
            counted=counted,
            version=payment.version,
            as_of=instant_text(tx.event_time or tx.now),
        )

    def sums(self, first: str, last: str, reader: Readable) -> dict[tuple[str, str], int]:
        """Minor units by month and currency, for the months from the first to the last."""
        rows = reader.all(
            f"SELECT month, currency, sum(amount_minor) FROM {self._table}"  # noqa: S608 -- a domain's name
            " WHERE counted = 1 AND month BETWEEN :first AND :last GROUP BY month, currency",
            first=first,
            last=last,
        )
        return {(row[0], row[1]): row[2] for row in rows}

    def months(self, reader: Readable) -> tuple[str, str] | None:
        """The first and the last month something was paid in."""
        row = reader.one(f"SELECT min(month), max(month) FROM {self._table} WHERE counted = 1")  # noqa: S608 -- a domain's name
        return None if row is None or row[0] is None else (row[0], row[1])

    def as_of(self, reader: Readable) -> str | None:
        """When the newest event that was taken in happened; None when there was none yet."""
        row = reader.one(f"SELECT max(as_of) FROM {self._table}")  # noqa: S608 -- a domain's name
        return None if row is None else row[0]
