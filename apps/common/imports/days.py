"""Days: what the dates of a file mean. Which part is the month is decided for the file, never for a row.

A date has its year last (`20/09/2018`, `9.9.2018`, `20-10-26`) or first (`2018-09-20`), with or without a time.

Spreadsheets that expect the month first spoil files with the day first: they take each `12/09/2018` for the 9th of
December and save it as `2018-12-09`, and leave alone what cannot be a month (`13/09/2018`). Such a file is recognised
as a whole: it has both forms, no date with its year first has a part above 12, and none with its year last a day up to
12, as all of those were turned round.
"""

import re
from datetime import date
from typing import Final, Literal

from apps.common.fields import YEAR_MAX, YEAR_MIN
from apps.common.imports.decisions import Decision, Evidence

Order = Literal["day-first", "month-first"]
"""What 05/09/2026 means: the 5th of September, or the 9th of May."""

Reading = Literal["year-month-day", "year-day-month"]
"""What 2018-12-09 means: the 9th of December, or the 12th of September."""

_TIME = r"(?:[ T,]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?: ?[AaPp][Mm])?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_YEAR_LAST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})" + _TIME)
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})" + _TIME)
_MONTHS: Final = 12

_ORDERS = {"day-first": "with the day first", "month-first": "with the month first"}


class Days:
    """The dates of one file: shown to `survey`, then settled by `decide`, then read."""

    def __init__(
        self,
        *,
        order: Order | None,
        reading: Reading | None,
        column: str = "Date",
        declared: tuple[str, str] | None = None,
    ) -> None:
        """`declared` is an Order or a Reading, and who says it of the file."""
        self._column = column
        self._given_order, self._given_reading = order, reading
        self._declared = declared
        self._orders = Evidence("dates")
        self._readings = Evidence("dashed_dates")
        self._last = self._first = 0
        self._all_left_alone = self._all_spoiled = True
        self._order: str = order or "day-first"
        self._reading: str = reading or "year-month-day"
        self._read: dict[str, str] = {}
        self._seen: set[str] = set()

    def survey(self, text: str, line: int) -> None:
        """Look for dates that can only be read one way."""
        if text in self._seen:
            return
        if len(self._seen) < 10_000:
            self._seen.add(text)
        if match := _YEAR_LAST.fullmatch(text):
            self._last += 1
            first, second = int(match[1]), int(match[3])
            self._all_left_alone = self._all_left_alone and first > _MONTHS
            if first > _MONTHS >= second:
                self._orders.proves("day-first", line, text)
            elif second > _MONTHS >= first:
                self._orders.proves("month-first", line, text)
        elif match := _YEAR_FIRST.fullmatch(text):
            self._first += 1
            second, third = int(match[3]), int(match[4])
            self._all_spoiled = self._all_spoiled and second <= _MONTHS and third <= _MONTHS
            if third > _MONTHS >= second:
                self._readings.proves("year-month-day", line, text)
            elif second > _MONTHS >= third:
                self._readings.proves("year-day-month", line, text)

    def decide(self, *, known: str | None, month_first_is_usual: bool) -> list[Decision]:
        """What holds for the file; 422 when two of its dates contradict each other."""
        found = []
        if self._last:
            why = "no date tells" + (", and all amounts are in USD" if month_first_is_usual else "")
            decision = self._orders.decide(
                given=self._given_order,
                words=lambda order: f"Dates like 05/09/2026 were read {_ORDERS[order]}",
                declared=self._declared if self._declared and self._declared[0] in _ORDERS else None,
                known=known,
                assumed="month-first" if month_first_is_usual else "day-first",
                why_assumed=why,
            )
            assert decision is not None
            self._order = decision.value
            found.append(decision)
        said = self._given_reading or self._declared or "year-day-month" in self._readings.proofs
        if self._first and (self._last or said):
            found.append(self._decide_reading())
        return found

    def _decide_reading(self) -> Decision:
        spoiled = bool(self._last) and self._all_left_alone and self._all_spoiled and self._declared is None
        if spoiled and self._given_reading is None:
            decision = Decision(
                name="dashed_dates",
                value="year-day-month",
                how="proved",
                note=(
                    "Dates like 2018-12-09 were read as year-day-month, here the 12th of September: a spreadsheet has"
                    " swapped day and month of every date it could (no other date has a day up to 12)."
                    " If that is wrong, undo the import and give dashed_dates."
                ),
            )
        else:
            usual = self._readings.decide(
                given=self._given_reading,
                words=lambda reading: f"Dates like 2018-12-09 were read as {reading}",
                declared=self._declared if self._declared and self._declared[0] not in _ORDERS else None,
                assumed="year-month-day",
                why_assumed="that is ISO 8601",
            )
            assert usual is not None
            decision = usual
        self._reading = decision.value
        return decision

    def read(self, text: str) -> str:
        """The day as 2018-09-20; raises ValueError, naming the column, when there is no such day."""
        day = self._read.get(text)
        if day is None:
            day = self._day(text)
            if len(self._read) < 10_000:
                self._read[text] = day
        return day

    def _day(self, text: str) -> str:
        if match := _YEAR_LAST.fullmatch(text):
            year = match[4] if len(match[4]) == 4 else f"20{match[4]}"
            day, month = (match[1], match[3]) if self._order == "day-first" else (match[3], match[1])
        elif match := _YEAR_FIRST.fullmatch(text):
            year = match[1]
            month, day = (match[3], match[4]) if self._reading == "year-month-day" else (match[4], match[3])
        else:
            raise ValueError(f"{self._column} says {text[:40]!r}; write it like 20/09/2018 or 2018-09-20")
        if not YEAR_MIN <= int(year) <= YEAR_MAX:
            raise ValueError(f"{self._column} says {text!r}, which is outside the years {YEAR_MIN} to {YEAR_MAX}")
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            order = self._order if _YEAR_LAST.fullmatch(text) else self._reading
            raise ValueError(f"{self._column} says {text!r}, but there is no such day, read {order}") from None
