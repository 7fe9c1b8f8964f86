"""Sheets: CSV files as records."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.imports.sheet import ROWS_MAX, Record, Sheet, find_header, read_text
from apps.common.problem import BadRequest, Problem, TooLarge, Unprocessable


def sheet_of(body: bytes, encoding: str | None = None) -> Sheet:
    """The sheet below the header payee, euros (and a note)."""
    found = find_header(read_text(body, encoding), lambda columns: set(columns) >= {"payee", "euros"})
    assert found is not None
    return found


def cells(body: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """Line and cells of each record."""
    return [(record.line, record.cells) for record in sheet_of(body).records()]


def test_records_are_named_by_the_line_they_begin_at() -> None:
    """Blank lines and line breaks inside of cells are counted."""
    file = b'payee,euros\nbakery,3\n\n"two\nlines",4\ncinema,12\n'
    assert cells(file) == [(2, ("bakery", "3")), (4, ("two\nlines", "4")), (6, ("cinema", "12"))]


@pytest.mark.parametrize(
    "file",
    [
        b"payee,euros\nbakery,3\n",
        b"\xef\xbb\xbfEuros;Payee\r\n 3 ; bakery \r\n",
        b'"payee"\t"euros"\n"bakery"\t"3"',
        "payee,euros\nbakery,3\n".encode("utf-16"),
        b"payee,euros\rbakery,3\r",
        b"payee,euros\nbakery,3,,\n",
    ],
    ids=["plain", "semicolons-with-bom", "tabs-and-quotes", "utf-16", "old-mac", "empty-cells-at-the-end"],
)
def test_a_file_is_read_however_it_was_saved(file: bytes) -> None:
    """Separator, quotes, line ends, byte order mark, order of columns, spaces and spare cells may differ."""
    sheet = sheet_of(file)
    [record] = sheet.records()
    assert dict(zip(sheet.columns, record.cells, strict=True)) == {"payee": "bakery", "euros": "3"}


def test_a_header_may_stand_below_other_lines() -> None:
    """Banks write account and period above the header; what stands above is not read as rows."""
    long = b"x" * 200_000
    sheet = sheet_of(b"Account;DE00\nPeriod;July\n" + long + b"\nPayee;Euros\nbakery;3\n")
    assert (sheet.header_line, [record.line for record in sheet.records()]) == (4, [5])


def test_a_sheet_can_be_read_again() -> None:
    """Each reading begins at the first row."""
    sheet = sheet_of(b"payee,euros\nbakery,3\ncinema,12\n")
    assert list(sheet.records()) == list(sheet.records())


def test_one_bad_quote_costs_one_row() -> None:
    """The line with the bad quote is refused by its number; rows before and after it are read."""
    file = b'payee,euros\nbakery,3\n"5"" pipe" x,12\ncinema,12\n'
    assert list(sheet_of(file).records()) == [
        Record(2, ("bakery", "3")),
        Record(3, (), "is not valid CSV: a quote inside a quoted cell must be written twice"),
        Record(4, ("cinema", "12")),
    ]


@pytest.mark.parametrize("after", [1, 3, 20_000])
def test_a_quote_that_is_never_closed_costs_one_row(after: int) -> None:
    """However many rows follow, they are all read: the open quote does not swallow them."""
    file = b'payee,euros\nbakery,3\n"open,12\n' + b"cinema,12\n" * after
    records = list(sheet_of(file).records())
    assert [record.line for record in records] == list(range(2, after + 4))
    assert [record.line for record in records if record.broken] == [3]


def test_a_quote_closed_by_a_later_one_costs_one_row() -> None:
    """An open quote that ends at some quote below would be one record of many lines with too few cells."""
    file = b'payee,euros,note\nbakery,3,"open\ncinema,12,x\n"bank",4,y\nmarket,5,z\n'
    records = list(sheet_of(file).records())
    assert [(record.line, record.broken is None) for record in records] == [(2, False), (3, True), (4, True), (5, True)]


def test_a_row_with_other_cells_says_how_many() -> None:
    """Too few or too many cells are a reason to refuse the row."""
    file = b"payee,euros\nbakery\nbakery,3,4\ncinema,12\n"
    assert [record.broken for record in sheet_of(file).records()] == [
        "has 1 cells, but the header names 2 columns",
        "has 3 cells, but the header names 2 columns",
        None,
    ]


def test_an_endless_line_costs_one_row() -> None:
    """A line of over 128 KiB is refused before it becomes a hundred thousand cells; the next one is read."""
    file = b"payee,euros\nbakery,3\n" + b"," * 200_000 + b"\ncinema,12\n"
    assert [(record.line, record.broken) for record in sheet_of(file).records()] == [
        (2, None),
        (3, "is longer than 128 KiB"),
        (4, None),
    ]


@pytest.mark.parametrize(
    ("file", "problem", "words"),
    [
        (b"payee,euros\nbakery,3\nc\xe4fe,4\n", BadRequest, "line 3"),
        (b"", Unprocessable, "the file is empty"),
        (b" \n\n", Unprocessable, "the file is empty"),
        (b"payee,euros\n" + b"\n" * (ROWS_MAX + 1), TooLarge, "more than 200000 lines"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_or_why(file: bytes, problem: type[Problem], words: str) -> None:
    """Another encoding, nothing at all, or too many lines: the whole file is refused."""
    with pytest.raises(problem, match=words):
        read_text(file)


def test_an_encoding_can_be_named() -> None:
    """Banks write windows-1252; with its name the letters are what they were."""
    [record] = sheet_of("payee,euros\nCafé Größe,4\n".encode("windows-1252"), "windows-1252").records()
    assert record.cells == ("Café Größe", "4")


@given(st.text('ab,;"\n\r\t é', max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever a file holds, each line is read once and in order, and nothing but a problem is raised."""
    with suppress(BadRequest, Unprocessable):
        lines = [record.line for record in sheet_of(f"payee,euros\n{text}".encode()).records()]
        assert lines == sorted(set(lines))
