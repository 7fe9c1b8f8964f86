"""Counting and summing rows: what makes a copy equal to its source."""

import hashlib
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bridge.sums import TableSum, differences, table_sum, table_sums, tables

Value = int | str | bytes | float | None

VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.binary(max_size=8),
)


def table_of(rows: list[tuple[Value, ...]]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE t (a, b)")
    connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
    return connection


def sum_of(rows: list[tuple[Value, ...]]) -> TableSum:
    connection = table_of(rows)
    try:
        return table_sum(connection, "t")
    finally:
        connection.close()


def test_a_checksum_can_be_worked_out_by_hand() -> None:
    """A checksum is the beginning of the SHA-256 over the rows, text and blobs spelled as their bytes."""
    by_hand = b"(1, bytearray(b'\\xc3\\xa9')), (None, b'\\x00'), "
    assert sum_of([(1, "é"), (None, b"\0")]) == TableSum(2, hashlib.sha256(by_hand).hexdigest()[:32])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, "1"),
        ("1", b"1"),
        ("", None),
        ("", b""),
        ("a\0b", "a\0c"),
        ("é", "e\u0301"),
        (0.1, 0.1 + 2**-55),
        ("', '", '", "'),
    ],
)
def test_values_that_look_alike_differ(one: Value, other: Value) -> None:
    """Values that print alike have different checksums: a number and its text, empty and nothing."""
    assert sum_of([(one, 0)]) != sum_of([(other, 0)])


def test_neighbours_do_not_run_together() -> None:
    """What moves from one column to the next is noticed."""
    assert sum_of([("ab", "c")]) != sum_of([("a", "bc")])


def test_invalid_text_can_be_summed() -> None:
    """Text that is not valid UTF-8 is compared like any other instead of ending the backup."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE t (a TEXT)")
    connection.execute("INSERT INTO t VALUES (CAST(x'ff' AS TEXT))")
    first = table_sum(connection, "t")
    connection.execute("UPDATE t SET a = CAST(x'fe' AS TEXT)")
    assert first != table_sum(connection, "t")
    connection.close()


def test_more_rows_than_one_batch_are_summed_like_one() -> None:
    """However many rows are read at once, the checksum is the same."""
    by_hand = hashlib.sha256("".join(f"({n}, None), " for n in range(1000)).encode()).hexdigest()[:32]
    assert sum_of([(n, None) for n in range(1000)]) == TableSum(1000, by_hand)


def test_an_index_does_not_change_the_order() -> None:
    """A source and a copy with other statistics or indexes in the way of the rows still have the same checksum."""
    connection = table_of([(2, "x"), (1, "y")])
    before = table_sum(connection, "t")
    connection.execute("CREATE INDEX covering ON t (a, b)")
    connection.execute("ANALYZE")
    assert table_sum(connection, "t") == before
    connection.close()


def test_sqlites_own_tables_are_left_out() -> None:
    """Statistics and sequences of SQLite itself are no data."""
    connection = table_of([(1, 1)])
    connection.executescript("CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE INDEX i ON t (a); ANALYZE")
    assert tables(connection) == ["t", "u"]
    connection.close()


@given(rows=st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=20), data=st.data())
def test_one_changed_value_is_always_noticed(rows: list[tuple[Value, ...]], data: st.DataObject) -> None:
    """Whatever a table holds, changing any one value of any one row makes verification fail and name the table."""
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, 1))
    old = rows[row][column]
    new = data.draw(VALUES.filter(lambda value: (type(value), repr(value)) != (type(old), repr(old))))
    changed = list(rows)
    changed[row] = (new, rows[row][1]) if column == 0 else (rows[row][0], new)
    clauses = differences({"t": sum_of(rows)}, {"t": sum_of(changed)})
    assert clauses == [f"t has {len(rows)} rows as expected, but not the same values"]


@given(rows=st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=20), data=st.data())
def test_a_lost_or_doubled_row_is_always_noticed(rows: list[tuple[Value, ...]], data: st.DataObject) -> None:
    """A row that is missing or there twice makes verification fail, with both numbers in the sentence."""
    row = data.draw(st.integers(0, len(rows) - 1))
    n = len(rows)
    lost, doubled = rows[:row] + rows[row + 1 :], rows[: row + 1] + rows[row:]
    assert differences({"t": sum_of(rows)}, {"t": sum_of(lost)}) == [f"t has {n - 1} rows instead of {n}"]
    assert differences({"t": sum_of(rows)}, {"t": sum_of(doubled)}) == [f"t has {n + 1} rows instead of {n}"]


@given(rows=st.lists(st.tuples(VALUES, VALUES), max_size=20))
def test_a_copy_is_equal(rows: list[tuple[Value, ...]]) -> None:
    """The same rows always have the same checksum, so that a good copy is never refused."""
    connection = table_of(rows)
    connection.execute("CREATE TABLE copy (a, b)")
    connection.execute("INSERT INTO copy SELECT * FROM t")
    sums = table_sums(connection, ["t", "copy"])
    connection.close()
    assert sums["t"] == sums["copy"]


def test_missing_and_unexpected_tables_are_named() -> None:
    """A table that is only on one side is a difference of its own."""
    some = TableSum(1, "00")
    assert differences({"a": some}, {"b": some}) == ["a is missing", "b is not expected"]
