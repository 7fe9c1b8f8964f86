"""Sheets: a CSV file as records with the lines they begin at, read lazily and as often as wanted.

A file is never held as rows: 10 MiB of short ones would be hundreds of MiB. It is read twice instead, once to decide
what holds for the whole file and once to take its rows.

A quote that is opened and never closed would make one record of all the rest. So a record that is no CSV, or that
spans several lines and has the wrong number of cells, costs its first line only: reading goes on at the next one.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from apps.common.problem import BadRequest, TooLarge, Unprocessable

ROWS_MAX = 200_000
"""How many lines a file may have; a smart meter's hours of twenty years."""

LINE_MAX = 128 * 1024
"""How many characters a line may have: ten million commas are ten million cells."""

HEADER_WITHIN = 30
"""A header is looked for in so many records: banks put the account and the period above it."""

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS = ",;\t"


class Record(NamedTuple):
    """One record: the line it begins at (the file's first is 1), and its cells, stripped, or why it has none."""

    line: int
    cells: tuple[str, ...]
    broken: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A file whose header was found. `columns` are lower case, as the header has them."""

    text: "SheetText"
    separator: str
    header_line: int
    columns: tuple[str, ...]

    def records(self) -> Iterator[Record]:
        """All records below the header that are not blank; one that has another number of cells is broken."""
        return self.text.records(self.separator, len(self.columns), after=self.header_line)


@dataclass(frozen=True)
class SheetText:
    """The bytes of a file and how they are read."""

    body: bytes = field(repr=False)
    encoding: str
    endless: bool
    """Whether some line may be longer than LINE_MAX."""

    def records(self, separator: str, width: int | None, *, after: int = 0) -> Iterator[Record]:
        """The records that begin after line `after`; `width` is how many cells one must have, None for any number."""
        line = after
        if not self.endless:
            # Nearly every file is read to its end here, where no line passes through Python by itself.
            lines = self.lines()
            for _ in islice(lines, after):
                pass
            reader = csv.reader(lines, delimiter=separator, strict=True)
            with suppress(csv.Error):
                for cells in reader:
                    begins, ends = line + 1, after + reader.line_num
                    if len(cells) != width and width is not None and ends != begins:
                        break
                    line = ends
                    stripped = tuple([cell.strip() for cell in cells])
                    if any(stripped):
                        yield _record(begins, stripped, width)
                else:
                    return
        yield from self._carefully(separator, width, line)

    def lines(self) -> Iterator[str]:
        """The lines with their ends; newline="" because a cell may hold any line break."""
        return iter(io.TextIOWrapper(io.BytesIO(self.body), encoding=self.encoding, newline=""))

    def _carefully(self, separator: str, width: int | None, after: int) -> Iterator[Record]:
        """The same, but the first line of a record that is none is left out, and all lines below it are read again."""
        lines = _Lines(self.lines())
        lines.skip(after)
        reader = csv.reader(lines, delimiter=separator, strict=True)
        while True:
            line = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                broken = _in_words(str(error))
            else:
                if width is None or len(cells) == width or lines.number == line:
                    stripped = tuple([cell.strip() for cell in cells])
                    lines.settle()
                    if any(stripped):
                        yield _record(line, stripped, width)
                    continue
                broken = f"is not valid CSV: a quote opened here is closed only on line {lines.number}"
            lines.back_to(line)
            reader = csv.reader(lines, delimiter=separator, strict=True)
            yield Record(line, (), broken)


def read_text(body: bytes, encoding: str | None = None) -> SheetText:
    """Check a file's encoding and length. 400 when it is not text in that encoding, 413 when it has too many lines."""
    chosen = _codec_of(body, encoding)
    if not body.strip():
        raise Unprocessable("the file is empty")
    if body.count(b"\n") > ROWS_MAX or body.count(b"\r") > ROWS_MAX:
        raise TooLarge(f"the file has more than {ROWS_MAX} lines; split it: rows imported twice change nothing")
    decoder = codecs.getincrementaldecoder(chosen)()
    try:
        for start in range(0, len(body), _CHUNK):
            decoder.decode(body[start : start + _CHUNK], final=start + _CHUNK >= len(body))
    except UnicodeDecodeError as error:
        line = body[: start + error.start].count(b"\n") + 1
        raise BadRequest(
            f"the file is not {chosen.upper()} text (line {line}); save it as UTF-8, or name its encoding:"
            " encoding=windows-1252 is what many banks use"
        ) from error
    return SheetText(body, chosen, max(map(len, io.BytesIO(body))) > LINE_MAX)


def _codec_of(body: bytes, encoding: str | None) -> str:
    """The codec of a file: what its first bytes mark, else what is given, else UTF-8."""
    marked = next((name for mark, name in _BOMS if body.startswith(mark)), None)
    if marked is not None and (encoding is None or marked.startswith(encoding)):
        return marked
    if encoding == "utf-16":
        return "utf-16-le" if body[1:2] == b"\0" else "utf-16-be"
    return encoding or "utf-8"


def find_header(text: SheetText, is_header: Callable[[Sequence[str]], bool]) -> Sheet | None:
    """The sheet below the first line that `is_header` accepts, among comma, semicolon and tab between its cells."""
    for separator in _SEPARATORS:
        for count, record in enumerate(text.records(separator, None)):
            columns = tuple(cell.lower() for cell in record.cells)
            if record.broken is None and is_header(columns):
                return Sheet(text, separator, record.line, columns)
            if count >= HEADER_WITHIN:
                break
    return None


def first_record(text: SheetText) -> Record:
    """The first record, its cells divided by whatever of comma, semicolon and tab is there most often."""
    first_line = next(text.lines(), "")
    separator = max(_SEPARATORS, key=first_line.count)
    return next(text.records(separator, None), Record(1, ()))


_CHUNK = 64 * 1024
_TOO_LONG = "line too long"


class _Lines:
    """The lines of a file, of which the last ones can be read again."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._again: list[str] = []
        self._since: list[str] = []
        self.number = 0
        """How many lines were read."""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._source)
        self._since.append(line)
        self.number += 1
        if len(line) > LINE_MAX:
            raise csv.Error(_TOO_LONG)
        return line

    def skip(self, count: int) -> None:
        """Leave out the next lines, whatever they hold."""
        for _ in islice(self._source, count):
            self.number += 1

    def settle(self) -> None:
        """What was read so far need not be read again."""
        self._since.clear()

    def back_to(self, line: int) -> None:
        """Go on after this line, which was read since the last `settle`."""
        more = self.number - line
        if more > 0:
            self._again.extend(reversed(self._since[-more:]))
            self.number = line
        self._since.clear()


def _record(line: int, cells: tuple[str, ...], width: int | None) -> Record:
    """The record of a line, without the empty cells beyond the header that some spreadsheets add."""
    if len(cells) == width or width is None:
        return Record(line, cells)
    if len(cells) > width and not any(cells[width:]):
        return Record(line, cells[:width])
    return Record(line, (), f"has {len(cells)} cells, but the header names {width} columns")


def _in_words(error: str) -> str:
    if "expected after" in error:
        return "is not valid CSV: a quote inside a quoted cell must be written twice"
    if "unexpected end of data" in error:
        return "is not valid CSV: a quote opened here is never closed"
    if error == _TOO_LONG:
        return f"is longer than {LINE_MAX // 1024} KiB"
    if "field larger" in error:
        return "is not valid CSV: a quote opened here is not closed within 128 KiB"
    return f"is not valid CSV: {error}"
