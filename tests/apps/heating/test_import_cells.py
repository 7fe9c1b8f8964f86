"""What the cells of meter files mean: numbers in thousandths, and times as instants."""

from zoneinfo import ZoneInfo

import pytest

from apps.heating.imports.numbers import CERTAIN, COMMA, COMMA_OR_GROUP, DOT, DOT_OR_GROUP, Scale
from apps.heating.imports.times import (
    DAY_FIRST,
    EITHER,
    INSTANT,
    LOCAL,
    MONTH_FIRST,
    instants_of,
    read_time,
    shown,
    swapped,
)

KWH = Scale("kWh", "value")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5347.61445783133", 5_347_614),
        ("15775", 15_775_000),
        ("56974.8571428571", 56_974_857),
        ("0.0005", 0),  # half a thousandth: to even
        ("0.0015", 2),
        ("0.00150000000000000001", 2),
        ("0.0025", 2),
        ("0.002500000000000001", 3),  # as a float this would be 0.0025
        ("5347,6145", 5_347_614),
        ("1.234.567,5", 1_234_567_500),
        ("1,234,567.5", 1_234_567_500),
        ("1 234 567,5", 1_234_567_500),
        ("0.347", 347),  # no group begins with 0
        ("-0", 0),
    ],
)
def test_values_are_rounded_from_their_text(text: str, expected: int) -> None:
    """Values become thousandths of a kWh from the decimal text itself, halves to even, never by way of a float."""
    assert KWH.read(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "written", "with_dot", "with_comma"),
    [
        ("5347", CERTAIN, 5_347_000, 5_347_000),
        ("5347.5", DOT, 5_347_500, None),
        ("5347,5", COMMA, None, 5_347_500),
        ("5.347", DOT_OR_GROUP, 5347, 5_347_000),
        ("5,347", COMMA_OR_GROUP, 5_347_000, 5347),
        ("5347.614", DOT, 5_347_614, None),
    ],
)
def test_a_value_with_two_meanings_waits_for_the_sign(
    text: str, written: int, with_dot: int | None, with_comma: int | None
) -> None:
    """Three digits after the only sign may be decimals or a group; anything else has one meaning."""
    number, how = KWH.read(text)
    assert how == written
    assert KWH.settle(number, how, "dot") == with_dot
    assert KWH.settle(number, how, "comma") == with_comma


@pytest.mark.parametrize(
    "text", ["", "-1", "NA", "1e3", "1_000", "nan", "1,5,2", "1234567890123456", "٣", "1.2.3", "=1"]
)
def test_what_is_no_value_is_refused(text: str) -> None:
    """Anything but a number that a meter can show is refused, with column and value."""
    with pytest.raises(ValueError, match=r"^value says "):
        KWH.read(text)


def test_an_ambiguous_value_in_another_unit_is_rounded_once() -> None:
    """5.347 GJ are 1485.278 kWh (5.347 / 0.0036 = 1485.277…), 5,347 GJ are 1,485,277.778 kWh."""
    gigajoules = Scale("GJ", "value")
    number, how = gigajoules.read("5.347")
    assert (gigajoules.settle(number, how, "dot"), gigajoules.settle(number, how, "comma")) == (
        1_485_278,
        1_485_277_778,
    )


@pytest.mark.parametrize(
    ("text", "micros_shown", "written"),
    [
        ("2018-01-03T00:00:00+01:00", "2018-01-02T23:00:00Z", INSTANT),
        ("2018-01-03 00:00:00Z", "2018-01-03T00:00:00Z", INSTANT),
        ("2018-01-03", "2018-01-03T00:00:00Z", LOCAL),
        ("2018-01-03 07:05", "2018-01-03T07:05:00Z", LOCAL),
        ("3.4.2018", "2018-04-03T00:00:00Z", EITHER),
        ("03/04/2018 7:05", "2018-04-03T07:05:00Z", EITHER),
        ("4-4-2018", "2018-04-04T00:00:00Z", LOCAL),
        ("28.09.2018, 23:59:59", "2018-09-28T23:59:59Z", DAY_FIRST),
        ("9/28/2018", "2018-09-28T00:00:00Z", MONTH_FIRST),
    ],
)
def test_times(text: str, micros_shown: str, written: int) -> None:
    """An instant, or a local time as its clock shows it, with what is still open about it."""
    micros, how = read_time(text, "date")
    assert (shown(micros), how) == (micros_shown, written)


@pytest.mark.parametrize(
    "text",
    ["", "2018-13-01", "2018-02-30", "30/30/2018", "1.2.18", "3.4/2018", "20180103", "2018-W01-1", "01.01.1900", "x"],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    """A date the calendar does not have, a year of two digits and what is no date are refused, with column and text."""
    with pytest.raises(ValueError, match=r"^date says "):
        read_time(text, "date")


def test_day_and_month_change_places() -> None:
    """3 April read month first is 4 March, at the same time of the day."""
    assert shown(swapped(read_time("03/04/2018 07:05", "date")[0])) == "2018-03-04T07:05:00Z"


@pytest.mark.parametrize(
    ("local", "instants"),
    [
        ("2026-01-10 12:00", ["2026-01-10T11:00:00Z"]),
        ("2026-10-25 02:30", ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]),
        ("2026-03-29 02:30", []),
        ("2026-03-29 03:00", ["2026-03-29T01:00:00Z"]),
    ],
)
def test_the_instants_of_a_local_time(local: str, instants: list[str]) -> None:
    """One, two in the hour that autumn has twice, none in the hour that spring skips."""
    assert [shown(each) for each in instants_of(read_time(local, "date")[0], BERLIN)] == instants
