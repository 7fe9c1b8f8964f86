"""Imports: a CSV file taken row by row; a wrong row is refused alone, a known row is recognised.

A domain says which headers it knows and what a row means, and gets the rest from here:

    BANK = Format("bank", required=("date", "payee", "amount"), optional=("note",), read=expense_of_bank_row,
                  identity=lambda row: (row.day, row.payee, row.amount_minor))

    @router.post("/imports")
    async def import_expenses(request: Request, dry_run: bool = False) -> Response:
        sheet = await read_sheet(request, [BANK])
        result = await database.write("expenses", lambda tx: take_rows(tx, sheet, take_expense, dry_run=dry_run))
        return json_response(result.model_dump_json().encode())

`take_expense(tx, row, import_key) -> bool` stores one row and says False when its import_key is there already; it
raises Problem or ValueError to refuse it.
"""

import asyncio
import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request

from apps.common.database import Transaction
from apps.common.problem import BadRequest, Problem, Unprocessable, UnsupportedMediaType

T = TypeVar("T")

CSV_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
}
"""What the OpenAPI document says of the body of an import: `openapi_extra=CSV_BODY`."""


class RowResult(BaseModel):
    """What became of one row; `row` is its line in the file, the header being line 1."""

    model_config = ConfigDict(frozen=True)

    row: int
    result: Literal["taken", "known", "refused"]
    reason: str | None = None


class ImportResult(BaseModel):
    """What became of a file."""

    model_config = ConfigDict(frozen=True)

    taken: int
    known: int
    refused: int
    rows: list[RowResult]


@dataclass(frozen=True)
class Format(Generic[T]):
    """One kind of file: its headers, what a row means, and what makes two rows the same.

    `read` gets the cells by header (lower case), stripped, an empty text for an optional column that is missing; it
    raises ValueError to refuse the row. `identity` are the parts that make a row the same row in any file; keep it
    unchanged for good, as the stored import keys come from it.
    """

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    read: Callable[[Mapping[str, str]], T]
    identity: Callable[[T], Sequence[str | int | None]]


@dataclass(frozen=True)
class Row(Generic[T]):
    """One row of a file: its meaning and its key, or why it has none."""

    line: int
    meaning: T | None
    import_key: str
    refusal: str | None = None


@dataclass(frozen=True)
class Sheet(Generic[T]):
    """A file that was read: its format and its rows."""

    format: str
    rows: tuple[Row[T], ...]


async def read_sheet(request: Request, formats: Sequence[Format[T]]) -> Sheet[T]:
    """The CSV body of a request, read in another thread: 10 MiB take a second. 415, 400 and 422 as `parse`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "text/csv":
        raise UnsupportedMediaType(f"an import takes text/csv, not {kind or 'a body without Content-Type'}")
    return await asyncio.to_thread(parse, await request.body(), formats)


def parse(body: bytes, formats: Sequence[Format[T]]) -> Sheet[T]:
    """Read a file in the first format whose required headers it has; comma, semicolon or tab between the cells.

    400 when it is not UTF-8 text; 422 when it is empty, has headers of no format, or is no CSV.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(f"the file is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    lines = _lines(text)
    try:
        _, header = next(lines, (1, []))
        names = [name.strip().lower() for name in header]
        chosen = _format_of(names, formats)
        return Sheet(chosen.name, tuple(_rows(lines, names, chosen)))
    except csv.Error as error:
        raise Unprocessable(f"the file is not valid CSV: {error}") from error


def take_rows(
    tx: Transaction, sheet: Sheet[T], take: Callable[[Transaction, T, str], bool], *, dry_run: bool = False
) -> ImportResult:
    """Offer each row to `take`, in one transaction; with `dry_run` all of it is undone again, the result stays."""
    results: list[RowResult] = []
    with suppress(_DryRun), tx.attempt():
        results.extend(_taken(tx, row, take) for row in sheet.rows)
        if dry_run:
            raise _DryRun
    count = Counter(each.result for each in results)
    return ImportResult(taken=count["taken"], known=count["known"], refused=count["refused"], rows=results)


class _DryRun(Exception):  # noqa: N818 -- a sentence reads better than a suffix
    """Undoes what a dry run wrote."""


def _taken(tx: Transaction, row: Row[T], take: Callable[[Transaction, T, str], bool]) -> RowResult:
    if row.meaning is None:
        return RowResult(row=row.line, result="refused", reason=row.refusal)
    try:
        with tx.attempt():
            new = take(tx, row.meaning, row.import_key)
    except (Problem, ValueError) as error:
        return RowResult(row=row.line, result="refused", reason=reason_of(error))
    return RowResult(row=row.line, result="taken" if new else "known")


def reason_of(error: Problem | ValueError) -> str:
    """Why a row is refused, as one sentence."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        return f"{place}: {message}" if place else message
    return error.detail if isinstance(error, Problem) else str(error)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the line it begins at."""
    first_line = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _format_of(names: Sequence[str], formats: Sequence[Format[T]]) -> Format[T]:
    for each in formats:
        known = {*each.required, *each.optional}
        if set(each.required) <= set(names) <= known and len(set(names)) == len(names):
            return each
    wanted = "; or ".join(
        ", ".join(each.required) + (f" (optional: {', '.join(each.optional)})" if each.optional else "")
        for each in formats
    )
    found = ", ".join(names)[:200] or "nothing"
    raise Unprocessable(f"the first line must name the columns: {wanted}. Found: {found}")


def _rows(lines: Iterator[tuple[int, list[str]]], names: Sequence[str], chosen: Format[T]) -> Iterator[Row[T]]:
    seen: Counter[str] = Counter()
    missing = dict.fromkeys(chosen.optional, "")
    for line, cells in lines:
        if len(cells) != len(names):
            yield Row(line, None, "", f"has {len(cells)} cells, but the header names {len(names)} columns")
            continue
        try:
            meaning = chosen.read(missing | {name: cell.strip() for name, cell in zip(names, cells, strict=True)})
        except (Problem, ValueError) as error:
            yield Row(line, None, "", reason_of(error))
            continue
        identity = json.dumps(list(chosen.identity(meaning)), ensure_ascii=False, separators=(",", ":"))
        # Two identical rows in one file are two real things; the same file again has the same two.
        seen[identity] += 1
        yield Row(line, meaning, import_key(identity, seen[identity]))


def import_key(identity: Any, occurrence: int) -> str:
    """The key of the n-th row (from 1) with this identity within a file."""
    return hashlib.sha256(f"{identity}#{occurrence}".encode()).hexdigest()
