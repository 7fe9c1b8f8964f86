"""The SQL of imported readings."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from apps.common.imports import runs
from apps.common.transaction import Readable, Transaction
from apps.heating import store
from apps.heating.counter import Mark

_AROUND_AT_MOST: Final = 2000
"""More readings than these between the first and the last of a part, and each row asks for its own neighbours."""


class NewReading(NamedTuple):
    """A reading to write, and the place of its row in the part."""

    id: str
    at: str
    value_milli: int
    rolled_over: int
    row: int

    def key(self, prefix: str) -> str:
        """The key of its row; those of a meter, whose prefix it is, sort by time."""
        return f"{prefix}{self.at} {self.value_milli}"


def put_new(meter_id: str, readings: Sequence[NewReading], tx: Transaction) -> None:
    """Write new readings of a meter."""
    tx.execute_many(
        "INSERT INTO heating_reading (id, meter_id, read_at, value_milli, rolled_over, source, version)"
        " VALUES (:id, :meter, :at, :value, :rolled_over, 'import', 1)",
        (
            {"id": new.id, "meter": meter_id, "at": new.at, "value": new.value_milli, "rolled_over": new.rolled_over}
            for new in readings
        ),
    )


def note_rows(prefix: str, run_id: str, readings: Sequence[NewReading], tx: Transaction) -> None:
    """Keep that an import has made these readings."""
    runs.keep_rows(tx, run_id, ((new.key(prefix), new.id) for new in readings))


def note_rows_between(meter_id: str, run_id: str, prefix: str, first: str, last: str, tx: Transaction) -> None:
    """The same for all readings of a meter between two instants: no key passes through Python."""
    tx.execute(
        "INSERT INTO heating_import_row (import_key, import_id, record_id)"
        " SELECT :prefix || read_at || ' ' || value_milli, :run, id FROM heating_reading"
        " WHERE meter_id = :meter AND read_at >= :first AND read_at <= :last"
        " ON CONFLICT (import_key) DO UPDATE SET import_id = excluded.import_id, record_id = excluded.record_id",
        prefix=prefix,
        run=run_id,
        meter=meter_id,
        first=first,
        last=last,
    )


def kept_among(prefix: str, readings: Sequence[NewReading], tx: Readable) -> dict[str, str]:
    """Which of these were taken before, by their keys, and the record each made; readings in the order of time."""
    rows = tx.all(
        "SELECT import_key, record_id FROM heating_import_row WHERE import_key >= :first AND import_key < :end"
        " LIMIT :limit",
        first=f"{prefix}{readings[0].at} ",
        end=f"{prefix}{readings[-1].at}!",  # the sign after the blank
        limit=_AROUND_AT_MOST + 1,
    )
    if not rows:
        return {}
    keys = {each.key(prefix) for each in readings}
    if len(rows) > _AROUND_AT_MOST:
        return {key: each.record_id for key, each in runs.kept_rows(tx, "heating", keys).items()}
    return {row[0]: row[1] for row in rows if row[0] in keys}


def marks_around(meter_id: str, instants: Sequence[str], tx: Readable) -> list[Mark]:
    """The readings before, at and after each of these instants, which are in order; perhaps others between them."""
    first, last = instants[0], instants[-1]
    rows = tx.all(
        "SELECT read_at, value_milli, rolled_over FROM heating_reading WHERE meter_id = :meter AND read_at >= :first"
        " AND read_at <= :last ORDER BY read_at LIMIT :limit",
        meter=meter_id,
        first=first,
        last=last,
        limit=_AROUND_AT_MOST + 1,
    )
    asked = [store.mark_before(meter_id, first, tx), store.mark_after(meter_id, last, tx)]
    if len(rows) > _AROUND_AT_MOST:
        for at in instants:
            asked += [find(meter_id, at, tx) for find in (store.mark_before, store.mark_at, store.mark_after)]
        return sorted({mark for mark in asked if mark is not None})
    found = [Mark(row[0], row[1], bool(row[2])) for row in rows]
    return [*(each for each in asked[:1] if each), *found, *(each for each in asked[1:] if each)]


def note_made(meter_id: str, run_id: str, tx: Transaction) -> None:
    """Keep that an import has made a meter."""
    tx.execute(
        "INSERT INTO heating_import_meter (meter_id, import_id) VALUES (:meter, :run)", meter=meter_id, run=run_id
    )


def made_and_unused(run_id: str, tx: Transaction) -> list[str]:
    """The meters an import has made that nothing speaks of any more; the import has made them no longer."""
    rows = tx.all(
        "DELETE FROM heating_import_meter WHERE import_id = :run AND meter_id IN (SELECT id FROM heating_meter"
        " WHERE version = 1 AND NOT EXISTS (SELECT 1 FROM heating_reading WHERE meter_id = heating_meter.id)"
        " AND NOT EXISTS (SELECT 1 FROM heating_exchange WHERE meter_id = heating_meter.id)"
        " AND NOT EXISTS (SELECT 1 FROM heating_tariff WHERE meter_id = heating_meter.id)) RETURNING meter_id",
        run=run_id,
    )
    return [row[0] for row in rows]


def pass_on_roll_over(meter_id: str, at: str, run_id: str, tx: Transaction) -> None:
    """Let the next reading say that the meter has rolled over. It counts as changed, unless its import goes as well."""
    tx.execute(
        "UPDATE heating_reading SET rolled_over = 1, version = version + CASE WHEN EXISTS (SELECT 1 FROM"
        " heating_import_row WHERE import_id = :run AND record_id = heating_reading.id) THEN 0 ELSE 1 END"
        " WHERE meter_id = :meter AND read_at = (SELECT min(read_at) FROM heating_reading WHERE meter_id = :meter"
        " AND read_at > :at) AND rolled_over = 0 AND NOT EXISTS (SELECT 1 FROM heating_exchange WHERE meter_id = :meter"
        " AND exchanged_at > :at AND exchanged_at < heating_reading.read_at)",
        run=run_id,
        meter=meter_id,
        at=at,
    )
