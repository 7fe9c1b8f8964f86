"""How often a schedule's expression comes due: EventBridge's `rate(…)` and `cron(…)`."""

import re
from decimal import Decimal
from typing import Final

_MINUTES: Final = {"minute": 1, "hour": 60, "day": 24 * 60}
_RATE: Final = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON: Final = re.compile(r"cron\((?P<minute>\S+) (?P<hour>\S+) .+\)")


def runs_an_hour(expression: str) -> Decimal:
    """At most so often, on average: what names one minute of one hour comes due once a day, whichever days it names."""
    if rate := _RATE.fullmatch(expression):
        return Decimal(60) / (int(rate[1]) * _MINUTES[rate[2]])
    if cron := _CRON.fullmatch(expression):
        return _values(cron["minute"], 60) * _values(cron["hour"], 24) / 24
    if expression.startswith("at("):
        return Decimal(0)  # once, at some time: far below a millionth of a dollar
    raise ValueError(f"{expression!r} is neither a rate, a cron nor an at expression")


def _values(field: str, all_: int) -> Decimal:
    """How many values a field names: lists by their length, everything else that is no number as all of them."""
    parts = field.split(",")
    return Decimal(len(parts) if all(part.isdigit() for part in parts) else all_)
