"""Time zones by name: what a local time of a file means, and where a month begins."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

from apps.common.pinned_zones import use_pinned_zones

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}")


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; raises ValueError when there is none."""
    use_pinned_zones()
    try:
        if _NAME.fullmatch(name):
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass  # OSError: the name of a folder of zones, such as Europe
    raise ValueError(f"{name!r} is not a time zone; write it like Europe/Berlin")


def _checked(name: str) -> str:
    zone_of(name)
    return name


ZoneName = Annotated[str, AfterValidator(_checked)]
"""The name of a zone in the IANA database."""
