"""The SQL of tariffs and bills."""

from typing import Final

from apps.common.database import Transaction
from apps.common.transaction import Readable
from apps.heating.model import Bill, Tariff

_TARIFF: Final = "id, meter_id, valid_from, work_price_e5_minor_per_kwh, base_price_minor_per_month, currency, version"
_BILL: Final = "id, period_from, period_to, kwh_milli, amount_minor, currency, note, version"


def tariff(tariff_id: str, tx: Readable) -> Tariff | None:
    row = tx.one(f"SELECT {_TARIFF} FROM heating_tariff WHERE id = :id", id=tariff_id)  # noqa: S608 -- constant
    return None if row is None else Tariff(**dict(row))


def tariffs_of(meter_id: str, tx: Readable) -> list[Tariff]:
    """All tariffs of a meter in the order of their first days."""
    rows = tx.all(
        f"SELECT {_TARIFF} FROM heating_tariff WHERE meter_id = :meter ORDER BY valid_from",  # noqa: S608 -- constant
        meter=meter_id,
    )
    return [Tariff(**dict(row)) for row in rows]


def put_tariff(new: Tariff, tx: Transaction) -> None:
    tx.execute(
        f"INSERT INTO heating_tariff ({_TARIFF}) VALUES (:id, :meter_id, :valid_from, :work_price_e5_minor_per_kwh,"  # noqa: S608 -- constant
        " :base_price_minor_per_month, :currency, :version) ON CONFLICT (id) DO UPDATE SET"
        " valid_from = excluded.valid_from, work_price_e5_minor_per_kwh = excluded.work_price_e5_minor_per_kwh,"
        " base_price_minor_per_month = excluded.base_price_minor_per_month, currency = excluded.currency,"
        " version = excluded.version",
        **new.model_dump(),
    )


def delete_tariff(tariff_id: str, tx: Transaction) -> None:
    tx.execute("DELETE FROM heating_tariff WHERE id = :id", id=tariff_id)


def bill(bill_id: str, tx: Readable) -> Bill | None:
    row = tx.one(f"SELECT {_BILL} FROM heating_bill WHERE id = :id", id=bill_id)  # noqa: S608 -- constant
    return None if row is None else Bill(**dict(row))


def put_bill(new: Bill, tx: Transaction) -> None:
    tx.execute(
        f"INSERT INTO heating_bill ({_BILL}) VALUES (:id, :period_from, :period_to, :kwh_milli, :amount_minor,"  # noqa: S608 -- constant
        " :currency, :note, :version) ON CONFLICT (id) DO UPDATE SET period_from = excluded.period_from,"
        " period_to = excluded.period_to, kwh_milli = excluded.kwh_milli, amount_minor = excluded.amount_minor,"
        " currency = excluded.currency, note = excluded.note, version = excluded.version",
        **new.model_dump(),
    )


def delete_bill(gone: Bill, removed_at: str, tx: Transaction) -> None:
    """Delete a bill and keep its last version, so that one recorded again under its id counts on."""
    tx.execute("DELETE FROM heating_bill WHERE id = :id", id=gone.id)
    tx.execute(
        "INSERT INTO heating_removed (bill_id, version, removed_at) VALUES (:id, :version, :at)"
        " ON CONFLICT (bill_id) DO UPDATE SET version = excluded.version, removed_at = excluded.removed_at",
        id=gone.id,
        version=gone.version,
        at=removed_at,
    )


def last_version_of_removed(bill_id: str, tx: Readable) -> int:
    """The version a bill of this id had when it was withdrawn; 0 when there never was one."""
    row = tx.one("SELECT version FROM heating_removed WHERE bill_id = :id", id=bill_id)
    return 0 if row is None else int(row[0])
