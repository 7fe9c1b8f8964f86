"""The SQL of meters, their readings and exchanges. No rules here: they are in the meterbook."""

import sqlite3
from typing import Final

from apps.common.database import Transaction
from apps.common.payments import Payments
from apps.common.transaction import Readable
from apps.heating.counter import Mark, Swap
from apps.heating.model import Conversion, Exchange, Kind, Meter, Reading

ADVANCES: Final = Payments("heating")
"""What was paid towards the heating, as expenses publishes it."""

_METER: Final = "id, kind, serial, name, digits, version"
_READING: Final = "id, meter_id, read_at, value_milli, rolled_over, source, note, version"
_EXCHANGE: Final = "id, meter_id, exchanged_at, old_final_milli, new_start_milli, note, version"


# Meters


def meter(meter_id: str, tx: Readable) -> Meter | None:
    row = tx.one(f"SELECT {_METER} FROM heating_meter WHERE id = :id", id=meter_id)  # noqa: S608 -- constant
    return None if row is None else _meter(row, tx)


def meter_with(kind: Kind, serial: str, tx: Readable) -> Meter | None:
    row = tx.one(
        f"SELECT {_METER} FROM heating_meter WHERE kind = :kind AND serial = :serial",  # noqa: S608 -- constant
        kind=kind,
        serial=serial,
    )
    return None if row is None else _meter(row, tx)


def meters(tx: Readable) -> list[Meter]:
    """All meters, by kind, the oldest first."""
    rows = tx.all(f"SELECT {_METER} FROM heating_meter ORDER BY kind, id")  # noqa: S608 -- constant
    return [_meter(row, tx) for row in rows]


def put_meter(new: Meter, tx: Transaction) -> None:
    tx.execute(
        f"INSERT INTO heating_meter ({_METER}) VALUES (:id, :kind, :serial, :name, :digits, :version)"  # noqa: S608 -- constant
        " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, serial = excluded.serial, name = excluded.name,"
        " digits = excluded.digits, version = excluded.version",
        **new.model_dump(exclude={"conversions"}),
    )
    tx.execute("DELETE FROM heating_conversion WHERE meter_id = :id", id=new.id)
    for each in new.conversions:
        tx.execute(
            "INSERT INTO heating_conversion (meter_id, valid_from, calorific_milli, z_e4)"
            " VALUES (:meter, :valid_from, :calorific_milli, :z_e4)",
            meter=new.id,
            **each.model_dump(),
        )


def delete_meter(meter_id: str, tx: Transaction) -> None:
    tx.execute("DELETE FROM heating_conversion WHERE meter_id = :id", id=meter_id)
    tx.execute("DELETE FROM heating_meter WHERE id = :id", id=meter_id)


def has_readings(meter_id: str, tx: Readable) -> bool:
    return tx.one("SELECT 1 FROM heating_reading WHERE meter_id = :id LIMIT 1", id=meter_id) is not None


def is_used(meter_id: str, tx: Readable) -> bool:
    """Whether anything speaks of the meter."""
    return (
        tx.one(
            "SELECT 1 FROM heating_reading WHERE meter_id = :id UNION ALL"
            " SELECT 1 FROM heating_exchange WHERE meter_id = :id UNION ALL"
            " SELECT 1 FROM heating_tariff WHERE meter_id = :id LIMIT 1",
            id=meter_id,
        )
        is not None
    )


def largest_value(meter_id: str, tx: Readable) -> int:
    """The most the meter, or one before it in its place, ever showed."""
    row = tx.one(
        "SELECT max(value) FROM (SELECT max(value_milli) AS value FROM heating_reading WHERE meter_id = :id UNION ALL"
        " SELECT max(old_final_milli) FROM heating_exchange WHERE meter_id = :id UNION ALL"
        " SELECT max(new_start_milli) FROM heating_exchange WHERE meter_id = :id) AS shown",
        id=meter_id,
    )
    return 0 if row is None or row[0] is None else int(row[0])


# Readings


def reading(reading_id: str, tx: Readable) -> Reading | None:
    row = tx.one(f"SELECT {_READING} FROM heating_reading WHERE id = :id", id=reading_id)  # noqa: S608 -- constant
    return None if row is None else Reading(**dict(row))


def reading_at(meter_id: str, at: str, tx: Readable) -> Reading | None:
    row = tx.one(
        f"SELECT {_READING} FROM heating_reading WHERE meter_id = :meter AND read_at = :at",  # noqa: S608 -- constant
        meter=meter_id,
        at=at,
    )
    return None if row is None else Reading(**dict(row))


def put_reading(new: Reading, tx: Transaction) -> None:
    tx.execute(
        f"INSERT INTO heating_reading ({_READING}) VALUES (:id, :meter_id, :read_at, :value_milli, :rolled_over,"  # noqa: S608 -- constant
        " :source, :note, :version) ON CONFLICT (id) DO UPDATE SET read_at = excluded.read_at,"
        " value_milli = excluded.value_milli, rolled_over = excluded.rolled_over, note = excluded.note,"
        " version = excluded.version",
        **new.model_dump(),
    )


def delete_reading(reading_id: str, tx: Transaction) -> None:
    tx.execute("DELETE FROM heating_reading WHERE id = :id", id=reading_id)


def mark_before(meter_id: str, at: str, tx: Readable) -> Mark | None:
    """The last reading before an instant."""
    row = tx.one(
        "SELECT read_at, value_milli, rolled_over FROM heating_reading WHERE meter_id = :meter AND read_at < :at"
        " ORDER BY read_at DESC LIMIT 1",
        meter=meter_id,
        at=at,
    )
    return None if row is None else _mark(row)


def mark_after(meter_id: str, at: str, tx: Readable) -> Mark | None:
    """The first reading after an instant."""
    row = tx.one(
        "SELECT read_at, value_milli, rolled_over FROM heating_reading WHERE meter_id = :meter AND read_at > :at"
        " ORDER BY read_at LIMIT 1",
        meter=meter_id,
        at=at,
    )
    return None if row is None else _mark(row)


def mark_at(meter_id: str, at: str, tx: Readable) -> Mark | None:
    """The reading of that very instant."""
    row = tx.one(
        "SELECT read_at, value_milli, rolled_over FROM heating_reading WHERE meter_id = :meter AND read_at = :at",
        meter=meter_id,
        at=at,
    )
    return None if row is None else _mark(row)


def roll_overs(meter_id: str, tx: Readable) -> list[str]:
    """The instants of all readings that have rolled over."""
    rows = tx.all("SELECT read_at FROM heating_reading WHERE meter_id = :meter AND rolled_over = 1", meter=meter_id)
    return [row[0] for row in rows]


# Exchanges


def exchange(exchange_id: str, tx: Readable) -> Exchange | None:
    row = tx.one(f"SELECT {_EXCHANGE} FROM heating_exchange WHERE id = :id", id=exchange_id)  # noqa: S608 -- constant
    return None if row is None else Exchange(**dict(row))


def put_exchange(new: Exchange, tx: Transaction) -> None:
    tx.execute(
        f"INSERT INTO heating_exchange ({_EXCHANGE}) VALUES (:id, :meter_id, :exchanged_at, :old_final_milli,"  # noqa: S608 -- constant
        " :new_start_milli, :note, :version) ON CONFLICT (id) DO UPDATE SET exchanged_at = excluded.exchanged_at,"
        " old_final_milli = excluded.old_final_milli, new_start_milli = excluded.new_start_milli,"
        " note = excluded.note, version = excluded.version",
        **new.model_dump(),
    )


def delete_exchange(exchange_id: str, tx: Transaction) -> None:
    tx.execute("DELETE FROM heating_exchange WHERE id = :id", id=exchange_id)


def swaps(meter_id: str, tx: Readable) -> list[tuple[str, Swap]]:
    """All exchanges of a meter in the order of time, with their ids."""
    rows = tx.all(
        "SELECT id, exchanged_at, old_final_milli, new_start_milli FROM heating_exchange WHERE meter_id = :meter"
        " ORDER BY exchanged_at",
        meter=meter_id,
    )
    return [(row[0], Swap(row[1], row[2], row[3])) for row in rows]


def _meter(row: sqlite3.Row, tx: Readable) -> Meter:
    conversions = tx.all(
        "SELECT valid_from, calorific_milli, z_e4 FROM heating_conversion WHERE meter_id = :id ORDER BY valid_from",
        id=row["id"],
    )
    return Meter(**dict(row), conversions=tuple(Conversion(**dict(each)) for each in conversions))


def _mark(row: sqlite3.Row) -> Mark:
    return Mark(row["read_at"], row["value_milli"], bool(row["rolled_over"]))
