"""A meter's total at any instant, worked out by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.clock import instant_text
from apps.heating.counter import Mark, Swap
from apps.heating.curve import curve_of, divided


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def mark(day: int, milli: int, *, rolled_over: bool = False) -> Mark:
    return Mark(f"2026-01-{day:02d}T00:00:00.000000Z", milli, rolled_over)


def swap(day: int, old: int, new: int) -> Swap:
    return Swap(f"2026-01-{day:02d}T00:00:00.000000Z", old, new)


def test_between_two_readings_the_line_is_straight() -> None:
    """A third of the time has a third of the use; a half of a thousandth is rounded to even."""
    curve = curve_of([mark(1, 1000), mark(4, 1300)], [], [], None)
    assert [curve.total_milli(at(day)) for day in (1, 2, 3, 4)] == [1000, 1100, 1200, 1300]
    halves = curve_of([mark(1, 0), mark(3, 5)], [], [], None)
    assert halves.total_milli(at(2)) == 2  # 2.5
    assert halves.total_milli(at(1, 12)) == 1  # 1.25
    assert halves.total_milli(at(2, 12)) == 4  # 3.75


def test_it_says_where_it_was_read() -> None:
    """A total at the instant of a reading is known, any other one is interpolated."""
    curve = curve_of([mark(1, 1000), mark(4, 1300)], [], [], None)
    assert (curve.knows(at(4)), curve.knows(at(2))) == (True, False)
    assert (curve.first, curve.last) == (at(1), at(4))


def test_an_exchange_is_a_point_of_the_line() -> None:
    """The old meter's last value is a reading: until then the old meter counts, from then on the new one."""
    curve = curve_of([mark(1, 800_000), mark(5, 25_000)], [swap(3, 810_000, 5000)], [], None)
    # 800 to 810 over two days, then 5 to 25 over two days.
    assert [curve.total_milli(at(day)) - curve.total_milli(at(1)) for day in (2, 3, 4, 5)] == [
        5000,
        10_000,
        20_000,
        30_000,
    ]
    assert curve.knows(at(3))


def test_after_a_roll_over_it_counts_on() -> None:
    """Past the last digit the total goes on: 99990 to 20 of a five-digit meter is 30."""
    marks = [mark(1, 99_990_000), mark(3, 20_000, rolled_over=True), mark(4, 25_000)]
    curve = curve_of(marks, [], [marks[1].at], 100_000_000)
    assert [curve.total_milli(at(day)) - curve.total_milli(at(1)) for day in (2, 3, 4)] == [15_000, 30_000, 35_000]


@pytest.mark.parametrize(
    ("amount", "parts", "expected"),
    [(10, 4, 2), (14, 4, 4), (11, 4, 3), (-10, 4, -2), (-14, 4, -4), (0, 7, 0), (7, 7, 1)],
)
def test_halves_are_rounded_to_even(amount: int, parts: int, expected: int) -> None:
    """2.5 is 2, 3.5 is 4, and the same below zero."""
    assert divided(amount, parts) == expected


steps = st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)), min_size=1, max_size=8)


@given(steps, st.lists(st.floats(0, 1), max_size=6))
def test_the_curve_never_falls_and_its_parts_add_up(steps: list[tuple[int, int]], shares: list[float]) -> None:
    """Wherever a span is cut, no part is negative, and together they are what the meter counted."""
    marks, when, value = [Mark(instant_text(at(1)), 0)], at(1), 0
    for seconds, milli in steps:
        when, value = when + timedelta(seconds=seconds), value + milli
        marks.append(Mark(instant_text(when), value))
    curve = curve_of(marks, [], [], None)
    cuts = [curve.first, *sorted(curve.first + (curve.last - curve.first) * share for share in shares), curve.last]
    totals = [curve.total_milli(cut) for cut in cuts]
    assert totals == sorted(totals)
    assert totals[-1] - totals[0] == value
