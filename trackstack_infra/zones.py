"""Time zones by name, read from the pinned package `tzdata` alone, so that a schedule is the same on every computer.

Python reads the system's zone files first, however old they are: with those of 2025, British Columbia, Alberta,
Manitoba, Cuba and Morocco are an hour off since 2026.
"""

import zoneinfo
from functools import cache
from importlib.util import find_spec
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trackstack_infra.errors import PrerequisiteMissing


@cache
def use_pinned_zones() -> None:
    """Read every zone of this process from the package from now on, those read before included.

    Raises PrerequisiteMissing where the package is not installed.
    """
    if find_spec("tzdata") is None:
        raise PrerequisiteMissing(
            "time zones are read from the Python package tzdata, which is not installed",
            hint="delete .venv and run ./trackstack again; it installs what requirements.txt lists",
        )
    zoneinfo.reset_tzpath(())
    ZoneInfo.clear_cache()


def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name; raises ValueError when there is none."""
    use_pinned_zones()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, such as Europe
        raise ValueError("must be an IANA time zone, such as UTC or Europe/Berlin") from None
