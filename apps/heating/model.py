"""Meters, readings, tariffs and bills: what callers send, and what is kept."""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from apps.common.fields import Body, Currency, Day, Id, Instant, Kept, Minor, Name, Note, Whole

Kind = Literal["gas_m3", "heat_kwh", "electricity_kwh", "oil_l"]
Source = Literal["manual", "import"]

UNITS: Final[dict[Kind, str]] = {"gas_m3": "m3", "heat_kwh": "kWh", "electricity_kwh": "kWh", "oil_l": "l"}
CONVERTED: Final[tuple[Kind, ...]] = ("gas_m3", "oil_l")
"""The kinds that do not count kilowatt hours: they need a conversion."""

Z_NONE: Final = 10_000
"""The state number 1: the volume is taken as it was measured."""


def _not_zero(minor: int) -> int:
    if minor == 0:
        raise ValueError("must not be 0; a bill that pays money back is negative")
    return minor


MilliUnits = Annotated[Whole, Field(description="In thousandths of the meter's unit")]


class Conversion(Body):
    """What one unit of a gas or oil meter holds from a day on: kWh = units · z · calorific value."""

    valid_from: Day
    calorific_milli: Annotated[Whole, Field(ge=1, le=1_000_000, description="Thousandths of a kWh per m³ or litre")]
    z_e4: Annotated[
        Whole, Field(ge=1, le=20_000, description="State number of the gas, in ten-thousandths; 10000 for oil")
    ] = Z_NONE


class MeterDraft(Body):
    """A meter as its owner wants it."""

    kind: Kind
    serial: Name
    name: Name | None = None
    digits: Annotated[
        Whole | None, Field(ge=1, le=9, description="Digits before the point; without them it cannot roll over")
    ] = None
    conversions: Annotated[tuple[Conversion, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def _only_volumes_are_converted(self) -> Self:
        if self.conversions and self.kind not in CONVERTED:
            raise ValueError(f"a meter of kind {self.kind} counts kWh itself; leave conversions out")
        if self.kind == "oil_l" and any(each.z_e4 != Z_NONE for each in self.conversions):
            raise ValueError("oil has no state number; leave z_e4 out")
        return self

    @model_validator(mode="after")
    def _one_conversion_a_day(self) -> Self:
        days = [each.valid_from for each in self.conversions]
        if sorted(set(days)) != days:
            raise ValueError("conversions must be in the order of their valid_from, each day once")
        return self


class ReadingDraft(Body):
    """What a meter showed at an instant."""

    meter_id: Id
    read_at: Instant
    value_milli: MilliUnits
    rolled_over: Annotated[
        bool, Field(strict=True, description="It has passed its last digit since the one before")
    ] = False
    note: Note | None = None


class ExchangeDraft(Body):
    """The moment one meter was taken out and the next one put in its place."""

    meter_id: Id
    exchanged_at: Instant
    old_final_milli: MilliUnits
    new_start_milli: MilliUnits = 0
    note: Note | None = None


class TariffDraft(Body):
    """What energy costs from a day on, until the next tariff of the meter begins."""

    meter_id: Id
    valid_from: Day
    work_price_e5_minor_per_kwh: Annotated[
        Whole, Field(le=10**9, description="Hundred-thousandths of the minor unit: 12.345 ct is 1234500")
    ]
    base_price_minor_per_month: Annotated[Whole, Field(le=10**9)]
    currency: Currency


class BillDraft(Body):
    """The bill of a heating period."""

    period_from: Day
    period_to: Annotated[Day, Field(description="The last day the bill covers")]
    kwh_milli: Annotated[Whole, Field(description="Energy in thousandths of a kilowatt hour")]
    amount_minor: Annotated[
        Minor,
        AfterValidator(_not_zero),
        Field(description="In the smallest unit, never 0; money given back is negative"),
    ]
    currency: Currency
    note: Note | None = None

    @model_validator(mode="after")
    def _covers_a_day(self) -> Self:
        if self.period_to < self.period_from:
            raise ValueError(f"the period ends on {self.period_to}, before it begins on {self.period_from}")
        return self


class Meter(Kept):
    """A meter as it is kept."""

    id: str
    kind: Kind
    serial: str
    name: str | None
    digits: int | None
    conversions: tuple[Conversion, ...]
    version: int

    @property
    def full_milli(self) -> int | None:
        """Where it starts again at 0; None when its digits are not known."""
        return None if self.digits is None else 1000 * 10**self.digits


class Reading(Kept):
    """A reading as it is kept."""

    id: str
    meter_id: str
    read_at: str
    value_milli: int
    rolled_over: bool
    source: Source
    note: str | None
    version: int


class Exchange(Kept):
    """An exchange as it is kept."""

    id: str
    meter_id: str
    exchanged_at: str
    old_final_milli: int
    new_start_milli: int
    note: str | None
    version: int


class Tariff(Kept):
    """A tariff as it is kept."""

    id: str
    meter_id: str
    valid_from: str
    work_price_e5_minor_per_kwh: int
    base_price_minor_per_month: int
    currency: str
    version: int


class Bill(Kept):
    """A bill as it is kept."""

    id: str
    period_from: str
    period_to: str
    kwh_milli: int
    amount_minor: int
    currency: str
    note: str | None
    version: int
