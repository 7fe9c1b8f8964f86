"""Layouts: which files heating takes, found by their columns, and what each column of them is.

The Danish data set, lists of readings as people keep them, and what Home Assistant, Eloverblik and Octopus export.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from apps.common.imports.days import Order
from apps.common.imports.decimals import Sign
from apps.heating.imports.units import WRITTEN, Unit
from apps.heating.model import Kind

Values = Literal["level", "interval"]
"""What the meter showed at an instant, or what it used from one instant to the next."""


@dataclass(frozen=True)
class Quantity:
    """What the name of a value column says of it."""

    kind: Kind | None = None
    unit: Unit | None = None


@dataclass(frozen=True)
class Columns:
    """Where a file has what: places among its columns, None for what it has not."""

    at: int
    value: int
    until: int | None
    meter: int | None
    unit: int | None
    quantity: Quantity


@dataclass(frozen=True)
class Layout:
    """One kind of file. Column names are lower case; a column that is in none of these is not one of this layout."""

    name: str
    shown: tuple[str, ...]
    """Its columns, as a refusal names them."""
    at: frozenset[str]
    value: Callable[[str], Quantity | None]
    until: frozenset[str] = frozenset()
    meter: frozenset[str] = frozenset()
    unit: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    kind: Kind | None = None
    values: Values | None = None
    order: Order | None = None
    decimal: Sign | None = None
    shift_s: int = 0
    """How long after its time a value was shown: Home Assistant puts the end of an hour under the hour's begin."""
    absent: frozenset[str] = frozenset()
    """Values that say there was none."""

    def columns_of(self, names: Sequence[str]) -> Columns | None:
        """Where this file has what; None when it is no file of this layout."""
        found: dict[str, int] = {}
        quantity = Quantity()
        for place, name in enumerate(names):
            of_value = self.value(name)
            if of_value is not None:
                role, quantity = "value", of_value
            else:
                role = next((each for each in _ROLES if name in getattr(self, each)), "")
            if role == "ignored":
                continue
            if not role or role in found:
                return None
            found[role] = place
        if "at" not in found or "value" not in found or (self.until and "until" not in found):
            return None
        return Columns(found["at"], found["value"], found.get("until"), found.get("meter"), found.get("unit"), quantity)


_ROLES: Final = ("at", "until", "meter", "unit", "ignored")

_QUANTITY: Final = re.compile(r"(gas|heat|electricity|oil)_(m3|kwh|mwh|gj|wh|l)")
_OF_QUANTITY: Final[Mapping[tuple[str, Unit], Kind]] = {
    ("gas", "m3"): "gas_m3",
    ("oil", "l"): "oil_l",
    **{("heat", unit): "heat_kwh" for unit in ("Wh", "kWh", "MWh", "GJ")},
    **{("electricity", unit): "electricity_kwh" for unit in ("Wh", "kWh", "MWh", "GJ")},
}
_READING: Final = re.compile(
    r"(?:value|reading|zählerstand|zaehlerstand|stand|wert|ablesung)(?: in (?P<in>\S+)| ?[(\[](?P<of>\S+)[)\]])?"
)
_USED: Final = re.compile(r"consumption \((?P<of>kwh|m³|m3)\)")


def _danish(name: str) -> Quantity | None:
    return Quantity("heat_kwh", "kWh") if name == "energy_heat_kwh" else None


def _reading(name: str) -> Quantity | None:
    quantity = _QUANTITY.fullmatch(name)
    if quantity is not None:
        unit = WRITTEN[quantity[2]]
        kind = _OF_QUANTITY.get((quantity[1], unit))
        return None if kind is None else Quantity(kind, unit)
    plain = _READING.fullmatch(name)
    if plain is None:
        return None
    written = plain["in"] or plain["of"]
    if written is None:
        return Quantity()
    return Quantity(_kind_of(WRITTEN.get(written)), WRITTEN[written]) if written in WRITTEN else None


def _used(name: str) -> Quantity | None:
    used = _USED.fullmatch(name)
    return None if used is None else Quantity(_kind_of(WRITTEN[used["of"]]), WRITTEN[used["of"]])


def _kind_of(unit: Unit | None) -> Kind | None:
    """The only kind of meter that counts in this unit; None for kWh, which two kinds do."""
    return {"m3": "gas_m3", "l": "oil_l"}.get(unit or "")  # type: ignore[return-value]


def _named(*names: str) -> Callable[[str], Quantity | None]:
    return lambda name: Quantity() if name in names else None


LAYOUTS: Final = (
    Layout(
        "danish-heat-meter",
        shown=("meter_id", "time_rounded", "energy_heat_kwh"),
        at=frozenset({"time_rounded"}),
        value=_danish,
        meter=frozenset({"meter_id"}),
        ignored=frozenset({"customer_id", "volume_flow_m3", "inlet_flow_energy_m3xc", "back_flow_energy_m3xc"}),
        kind="heat_kwh",
    ),
    Layout(
        "meter-readings",
        shown=("date", "meter", "gas_m3 (or heat_kwh, heat_mwh, electricity_kwh, oil_l, value)"),
        at=frozenset({"date", "time", "timestamp", "read_at", "datum", "zeit", "zeitstempel", "ablesedatum"}),
        value=_reading,
        meter=frozenset({"meter", "meter_id", "serial", "zähler", "zählernummer", "zaehlernummer", "zaehler"}),
        unit=frozenset({"unit", "einheit"}),
        ignored=frozenset({"note", "notes", "comment", "notiz", "notizen", "kommentar", "bemerkung"}),
    ),
    Layout(
        "octopus-consumption",
        shown=("consumption (kwh)", "start", "end"),
        at=frozenset({"start"}),
        until=frozenset({"end"}),
        value=_used,
        ignored=frozenset({"estimated cost inc. tax (p)", "standing charge inc. tax (p)", "price"}),
        values="interval",
        decimal="dot",
    ),
    Layout(
        "eloverblik",
        shown=("målepunktsid", "fra_dato", "til_dato", "mængde", "måleenhed"),
        at=frozenset({"fra_dato"}),
        until=frozenset({"til_dato"}),
        value=_named("mængde"),
        meter=frozenset({"målepunktsid"}),
        unit=frozenset({"måleenhed"}),
        ignored=frozenset({"kvalitet", "type"}),
        kind="electricity_kwh",
        values="interval",
        order="day-first",
        decimal="comma",
    ),
    Layout(
        "home-assistant-statistics",
        shown=("statistic_id", "unit", "start", "sum"),
        at=frozenset({"start"}),
        value=_named("sum"),
        meter=frozenset({"statistic_id"}),
        unit=frozenset({"unit"}),
        ignored=frozenset({"state", "min", "max", "mean"}),
        values="level",
        shift_s=3600,
        absent=frozenset({""}),
    ),
    Layout(
        "home-assistant-history",
        shown=("entity_id", "state", "last_changed"),
        at=frozenset({"last_changed"}),
        value=_named("state"),
        meter=frozenset({"entity_id"}),
        values="level",
        decimal="dot",
        absent=frozenset({"", "unavailable", "unknown"}),
    ),
)
