"""Units: how many thousandths of a meter's own unit one of a file's is worth, and how fast a meter counts at most."""

from dataclasses import dataclass
from typing import Final, Literal

from apps.heating.model import Kind

Unit = Literal["Wh", "kWh", "MWh", "GJ", "m3", "l"]

WORTH: Final[dict[Unit, tuple[int, int]]] = {
    "Wh": (1, 1),
    "kWh": (1000, 1),
    "MWh": (1_000_000, 1),
    "GJ": (2_500_000, 9),  # 1 GJ = 1,000,000 kJ / 3,600 = 277.7… kWh
    "m3": (1000, 1),
    "l": (1000, 1),
}
"""Thousandths of the meter's unit, as a fraction."""

OF_KIND: Final[dict[Kind, tuple[Unit, ...]]] = {
    "heat_kwh": ("kWh", "MWh", "GJ", "Wh"),
    "electricity_kwh": ("kWh", "MWh", "GJ", "Wh"),
    "gas_m3": ("m3",),
    "oil_l": ("l",),
}

WRITTEN: Final[dict[str, Unit]] = {
    "wh": "Wh",
    "kwh": "kWh",
    "mwh": "MWh",
    "gj": "GJ",
    "m3": "m3",
    "m³": "m3",
    "cbm": "m3",
    "l": "l",
    "liter": "l",
    "litre": "l",
}
"""Units as files write them, in lower case."""

MAX_KW: Final = 100
"""The power that no meter of a household reaches: three times the connection of a house (3 × 63 A, 43 kW)."""

_KWH_PER_UNIT: Final[dict[Kind, int]] = {"heat_kwh": 1, "electricity_kwh": 1, "gas_m3": 10, "oil_l": 10}
_MICROS_PER_HOUR: Final = 3_600_000_000


@dataclass(frozen=True)
class Pace:
    """How fast a meter counts at most: a gas meter by 10 kWh a cubic metre, an oil meter by 10 kWh a litre."""

    max_kw: int
    kind: Kind

    @property
    def milli_per_hour(self) -> int:
        """Thousandths of the meter's unit."""
        return self.max_kw * 1000 // _KWH_PER_UNIT[self.kind]

    def allows(self, milli: int, micros: int) -> bool:
        """Whether so much can go through in so many microseconds."""
        return milli * _MICROS_PER_HOUR <= self.milli_per_hour * micros

    def slack(self, at: int, milli: int) -> int:
        """How far behind the fastest meter this is. It never falls on a meter that keeps the pace."""
        return self.milli_per_hour * at - milli * _MICROS_PER_HOUR
