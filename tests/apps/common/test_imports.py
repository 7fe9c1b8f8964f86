"""Imports: CSV files row by row."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.imports.old import Format, parse
from apps.common.problem import BadRequest, Problem, Unprocessable

Purchase = tuple[str, int]


def purchase(cells: Mapping[str, str]) -> Purchase:
    """A payee and whole euros."""
    return cells["payee"], int(cells["euros"])


BANK = Format("bank", ("payee", "euros"), ("note",), purchase, lambda row: row)
SHOP = Format("shop", ("shop",), (), lambda cells: (cells["shop"], 0), lambda row: row)


def test_two_identical_purchases_are_two() -> None:
    """Equal rows of one file get different keys, and the same keys again when the same file comes again."""
    file = b"payee,euros\nbakery,3\ncinema,12\nbakery,3\n"
    first, second = parse(file, [BANK]), parse(file, [BANK])
    keys = [row.import_key for row in first.rows]
    assert len(set(keys)) == 3
    assert keys == [row.import_key for row in second.rows]
    assert keys[0] == hashlib.sha256(b'["bakery",3]#1').hexdigest()
    assert keys[2] == hashlib.sha256(b'["bakery",3]#2').hexdigest()


def test_the_key_does_not_depend_on_how_the_file_is_written() -> None:
    """Order of columns, separator, spaces, quotes and line ends may differ: the same purchase has the same key."""
    files = [
        b"payee,euros\nbakery,3\n",
        b"\xef\xbb\xbfEuros;Payee\r\n 3 ; bakery \r\n",
        b'"payee"\t"note"\t"euros"\n"bakery"\t"rolls"\t"3"',
        b"payee,euros,note\n\nbakery,03,\n",
    ]
    assert len({parse(file, [BANK]).rows[0].import_key for file in files}) == 1


def test_rows_are_numbered_by_their_lines() -> None:
    """A row is named by the line it begins at, also after blank lines and cells with line breaks."""
    file = b'payee,euros\nbakery,3\n\n"two\nlines",4\ncinema,12\n'
    assert [(row.line, row.meaning) for row in parse(file, [BANK]).rows] == [
        (2, ("bakery", 3)),
        (4, ("two\nlines", 4)),
        (6, ("cinema", 12)),
    ]


def test_a_bad_row_says_why() -> None:
    """A row with the wrong number of cells or a value that cannot be read is refused alone."""
    rows = parse(b"payee,euros\nbakery\nbakery,three\nbakery,3,4\ncinema,12\n", [BANK]).rows
    assert [row.refusal for row in rows] == [
        "has 1 cells, but the header names 2 columns",
        "invalid literal for int() with base 10: 'three'",
        "has 3 cells, but the header names 2 columns",
        None,
    ]


def test_the_format_is_found_by_its_headers() -> None:
    """The first format whose columns are there is taken."""
    assert parse(b"shop\nbakery\n", [BANK, SHOP]).format == "shop"
    assert parse(b"note,payee,euros\n", [BANK, SHOP]).format == "bank"


@pytest.mark.parametrize("file", [b"", b"\n\n", b"payee\nbakery\n", b"payee,euros,colour\n", b"payee,payee,euros\n"])
def test_unknown_headers_are_answered_with_the_known_ones(file: bytes) -> None:
    """A file that is empty or has other columns is refused with the columns that would do."""
    with pytest.raises(Unprocessable) as refused:
        parse(file, [BANK, SHOP])
    assert "the first line must name the columns: payee, euros (optional: note); or shop." in refused.value.detail


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (b"payee,euros\n\xff,3\n", BadRequest),
        (b'payee,euros\n"bakery,3\n', Unprocessable),
        (b'payee,euros\n"bak"ery,3\n', Unprocessable),
        (b"payee,euros\n" + b"x" * 200_000 + b",3\n", Unprocessable),
    ],
)
def test_a_file_that_is_no_csv_is_refused_whole(file: bytes, problem: type[Problem]) -> None:
    """No UTF-8, quotes that never end, or a cell without end: nothing of the file is taken."""
    with pytest.raises(problem):
        parse(file, [BANK])


@given(st.binary(max_size=300))
def test_no_file_breaks_it(file: bytes) -> None:
    """Whatever bytes are sent, the answer is rows or a problem, never an error of ours."""
    for body in (file, b"payee,euros\n" + file):
        with suppress(BadRequest, Unprocessable):
            parse(body, [BANK])
