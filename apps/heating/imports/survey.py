"""The survey of a file: its rows as whole numbers, and what they prove about the file as a whole."""

import re
from collections.abc import Iterator
from typing import Final

from pydantic import TypeAdapter

from apps.common.fields import Name
from apps.common.imports.decisions import Evidence
from apps.common.imports.sheet import Record, Sheet
from apps.common.problem import Unprocessable
from apps.heating.imports.layouts import Columns, Layout
from apps.heating.imports.numbers import COMMA, COMMA_OR_GROUP, DOT, DOT_OR_GROUP, Scale
from apps.heating.imports.rows import NO_TIME, Rows
from apps.heating.imports.times import DAY_FIRST, EITHER, INSTANT, MONTH_FIRST, read_time
from apps.heating.imports.units import OF_KIND, WRITTEN, Unit
from apps.heating.imports.wishes import Wishes
from apps.heating.model import Kind

_ROUNDED: Final = re.compile(r"[0-9][.,][0-9]+E\+[0-9]+")
"""What spreadsheets make of the 18 digits of a metering point."""

_name: TypeAdapter[str] = TypeAdapter(Name)


class Survey:
    """What is known of a file once all its records were seen."""

    def __init__(self, sheet: Sheet, layout: Layout, wishes: Wishes) -> None:
        columns = layout.columns_of(sheet.columns)
        assert columns is not None, "the format fits"
        self._sheet = sheet
        self._layout = layout
        self._columns: Columns = columns
        self._absent = layout.absent
        self.at_column: Final = sheet.columns[columns.at]
        self.value_column: Final = sheet.columns[columns.value]
        self.declared_kind: Final[Kind | None] = columns.quantity.kind or layout.kind
        self.rows: Final = Rows()
        self.decimal: Final = Evidence("decimal")
        self.dates: Final = Evidence("dates")
        self.unclear_value: tuple[int, str] | None = None
        """A line and its value that has two meanings."""
        self.unclear_date: tuple[int, str] | None = None
        self.local_time: tuple[int, str] | None = None
        self.unit, self.unit_how = self._unit(wishes)
        self._scale = Scale(self.unit or "kWh", self.value_column)
        self._meter = self._only_meter(wishes)
        self._seen_signs: set[int] = set()

    @property
    def scale(self) -> Scale:
        """How values of the file are read."""
        return self._scale

    @property
    def commas_divide(self) -> bool:
        """Whether a comma ends a cell, so that it can hardly be a decimal sign."""
        return self._sheet.separator == ","

    def records(self) -> Iterator[Record]:
        """The records of the sheet. Those that are broken are rows as well."""
        for record in self._sheet.records():
            if record.broken is not None:
                self.rows.add_refused(record.line, record.broken)
            yield record

    def see(self, record: Record) -> None:
        """Keep what a record says."""
        cells, columns, rows = record.cells, self._columns, self.rows
        text = cells[columns.value]
        if self._absent and text in self._absent:
            rows.add_skipped(
                record.line, f"{self.value_column} says {text!r}" if text else f"{self.value_column} is empty"
            )
            return
        try:
            if columns.meter is None:
                meter = self._meter
            else:
                serial = cells[columns.meter]
                known = rows.serials.get(serial)
                meter = self._new_meter(serial) if known is None else known
            if columns.unit is not None:
                self._see_unit(cells[columns.unit], record.line)
            at, times = read_time(cells[columns.at], self.at_column)
            value, written = self._scale.read(text)
            until = NO_TIME
            if columns.until is not None:
                end, how = read_time(cells[columns.until], self._named(columns.until))
                # A local end is not told apart in autumn's hour: the rhythm of the begins is.
                until = end if how == times == INSTANT else NO_TIME
        except ValueError as error:
            rows.add_refused(record.line, str(error))
            return
        rows.add(record.line, meter, at, times, value, written, until)
        if times != INSTANT:
            self._see_local(times, cells[columns.at], record.line)
        if written not in self._seen_signs:
            self._see_sign(written, text, record.line)

    def _new_meter(self, serial: str) -> int:
        try:
            new = _name.validate_python(serial)
        except ValueError:
            column = self._named(self._columns.meter)
            raise ValueError(f"{column} says {serial[:40]!r}, which is no serial of 1 to 100 characters") from None
        if _ROUNDED.fullmatch(new):
            column = self._named(self._columns.meter)
            raise ValueError(
                f"{column} says {serial!r}, a number that a spreadsheet has rounded; export the file again"
            )
        return self.rows.meter_of(new)

    def _named(self, place: int | None) -> str:
        return "" if place is None else self._sheet.columns[place]

    def _see_local(self, times: int, text: str, line: int) -> None:
        self.local_time = self.local_time or (line, text)
        if times == EITHER:
            self.unclear_date = self.unclear_date or (line, text)
        elif times == DAY_FIRST:
            self.dates.proves("day-first", line, text)
        elif times == MONTH_FIRST:
            self.dates.proves("month-first", line, text)

    def _see_sign(self, written: int, text: str, line: int) -> None:
        self._seen_signs.add(written)
        if written == DOT:
            self.decimal.proves("dot", line, text)
        elif written == COMMA:
            self.decimal.proves("comma", line, text)
        elif written in (DOT_OR_GROUP, COMMA_OR_GROUP) and self.unclear_value is None:
            self.unclear_value = (line, text)

    @property
    def has_commas(self) -> bool:
        """Whether a value has a comma that may be either."""
        return COMMA_OR_GROUP in self._seen_signs

    def _see_unit(self, text: str, line: int) -> None:
        unit = WRITTEN.get(text.lower())
        if unit is None:
            units = ", ".join(sorted(set(WRITTEN.values())))
            raise ValueError(f"{self._named(self._columns.unit)} says {text[:20]!r}, which is none of {units}")
        if self.unit is None:
            self.unit, self.unit_how = unit, f"line {line} says {text}"
            self._scale = Scale(unit, self.value_column)
        elif unit != self.unit:
            raise ValueError(
                f"{self._named(self._columns.unit)} says {text[:20]!r}, but the file is read in {self.unit}"
                f" ({self.unit_how})"
            )

    def _unit(self, wishes: Wishes) -> tuple[Unit | None, str]:
        declared = self._columns.quantity.unit
        if wishes.unit is not None:
            return wishes.unit, "as given"
        if declared is not None:
            return declared, f"as the column {self.value_column} says"
        kind = wishes.kind or self.declared_kind
        if kind is not None and self._columns.unit is None:
            return OF_KIND[kind][0], f"as meters of kind {kind} count"
        return None, ""

    def _only_meter(self, wishes: Wishes) -> int:
        if self._columns.meter is not None:
            if wishes.meter is not None:
                name = self._sheet.columns[self._columns.meter]
                raise Unprocessable(f"the file names its meters itself, in the column {name}; leave meter out")
            return 0
        if wishes.meter is None:
            raise Unprocessable("the file does not name its meter; give meter, such as meter=660")
        return self.rows.meter_of(wishes.meter)
