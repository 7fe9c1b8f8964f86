"""The lists of heating."""

from typing import Final

from pydantic import BaseModel

from apps.common.listing import Listing, json_flag, json_object
from apps.heating.model import Bill, Exchange, Meter, Reading, Tariff

_CONVERSIONS: Final = (
    "json((SELECT json_group_array(json(item)) FROM (SELECT json_object('valid_from', valid_from,"
    " 'calorific_milli', calorific_milli, 'z_e4', z_e4) AS item FROM heating_conversion"
    " WHERE meter_id = heating_meter.id ORDER BY valid_from)))"
)
_OF_A_METER: Final = {"meter": "meter_id = :meter"}

METER_LIST: Final = Listing(json_object(Meter.model_fields, conversions=_CONVERSIONS), "heating_meter", "kind")
READING_LIST: Final = Listing(
    json_object(Reading.model_fields, rolled_over=json_flag("rolled_over")),
    "heating_reading",
    "read_at",
    _OF_A_METER | {"first": "read_at >= :first", "before": "read_at < :before"},
    newest_first=True,
)
EXCHANGE_LIST: Final = Listing(
    json_object(Exchange.model_fields), "heating_exchange", "exchanged_at", _OF_A_METER, newest_first=True
)
TARIFF_LIST: Final = Listing(
    json_object(Tariff.model_fields), "heating_tariff", "valid_from", _OF_A_METER, newest_first=True
)
BILL_LIST: Final = Listing(json_object(Bill.model_fields), "heating_bill", "period_to", newest_first=True)


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
