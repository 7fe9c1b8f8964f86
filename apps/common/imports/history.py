"""The history of a domain's imports, and the way back: the addresses below /imports that every domain has."""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Annotated, Final, Literal, Protocol

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from apps.common.database import Database, Transaction
from apps.common.fields import Id
from apps.common.http import json_response
from apps.common.imports import runs
from apps.common.imports.report import ImportRun, UndoReport
from apps.common.problem import Conflict, NotFound

RECORDS_AT_ONCE: Final = 100
BUDGET_S: Final = 15.0

Edited = Literal["refuse", "keep", "remove"]
"""What undoing does with records that were changed since the import."""

Removed = Literal["removed", "kept", "gone"]


class Undo(Protocol):
    """How a domain takes back one record that an import made."""

    def is_edited(self, tx: Transaction, run_id: str, record_id: str) -> bool:
        """Whether somebody has changed it since; False when it is gone."""
        ...

    def remove(self, tx: Transaction, run_id: str, record_id: str) -> bool:
        """Delete what the import made of it; False when it is gone already."""
        ...


class ImportList(BaseModel):
    """The newest imports of a domain."""

    items: list[ImportRun]


def add_history_routes(
    router: APIRouter,
    database: Database,
    domain: str,
    undo: Undo,
    *,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Put the list of imports, one import, and undoing it into the domain's router."""

    @router.get("/imports", tags=["imports"], operation_id="list_imports", responses={200: {"model": ImportList}})
    async def list_imports() -> Response:
        """The newest 200 imports, the newest first."""
        items = await database.read(lambda reader: runs.list_runs(reader, domain))
        return json_response(ImportList(items=items).model_dump_json().encode())

    @router.get(
        "/imports/{import_id}", tags=["imports"], operation_id="get_import", responses={200: {"model": ImportRun}}
    )
    async def get_import(import_id: Id) -> Response:
        """One import: its file, what was decided for it, and what became of its rows."""
        run = await database.read(lambda reader: runs.find_run(reader, domain, import_id))
        if run is None:
            raise NotFound(f"there is no import {import_id}")
        return json_response(run.model_dump_json().encode())

    @router.delete(
        "/imports/{import_id}", tags=["imports"], operation_id="undo_import", responses={200: {"model": UndoReport}}
    )
    async def undo_import(
        import_id: Id,
        edited: Annotated[Edited, Query(description="What happens to records changed since the import")] = "refuse",
    ) -> Response:
        """Delete what an import made and free the keys of its rows, so that the file can be imported again.

        409 when records were changed since the import, unless `edited` says what to do with them.
        """
        deadline = monotonic() + BUDGET_S
        total: Counter[Removed] = Counter()
        if edited == "refuse":
            await database.write(domain, partial(_refuse_edited, run_id=import_id, undo=undo))
        while True:
            part = await database.write(
                domain, partial(_undo_part, run_id=import_id, undo=undo, keep_edited=edited == "keep")
            )
            total.update(part)
            if not part or monotonic() > deadline:
                break
        report = UndoReport(
            import_id=import_id,
            complete=not part,
            removed=total["removed"],
            kept=total["kept"],
            gone=total["gone"],
        )
        return json_response(report.model_dump_json().encode())


def _refuse_edited(tx: Transaction, run_id: str, undo: Undo) -> None:
    _require_run(tx, run_id)
    records = runs.records_of_run(tx, tx.domain, run_id, limit=1_000_000)
    edited = [record for record in records if undo.is_edited(tx, run_id, record)]
    if edited:
        raise Conflict(
            f"{len(edited)} of the {len(records)} records of import {run_id} were changed since, such as {edited[0]};"
            " undo it with edited=keep to leave them, or with edited=remove to delete them as well"
        )


def _undo_part(tx: Transaction, run_id: str, undo: Undo, *, keep_edited: bool) -> Counter[Removed]:
    """Take back some records; nothing left, and the import is marked as undone, when the answer is empty."""
    _require_run(tx, run_id)
    done: Counter[Removed] = Counter()
    for record in runs.records_of_run(tx, tx.domain, run_id, limit=RECORDS_AT_ONCE):
        if keep_edited and undo.is_edited(tx, run_id, record):
            runs.disown_rows(tx, run_id, record)
            done["kept"] += 1
            continue
        done["removed" if undo.remove(tx, run_id, record) else "gone"] += 1
        runs.forget_rows(tx, run_id, record)
    if not done:
        runs.mark_undone(tx, run_id)
    return done


def _require_run(tx: Transaction, run_id: str) -> None:
    if runs.sha256_of_run(tx, tx.domain, run_id) is not None:
        return
    if runs.find_run(tx, tx.domain, run_id) is None:
        raise NotFound(f"there is no import {run_id}")
    raise Conflict(f"import {run_id} was undone already")
