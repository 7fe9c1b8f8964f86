"""Which rows of a meter are believed: the longest run that agrees, wherever the false ones stand."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from apps.heating.imports.agreement import Contradiction, Point, contradictions
from apps.heating.imports.units import Pace

HOUR = 3_600_000_000
PACE = Pace(100, "heat_kwh")


def points(*values: int) -> list[Point]:
    """Whole kWh an hour apart."""
    return [Point(hour * HOUR, value * 1000, hour) for hour, value in enumerate(values)]


def agree(rows: list[Point]) -> bool:
    """Whether none counts down or by more than 100 kWh an hour."""
    return all(
        0 <= second.total - first.total <= 100_000 * (second.at - first.at) // HOUR for first, second in pairwise(rows)
    )


def test_rows_that_agree_are_all_believed() -> None:
    """Nothing, one row, and rows that only count up have no contradictions."""
    assert contradictions([], [], PACE) == {}
    assert contradictions(points(7), [], PACE) == {}
    assert contradictions(points(7, 7, 107, 150), [], PACE) == {}


def test_a_false_row_names_what_follows() -> None:
    """The row that is not believed is told by the first row after it that denies it."""
    rows = points(5000, 9000, 5001, 5002, 5003)
    assert contradictions(rows, [], PACE) == {1: Contradiction(rows[2])}


def test_neither_of_two() -> None:
    """One against one is undecided; one more on a side decides when it denies the other as well."""
    assert {row: each.undecided for row, each in contradictions(points(50, 40), [], PACE).items()} == {0: True, 1: True}
    assert list(contradictions(points(50, 51, 40), [], PACE)) == [2]


def test_what_is_kept_is_believed_against_any_number() -> None:
    """Nine rows do not outweigh one kept reading."""
    kept = [Point(-HOUR, 5_000_000)]
    assert list(contradictions(points(*range(100, 109)), kept, PACE)) == list(range(9))
    assert contradictions(points(5001, 5002), kept, PACE) == {}


hours = st.lists(st.integers(0, 400), min_size=1, max_size=9)


@given(hours)
def test_what_is_believed_agrees(values: list[int]) -> None:
    """Whatever the values are, those that are believed agree with each other."""
    rows = points(*values)
    wrong = contradictions(rows, [], PACE)
    assert agree([row for row in rows if row.row not in wrong])


@given(hours)
def test_no_longer_run_is_passed_over(values: list[int]) -> None:
    """Where all is decided, no larger choice of the rows agrees; tried by all choices."""
    rows = points(*values)
    wrong = contradictions(rows, [], PACE)
    if any(each.undecided for each in wrong.values()):
        return
    longest = max(
        size for size in range(1, len(rows) + 1) if any(agree(list(each)) for each in combinations(rows, size))
    )
    assert len(rows) - len(wrong) == longest


@given(hours, st.lists(st.integers(0, 400), min_size=1, max_size=3))
def test_what_is_believed_agrees_with_what_is_kept(values: list[int], kept: list[int]) -> None:
    """No row that is believed counts down from what is kept, or up beyond it."""
    rows = points(*values)
    there = [Point((2 * place + 1) * HOUR // 2, value * 1000) for place, value in enumerate(sorted(kept))]
    wrong = contradictions(rows, there, PACE)
    merged = sorted([*there, *(row for row in rows if row.row not in wrong)])
    assert all(first.total <= second.total for first, second in pairwise(merged))


@given(st.integers(2, 30), st.integers(0, 29), st.integers(0, 10**9))
def test_one_false_row_never_costs_another(size: int, place: int, value: int) -> None:
    """A steady meter with one value of any size: at most that one and a neighbour in doubt with it are refused."""
    values = [5000 + 2 * hour for hour in range(size)]
    values[place % size] = value
    wrong = contradictions(points(*values), [], PACE)
    assert set(wrong) <= {place % size} or (len(wrong) == 2 and all(each.undecided for each in wrong.values()))
