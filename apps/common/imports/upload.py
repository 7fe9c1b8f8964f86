"""Uploads: one request that brings a file, from its bytes to the report.

The file is surveyed whole, then taken in parts of some hundred rows, a transaction each, until all is done or time is
up: the gateway in front gives up after 30 s, and whoever waits must not hear "failed" of what is stored. An answer that
is not complete is continued by sending the same file again with `import_id`. It stops when the caller has gone.

One upload at a time in a process: each holds its file in memory.
"""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Generic, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from apps.common.body import ClientGone
from apps.common.database import Database, Transaction
from apps.common.http import json_response
from apps.common.imports import runs
from apps.common.imports.decisions import Decision
from apps.common.imports.intake import Intake, Keys, Outcome, Row, Run, Skip, reason_of
from apps.common.imports.report import REFUSALS_SHOWN, ImportReport, Refusal
from apps.common.imports.sheet import Record
from apps.common.problem import Conflict, NotFound, Problem, Unavailable, UnsupportedMediaType

T = TypeVar("T")

ROWS_AT_ONCE: Final = 500
"""How many rows are one transaction: other requests wait while it runs, some ten milliseconds."""

BUDGET_S: Final = 15.0
AFTER_SURVEY_S: Final = 8.0
"""How long an upload works before it answers, and how long at least on rows: in all well below the gateway's 30 s."""

REASONS_SHOWN: Final = 5


class Source(Protocol):
    """Where records come from, as often as wanted: a Sheet, or a document that is read as records."""

    def records(self) -> Iterator[Record]: ...


@dataclass(frozen=True)
class Options:
    """What the caller wants."""

    dry_run: bool = False
    again: bool = False
    file_name: str = ""
    import_id: str | None = None


class Uploads:
    """The uploads of one domain in one process."""

    def __init__(self, database: Database, domain: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._domain = domain
        self._monotonic = monotonic
        self._busy = asyncio.Lock()

    async def receive(
        self, request: Request, open_file: Callable[[bytes], tuple[Source, Intake[T]]], options: Options
    ) -> Response:
        """Import the body of a request. `open_file` runs in another thread, as everything that takes long.

        415 without text/csv, 503 while another upload runs, and whatever problem the file as a whole has.
        """
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "text/csv":
            raise UnsupportedMediaType(f"an import takes text/csv, not {kind or 'a body without Content-Type'}")
        if self._busy.locked():
            raise Unavailable("another import is under way; one at a time", retry_after_s=2)
        async with self._busy:
            return json_response((await self._receive(request, open_file, options)).model_dump_json().encode())

    async def _receive(
        self, request: Request, open_file: Callable[[bytes], tuple[Source, Intake[T]]], options: Options
    ) -> ImportReport:
        deadline = self._monotonic() + BUDGET_S
        body = await request.body()
        sha256 = hashlib.sha256(body).hexdigest()
        source, intake = await asyncio.to_thread(open_file, body)
        count = await asyncio.to_thread(_survey, source, intake)
        decisions = tuple(await self._database.read(intake.decide))
        done = await self._rows_done(options.import_id, sha256)
        await self._refuse_other_reading(sha256, decisions, options.import_id)
        upload = _Upload(intake, decisions, options, sha256, done)
        parts = _parts(source, intake, done)
        deadline = max(deadline, self._monotonic() + AFTER_SURVEY_S)
        complete = True
        while part := await asyncio.to_thread(next, parts, None):
            upload.judge(part)
            if part.rows:
                await self._database.write(self._domain, partial(upload.take, part=part))
            if await request.is_disconnected():
                raise ClientGone
            if self._monotonic() > deadline and upload.looked_at < count:
                complete = False
                break
        if upload.needs_run(complete=complete):
            await self._database.write(self._domain, upload.settle)
        return upload.report(count, complete=complete)

    async def _refuse_other_reading(self, sha256: str, decisions: Sequence[Decision], import_id: str | None) -> None:
        """409 when the same file was taken before and read otherwise: all of its rows would be there twice."""
        now = {each.name: each.value for each in decisions}
        given = {each.name: each.value for each in decisions if each.how == "given"}
        earlier = partial(runs.runs_of_file, domain=self._domain, sha256=sha256, also=import_id)
        for run in await self._database.read(earlier):
            before = {each.name for each in run.decisions}
            if given.keys() - before:
                name = min(given.keys() - before)
                raise Conflict(
                    f"import {run.id} has taken this file without {name}={given[name]}; undo that import first"
                )
            for each in run.decisions:
                if now.get(each.name, each.value) != each.value:
                    raise Conflict(
                        f"import {run.id} has taken this file with {each.name}={each.value}, not {now[each.name]};"
                        f" give {each.name}={each.value} as then, or undo that import first"
                    )

    async def _rows_done(self, import_id: str | None, sha256: str) -> int:
        """How many rows of the file an import has looked at; 404 and 409 when it is not an import of this file."""
        if import_id is None:
            return 0
        run = await self._database.read(lambda reader: runs.find_run(reader, self._domain, import_id))
        if run is None:
            raise NotFound(f"there is no import {import_id}")
        of_file = await self._database.read(lambda reader: runs.sha256_of_run(reader, self._domain, import_id))
        if of_file is None:
            raise Conflict(f"import {import_id} was undone; import the file without import_id")
        if of_file != sha256:
            raise Conflict(f"import {import_id} is one of another file; import this one without import_id")
        return run.rows


@dataclass
class _Part(Generic[T]):
    """Some records of a file: the rows to take, and what is known of the others."""

    rows: list[Row[T]] = field(default_factory=list)
    others: list[tuple[int, Outcome]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows) + len(self.others)

    def __bool__(self) -> bool:
        return len(self) > 0


class _Upload(Generic[T]):
    """The state of one upload between its parts."""

    def __init__(
        self, intake: Intake[T], decisions: Sequence[Decision], options: Options, sha256: str, done: int
    ) -> None:
        self._intake = intake
        self._decisions = decisions
        self._options = options
        self._sha256 = sha256
        self._run_id = options.import_id
        self._counts: Counter[str] = Counter()
        self._uncounted: Counter[str] = Counter()
        self._refusals: list[Refusal] = []
        self._skips: Counter[str] = Counter()
        self.looked_at = done

    def judge(self, part: _Part[T]) -> None:
        """Count what needs no transaction."""
        self._count(part.others)

    def take(self, tx: Transaction, part: _Part[T]) -> None:
        """Write the rows of a part. Runs on the database's thread, and counts only what is not undone."""
        if self._options.dry_run:
            outcomes: Sequence[Outcome] = ()
            with suppress(_DryRun), tx.attempt():
                outcomes = self._intake.take(part.rows, tx, Run(tx.new_id(), self._options.again))
                raise _DryRun
        else:
            run_id = self._run_id or tx.new_id()
            outcomes = self._intake.take(part.rows, tx, Run(run_id, self._options.again))
        self._count([(row.line, outcome) for row, outcome in zip(part.rows, outcomes, strict=True)])
        if not self._options.dry_run and (self._run_id or self._counts["taken"] or self._counts["changed"]):
            self._keep(tx, run_id)

    def needs_run(self, *, complete: bool) -> bool:
        """Whether there is something left to keep of the import itself."""
        if self._options.dry_run or not self._uncounted:
            return False
        return self._run_id is not None or not complete

    def settle(self, tx: Transaction) -> None:
        """Keep what was counted since the last part that was written."""
        self._keep(tx, self._run_id or tx.new_id())

    def report(self, of_rows: int, *, complete: bool) -> ImportReport:
        """What became of the file so far. A continued import's counts are those of this request."""
        skips = [
            f"{count} {'row' if count == 1 else 'rows'} skipped: {reason}."
            for reason, count in self._skips.most_common(REASONS_SHOWN)
        ]
        return ImportReport(
            import_id=None if self._options.dry_run else self._run_id,
            format=self._intake.format,
            complete=complete,
            rows=self.looked_at,
            of_rows=of_rows,
            taken=self._counts["taken"],
            known=self._counts["known"],
            changed=self._counts["changed"],
            skipped=self._counts["skipped"],
            refused=self._counts["refused"],
            refusals=tuple(sorted(self._refusals, key=lambda each: each.line)),
            decisions=tuple(self._decisions),
            notes=(*skips, *self._intake.notes()),
        )

    def _keep(self, tx: Transaction, run_id: str) -> None:
        if self._run_id is None:
            runs.start_run(
                tx,
                run_id,
                file_name=self._options.file_name,
                sha256=self._sha256,
                format_name=self._intake.format,
                decisions=self._decisions,
            )
            self._run_id = run_id
        runs.count_rows(tx, run_id, self._uncounted.total(), self._uncounted)
        self._uncounted.clear()

    def _count(self, outcomes: Sequence[tuple[int, Outcome]]) -> None:
        for line, outcome in outcomes:
            self._counts[outcome.result] += 1
            self._uncounted[outcome.result] += 1
            if outcome.result == "refused" and len(self._refusals) < REFUSALS_SHOWN:
                self._refusals.append(Refusal(line=line, reason=outcome.reason or "refused"))
            elif outcome.result == "skipped":
                self._skips[outcome.reason or ""] += 1
        self.looked_at += len(outcomes)


class _DryRun(Exception):  # noqa: N818 -- a sentence reads better than a suffix
    """Undoes what a dry run wrote."""


def _survey(source: Source, intake: Intake[Any]) -> int:
    """Show the intake every record; how many there are."""
    count = 0
    for record in source.records():
        count += 1
        if record.broken is None:
            intake.survey(record)
    return count


def _parts(source: Source, intake: Intake[T], done: int) -> Iterator[_Part[T]]:
    """The records after the first `done`, in parts that end where the intake lets them."""
    part: _Part[T] = _Part()
    keys = Keys()
    before: T | None = None
    for place, record in enumerate(source.records()):
        read = _read(record, intake, keys)
        if place < done:
            continue
        if len(part) >= ROWS_AT_ONCE:
            may_end = not isinstance(read, Row) or before is None or intake.boundary(before, read.meaning)
            if may_end or len(part) >= 10 * ROWS_AT_ONCE:
                yield part
                part = _Part()
        if isinstance(read, Row):
            part.rows.append(read)
            before = read.meaning
        else:
            part.others.append((record.line, read))
    if part:
        yield part


def _read(record: Record, intake: Intake[T], keys: Keys) -> Row[T] | Outcome:
    if record.broken is not None:
        return Outcome("refused", record.broken)
    try:
        meaning = intake.read(record)
    except Skip as skip:
        return Outcome("skipped", str(skip))
    except (Problem, ValueError) as error:
        return Outcome("refused", reason_of(error))
    return Row(record.line, meaning, keys.of(intake.identity(meaning)))
