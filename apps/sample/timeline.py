"""The timeline: what the invented person did, each thing at its instant, with the ids and local times of its own."""

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from apps.common.database import Transaction


@dataclass(frozen=True)
class Step:
    """One write of one domain, as its owner would have made it with the app at that instant."""

    at: datetime
    domain: str
    work: Callable[[Transaction], object]


class SampleIds:
    """UUIDv7 texts for the instant `now`, the same ones for the same seed: later rows sort later, as in real data."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._last = 0
        self.now = datetime(1970, 1, 1, tzinfo=UTC)

    def __call__(self) -> str:
        milliseconds = int(self.now.timestamp() * 1000)
        # 42 bits below the time: what makes ids of one millisecond count up.
        self._last = max(
            self._last + 1 + self._chance.getrandbits(20), (milliseconds << 42) + self._chance.getrandbits(41)
        )
        high, low = self._last >> 30, self._last & (2**30 - 1)
        time_part, sub = high >> 12, high & 0xFFF
        tail = low << 32 | self._chance.getrandbits(32)
        return str(uuid.UUID(int=time_part << 80 | 7 << 76 | sub << 64 | 2 << 62 | tail))


def first_day(today: date) -> date:
    """The first of this month a year ago: a whole year to look back on, and last year's month to compare with."""
    return today.replace(year=today.year - 1, day=1)


def days(first: date, end: date) -> Iterator[date]:
    """Every day from the first up to, but without, the end."""
    for number in range((end - first).days):
        yield first + timedelta(days=number)


def local(day: date, clock: time) -> datetime:
    """A local time in central Europe, by the rule of its summer time and so without a zone database."""
    return datetime.combine(day, clock, timezone(timedelta(hours=2 if _is_summer(day) else 1)))


def _is_summer(day: date) -> bool:
    return _last_sunday(day.year, 3) <= day < _last_sunday(day.year, 10)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
