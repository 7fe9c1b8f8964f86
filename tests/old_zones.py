"""The zone files of a system that was not updated in 2026: what each test of our own zones has on its path."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

# As the releases of 2025 had them: Vancouver goes back to -08 each winter, Casablanca keeps +01.
RULES: Final[Mapping[str, tuple[str, int, str]]] = {
    "America/Vancouver": ("PST", -8 * 3600, "PST8PDT,M3.2.0,M11.1.0"),
    "Africa/Casablanca": ("+01", 3600, "<+01>-1"),
}


def write_old_zones(folder: Path) -> dict[str, str]:
    """Write them below the folder; returns the variable that puts them on Python's path."""
    for name, (abbreviation, offset_s, rule) in RULES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_tzif(abbreviation, offset_s, rule))
    return {"PYTHONTZPATH": str(folder)}


def _tzif(abbreviation: str, offset_s: int, rule: str) -> bytes:
    """A file of RFC 9636 without transitions, so that the rule in its footer holds for all times."""
    name = abbreviation.encode() + b"\0"
    # isutcnt, isstdcnt, leapcnt, timecnt: none; one type of local time; the letters of its name.
    header = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, len(name))
    block = header + struct.pack(">lbb", offset_s, 0, 0) + name
    return block + block + b"\n" + rule.encode() + b"\n"
