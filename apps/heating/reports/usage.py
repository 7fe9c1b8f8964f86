"""Usage by month out of the database: only the readings around the cuts are read, however many there are."""

from datetime import datetime, timedelta, tzinfo
from typing import Final

from apps.common.clock import instant_of, instant_text
from apps.common.database import Reader
from apps.common.problem import FieldError, Unprocessable
from apps.heating import accounts, store
from apps.heating.consumption import Usage, usage_of
from apps.heating.counter import Mark
from apps.heating.curve import curve_of
from apps.heating.model import Meter
from apps.heating.months import month_after, month_of, months_between, start_of, start_of_month

MONTHS_AT_MOST: Final = 600


def months_asked(first: str | None, last: str | None, default: tuple[str, str] | None) -> list[str]:
    """The months of a report: what was asked for, else what there is to report on. 422 for none or too many."""
    first = first or (default[0] if default else last)
    last = last or (default[1] if default else first)
    if first is None or last is None:
        return []
    months = months_between(first, last)
    if not 1 <= len(months) <= MONTHS_AT_MOST:
        raise Unprocessable(
            f"a report covers 1 to {MONTHS_AT_MOST} months; {first} to {last} does not",
            errors=[FieldError("to", f"not within {MONTHS_AT_MOST} months after {first}")],
        )
    return months


def months_read(meters: list[Meter], zone: tzinfo, reader: Reader) -> tuple[str, str] | None:
    """The months these meters were read in; a last reading at the very begin of a month ends the month before."""
    spans = [span for meter in meters if (span := _span(meter, reader))]
    if not spans:
        return None
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    end = max(instant_of(first), instant_of(last) - _INSTANT)
    return month_of(instant_of(first), zone), month_of(end, zone)


def usages(meter: Meter, months: list[str], zone: tzinfo, reader: Reader) -> list[Usage]:
    """What the meter used in each of these months, which follow each other."""
    if not months:
        return []
    tariffs = accounts.tariffs_of(meter.id, reader)
    days = [*(each.valid_from for each in meter.conversions), *(each.valid_from for each in tariffs)]
    cuts = [start_of_month(month, zone) for month in (*months, month_after(months[-1]))]
    cuts += [start_of(day, zone) for day in days]
    curve = curve_of(
        _marks_around(meter, cuts, reader),
        [swap for _, swap in store.swaps(meter.id, reader)],
        store.roll_overs(meter.id, reader),
        meter.full_milli,
    )
    return [usage_of(month, curve, meter, meter.conversions, tariffs, zone) for month in months]


def _marks_around(meter: Meter, cuts: list[datetime], reader: Reader) -> set[Mark]:
    """The first and the last reading, and those before, at and after each cut: the line between them is the curve."""
    found: set[Mark] = set()
    for at in (_BEFORE_ALL, *(instant_text(cut) for cut in cuts), _AFTER_ALL):
        around = (
            store.mark_before(meter.id, at, reader),
            store.mark_at(meter.id, at, reader),
            store.mark_after(meter.id, at, reader),
        )
        found.update(mark for mark in around if mark)
    return found


def _span(meter: Meter, reader: Reader) -> tuple[str, str] | None:
    first, last = store.mark_after(meter.id, _BEFORE_ALL, reader), store.mark_before(meter.id, _AFTER_ALL, reader)
    return (first.at, last.at) if first and last else None


# Instants as text sort as instants, and these around all of them.
_BEFORE_ALL, _AFTER_ALL = "0", "9"

_INSTANT = timedelta(microseconds=1)
