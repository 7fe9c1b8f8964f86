"""The monthly report: kilowatt hours and their cost by meter and month."""

from datetime import tzinfo
from typing import Literal

from pydantic import Field

from apps.common.database import Reader
from apps.common.fields import Kept
from apps.heating import meterbook, store
from apps.heating.consumption import Usage
from apps.heating.model import UNITS, Kind, Meter
from apps.heating.reports.usage import months_asked, months_read, usages


class MeterMonth(Kept):
    """One month of a meter. Null is what cannot be said; `missing` says why."""

    month: str
    amount_milli: int | None = Field(description="In thousandths of the meter's unit")
    kwh_milli: int | None = Field(description="In thousandths of a kilowatt hour")
    work_minor: int | None = Field(description="kWh times the work price")
    base_minor: int | None = Field(description="The base price of the whole month")
    cost_minor: int | None
    currency: str | None
    complete: bool = Field(description="Whether the readings reach from the begin of the month to its end")
    estimated: bool = Field(description="Whether a value at a begin or end was interpolated between two readings")
    missing: str | None


class MeterMonths(Kept):
    """The months of a meter."""

    meter_id: str
    serial: str
    name: str | None
    kind: Kind
    unit: str
    months: list[MeterMonth]


class MonthlyReport(Kept):
    """Meters by kind, the oldest first, their months in order."""

    interpolation: Literal["linear"] = Field(description="Use between two readings is spread evenly")
    zone: str = Field(description="Where the months begin")
    meters: list[MeterMonths]


def monthly(meter_id: str | None, first: str | None, last: str | None, zone: tzinfo, reader: Reader) -> MonthlyReport:
    """The report of one meter or all; without months, of all that have readings."""
    meters = [meterbook.find_meter(meter_id, reader)] if meter_id else store.meters(reader)
    months = months_asked(first, last, months_read(meters, zone, reader))
    return MonthlyReport(
        interpolation="linear",
        zone=str(zone),
        meters=[_meter(each, usages(each, months, zone, reader)) for each in meters],
    )


def _meter(meter: Meter, found: list[Usage]) -> MeterMonths:
    return MeterMonths(
        meter_id=meter.id,
        serial=meter.serial,
        name=meter.name,
        kind=meter.kind,
        unit=UNITS[meter.kind],
        months=[month_of_meter(each) for each in found],
    )


def month_of_meter(usage: Usage) -> MeterMonth:
    """One month as the reports show it."""
    cost = usage.cost
    return MeterMonth(
        month=usage.month,
        amount_milli=usage.amount_milli,
        kwh_milli=usage.kwh_milli,
        work_minor=cost.work_minor if cost else None,
        base_minor=cost.base_minor if cost else None,
        cost_minor=cost.total_minor if cost else None,
        currency=cost.currency if cost else None,
        complete=usage.complete,
        estimated=usage.estimated,
        missing=usage.missing,
    )
