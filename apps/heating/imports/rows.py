"""Rows: a file as columns of whole numbers. 200,000 rows are 6 MiB, as texts they would be a hundred."""

import re
from array import array
from collections.abc import Iterator
from typing import Final

_REASONS_AT_MOST: Final = 5000
"""A report shows 100; 200,000 would be 60 MiB."""

_QUOTED: Final = re.compile(r"'[^']*'|\d+(?:\.\d+)?")

NO_TIME: Final = -(2**62)
"""The end of a row that has none."""


class Rows:
    """The rows of a file in their order, each by its index: its meter, time and value, or why it has none."""

    __slots__ = (
        "_texts",
        "at",
        "lines",
        "meters",
        "refusals",
        "serials",
        "skips",
        "times",
        "until",
        "values",
        "written",
    )

    def __init__(self) -> None:
        self.lines = array("I")
        self.meters = array("I")
        """Places in `serials`."""
        self.at = array("q")
        """Microseconds; of local times until they are settled."""
        self.until = array("q")
        """The end of the interval, where the file says it."""
        self.times = array("b")
        """How `at` is written (times.py)."""
        self.values = array("q")
        self.written = array("b")
        """How the value is written (numbers.py)."""
        self.serials: dict[str, int] = {}
        self.refusals: dict[int, str] = {}
        self.skips: dict[int, str] = {}
        self._texts: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def meter_of(self, serial: str) -> int:
        """The place of a meter, whose serial may be new."""
        return self.serials.setdefault(serial, len(self.serials))

    def add(self, line: int, meter: int, at: int, times: int, value: int, written: int, until: int = NO_TIME) -> None:
        """Put a row at the end."""
        self.lines.append(line)
        self.meters.append(meter)
        self.at.append(at)
        self.times.append(times)
        self.values.append(value)
        self.written.append(written)
        self.until.append(until)

    def add_refused(self, line: int, reason: str) -> None:
        """Put a row at the end that cannot be read."""
        self.refuse(len(self.lines), reason)
        self.add(line, 0, 0, 0, 0, 0)

    def add_skipped(self, line: int, reason: str) -> None:
        """Put a row at the end that is no reading and needs to be none."""
        self.skips[len(self.lines)] = self._texts.setdefault(reason, reason)
        self.add(line, 0, 0, 0, 0, 0)

    def refuse(self, index: int, reason: str) -> None:
        """Say why a row is not taken; the first reason stays. After thousands they say no more what is in the cells."""
        if len(self._texts) >= _REASONS_AT_MOST and reason not in self._texts:
            reason = _QUOTED.sub("…", reason)
        self.refusals.setdefault(index, self._texts.setdefault(reason, reason))

    def shift(self, micros: int) -> None:
        """Move all instants by so much."""
        self.at = array("q", (at + micros for at in self.at))

    def unreadable(self) -> list[int]:
        """The rows that are refused or skipped by themselves."""
        return sorted({*self.refusals, *self.skips})

    def of_meters(self) -> Iterator[list[int]]:
        """For each meter the rows that can be read, in the order of time."""
        by_meter: list[list[int]] = [[] for _ in self.serials]
        for index, meter in enumerate(self.meters):
            if index not in self.refusals and index not in self.skips:
                by_meter[meter].append(index)
        at = self.at
        for indices in by_meter:
            indices.sort(key=at.__getitem__)
            yield indices
