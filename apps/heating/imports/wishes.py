"""Wishes: what a caller decides about a file of meter readings. None is what the file should tell itself."""

from dataclasses import dataclass

from apps.common.imports.days import Order
from apps.common.imports.decimals import Sign
from apps.heating.imports.intervals import Stamp
from apps.heating.imports.layouts import Values
from apps.heating.imports.units import Unit
from apps.heating.model import Kind


@dataclass(frozen=True)
class Wishes:
    """Each is a parameter of the import of the same name."""

    kind: Kind | None = None
    unit: Unit | None = None
    meter: str | None = None
    decimal: Sign | None = None
    dates: Order | None = None
    zone: str | None = None
    values: Values | None = None
    stamp: Stamp | None = None
    gaps: str | None = None
    digits: int | None = None
    max_kw: int | None = None
