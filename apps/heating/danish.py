"""The CSV format of the Danish smart heat meter data set: one row per meter and hour, cumulative energy in kWh.

The values come from interpolation and have a dozen decimals: they are rounded to a thousandth, halves to even, from the
decimal text itself. Volume and flow columns may be there; heating does not keep them.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, NamedTuple

from pydantic import TypeAdapter

from apps.common.clock import instant_of, instant_text
from apps.common.fields import YEAR_MAX, YEAR_MIN, Name
from apps.common.imports.old import Format

_THOUSANDTH = Decimal("0.001")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,20})?")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})")

_name: TypeAdapter[str] = TypeAdapter(Name)


class MeterRow(NamedTuple):
    """What one meter showed at one instant."""

    serial: str
    read_at: str
    value_milli: int


def read_row(cells: Mapping[str, str]) -> MeterRow:
    """The reading of a row; raises ValueError to refuse it."""
    text = cells["time_rounded"]
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"time_rounded {text[:40]!r} is not a timestamp; it should look like 2018-01-02T23:00:00Z")
    read_at = instant_text(instant_of(text))
    if not YEAR_MIN <= int(read_at[:4]) <= YEAR_MAX:
        raise ValueError(f"time_rounded {text} is outside the years {YEAR_MIN} to {YEAR_MAX}")
    serial = cells["meter_id"]
    if not serial.isalnum():
        serial = _name.validate_python(serial)
    return MeterRow(serial, read_at, milli_of(cells["energy_heat_kwh"]))


def milli_of(text: str) -> int:
    """Thousandths of a decimal text, half a thousandth rounded to even."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"energy_heat_kwh {text[:40]!r} is not a meter value; it should look like 5347.614")
    return int(Decimal(text).quantize(_THOUSANDTH, ROUND_HALF_EVEN).scaleb(3))


DANISH: Final = Format(
    "danish-heat-meter",
    required=("meter_id", "time_rounded", "energy_heat_kwh"),
    optional=("customer_id", "volume_flow_m3", "inlet_flow_energy_m3xc", "back_flow_energy_m3xc"),
    read=read_row,
    identity=lambda row: (row.serial, row.read_at, row.value_milli),
)
