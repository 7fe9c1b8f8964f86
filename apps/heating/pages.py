"""The SQL of lists: SQLite makes the JSON of the items, which goes out as it is (three times as fast as objects)."""

from collections.abc import Iterable
from typing import NamedTuple

from pydantic import BaseModel

from apps.common.database import Reader
from apps.common.http import CursorPart
from apps.common.transaction import Page
from apps.heating.model import Bill, Exchange, Meter, Reading, Tariff


def _object(names: Iterable[str], **given: str) -> str:
    """SQL that makes a JSON object of columns; `given` says how those are written that are not taken as they are."""
    return "json_object(" + ", ".join(f"'{name}', {given.get(name, name)}" for name in names) + ")"


_METER = _object(
    Meter.model_fields,
    conversions="json((SELECT json_group_array(json(item)) FROM (SELECT json_object('valid_from', valid_from,"
    " 'calorific_milli', calorific_milli, 'z_e4', z_e4) AS item FROM heating_conversion"
    " WHERE meter_id = heating_meter.id ORDER BY valid_from)))",
)
_READING = _object(Reading.model_fields, rolled_over="json(CASE rolled_over WHEN 1 THEN 'true' ELSE 'false' END)")
_EXCHANGE, _TARIFF, _BILL = _object(Exchange.model_fields), _object(Tariff.model_fields), _object(Bill.model_fields)

After = tuple[CursorPart, ...] | None
"""The sort key of the last item seen."""


class MeterPage(BaseModel):
    """A page of meters; `next` is the cursor of the next one, null on the last."""

    items: list[Meter]
    next: str | None


class ReadingPage(BaseModel):
    """A page of readings; `next` is the cursor of the next one, null on the last."""

    items: list[Reading]
    next: str | None


class ExchangePage(BaseModel):
    """A page of exchanges; `next` is the cursor of the next one, null on the last."""

    items: list[Exchange]
    next: str | None


class TariffPage(BaseModel):
    """A page of tariffs; `next` is the cursor of the next one, null on the last."""

    items: list[Tariff]
    next: str | None


class BillPage(BaseModel):
    """A page of bills; `next` is the cursor of the next one, null on the last."""

    items: list[Bill]
    next: str | None


class ReadingFilter(NamedTuple):
    """Which readings are asked for: of one meter, from one instant on, before another."""

    meter: str | None = None
    first: str | None = None
    before: str | None = None
    after: After = None


def meters_page(reader: Reader, after: After, limit: int) -> Page:
    """By kind, the oldest first; the sort key is kind, id."""
    where = " WHERE (kind, id) > (:after_kind, :after_id)" if after else ""
    after_kind, after_id = after or (None, None)
    return reader.page(
        f"SELECT {_METER} AS item, kind, id FROM heating_meter{where} ORDER BY kind, id",  # noqa: S608 -- made of constants
        after_kind=after_kind,
        after_id=after_id,
        limit=limit,
    )


def readings_page(reader: Reader, chosen: ReadingFilter, limit: int) -> Page:
    """The newest first; the sort key is instant, id."""
    conditions = []
    if chosen.meter:
        conditions.append("meter_id = :meter")
    if chosen.first:
        conditions.append("read_at >= :first")
    if chosen.before:
        conditions.append("read_at < :before")
    if chosen.after:
        conditions.append("(read_at, id) < (:after_at, :after_id)")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    after_at, after_id = chosen.after or (None, None)
    return reader.page(
        f"SELECT {_READING} AS item, read_at, id FROM heating_reading{where} ORDER BY read_at DESC, id DESC",  # noqa: S608 -- made of constants
        meter=chosen.meter,
        first=chosen.first,
        before=chosen.before,
        after_at=after_at,
        after_id=after_id,
        limit=limit,
    )


def exchanges_page(reader: Reader, meter: str | None, after: After, limit: int) -> Page:
    """The newest first; the sort key is instant, id."""
    select = f"SELECT {_EXCHANGE} AS item, exchanged_at AS key, id FROM heating_exchange"  # noqa: S608 -- constant
    return _newest(reader, select, meter, after, limit)


def tariffs_page(reader: Reader, meter: str | None, after: After, limit: int) -> Page:
    """The newest first; the sort key is first day, id."""
    return _newest(reader, f"SELECT {_TARIFF} AS item, valid_from AS key, id FROM heating_tariff", meter, after, limit)  # noqa: S608 -- constant


def bills_page(reader: Reader, after: After, limit: int) -> Page:
    """The newest first; the sort key is last day, id."""
    return _newest(reader, f"SELECT {_BILL} AS item, period_to AS key, id FROM heating_bill", None, after, limit)  # noqa: S608 -- constant


def _newest(reader: Reader, select: str, meter: str | None, after: After, limit: int) -> Page:
    """A list of few things, sorted by `key` and id downwards."""
    only = " WHERE meter_id = :meter" if meter else ""
    where = " WHERE (key, id) < (:after_key, :after_id)" if after else ""
    after_key, after_id = after or (None, None)
    return reader.page(
        f"SELECT * FROM ({select}{only}) AS listed{where} ORDER BY key DESC, id DESC",  # noqa: S608 -- made of constants
        meter=meter,
        after_key=after_key,
        after_id=after_id,
        limit=limit,
    )
