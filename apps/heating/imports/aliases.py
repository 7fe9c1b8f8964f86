"""Aliases: a serial that a spreadsheet has changed still names its meter.

Spreadsheets take `0660` for a number and save `660`; as another meter its readings would all be there twice.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from apps.common.imports.decisions import Decision
from apps.common.transaction import Readable
from apps.heating.model import Kind

_SHOWN: Final = 20


def aliases_of(kind: Kind, serials: Iterable[str], reader: Readable) -> dict[str, str]:
    """The serials that are not known, but are one known serial in other case, or without zeros at its begin."""
    known = [str(row[0]) for row in reader.all("SELECT serial FROM heating_meter WHERE kind = :kind", kind=kind)]
    wanted = list(serials)
    twins = Counter(map(_plain, wanted))
    by_plain = {_plain(serial): serial for serial in known}
    unique = {plain for plain, count in Counter(map(_plain, known)).items() if count == 1}
    there = set(known)
    return {
        serial: by_plain[_plain(serial)]
        for serial in wanted
        if serial not in there and _plain(serial) in unique and twins[_plain(serial)] == 1
    }


def decisions_of(aliases: dict[str, str]) -> list[Decision]:
    """The first of them as decisions."""
    return [
        Decision(
            name="meter",
            value=known,
            how="known",
            note=f"Meter {serial} is {known}, which is known. If it is another one, make a meter {serial} first.",
        )
        for serial, known in list(aliases.items())[:_SHOWN]
    ]


def _plain(serial: str) -> str:
    return serial.strip().casefold().lstrip("0")
