"""The SQL of what heating keeps from the events of expenses. A row changes only for a newer version."""

from apps.common.database import Transaction
from apps.common.transaction import Readable


def keep_expense(
    expense_id: str,
    month: str,
    amount_minor: int,
    currency: str,
    version: int,
    *,
    counted: bool,
    as_of: str,
    tx: Transaction,
) -> None:
    """Keep the newest version of an expense; one that does not count stays, so that no older one comes back."""
    tx.execute(
        "INSERT INTO heating_expense (expense_id, month, amount_minor, currency, counted, version, as_of)"
        " VALUES (:expense, :month, :minor, :currency, :counted, :version, :as_of)"
        " ON CONFLICT (expense_id) DO UPDATE SET month = excluded.month, amount_minor = excluded.amount_minor,"
        " currency = excluded.currency, counted = excluded.counted, version = excluded.version,"
        " as_of = excluded.as_of WHERE excluded.version > heating_expense.version",
        expense=expense_id,
        month=month,
        minor=amount_minor,
        currency=currency,
        counted=counted,
        version=version,
        as_of=as_of,
    )


def advances(first: str, last: str, reader: Readable) -> dict[tuple[str, str], int]:
    """Minor units by month and currency, for the months from the first to the last."""
    rows = reader.all(
        "SELECT month, currency, sum(amount_minor) FROM heating_expense"
        " WHERE counted = 1 AND month BETWEEN :first AND :last GROUP BY month, currency",
        first=first,
        last=last,
    )
    return {(row[0], row[1]): row[2] for row in rows}


def months_paid(reader: Readable) -> tuple[str, str] | None:
    """The first and the last month something was paid in."""
    row = reader.one("SELECT min(month), max(month) FROM heating_expense WHERE counted = 1")
    return None if row is None or row[0] is None else (row[0], row[1])


def as_of(reader: Readable) -> str | None:
    """When the newest event that was taken in happened; None when there was none yet."""
    row = reader.one("SELECT max(as_of) FROM heating_expense")
    return None if row is None else row[0]
