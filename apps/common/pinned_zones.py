"""Time zones are read from the pinned package `tzdata` alone, so that a local time means the same on every computer.

Python reads the system's zone files first, however old they are: with those of 2025, British Columbia, Alberta,
Manitoba, Cuba and Morocco are an hour off since 2026.
"""

import zoneinfo
from functools import cache
from importlib.util import find_spec


class ZonesMissing(ImportError):  # noqa: N818 -- a sentence reads better than a suffix
    """The package with the time zones is not installed."""


@cache
def use_pinned_zones() -> None:
    """Read every zone of this process from the package from now on, those read before included.

    Raises ZonesMissing where the package is not installed.
    """
    if find_spec("tzdata") is None:
        raise ZonesMissing(
            "time zones are read from the Python package tzdata, which is not installed: "
            "install what requirements-app.txt lists"
        )
    zoneinfo.reset_tzpath(())
    zoneinfo.ZoneInfo.clear_cache()
