"""Imports: statements as CSV files."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.http import json_response
from apps.common.imports.old import CSV_BODY, read_sheet
from apps.expenses.imports import StatementResult, import_statement
from apps.expenses.statement import HOUSEHOLD, Reading


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.post(
        "/imports",
        tags=["imports"],
        operation_id="import_statement",
        responses={200: {"model": StatementResult}},
        openapi_extra=CSV_BODY,
    )
    async def import_rows(
        request: Request,
        dry_run: Annotated[bool, Query(description="Only say what would happen")] = False,
        dashed_dates: Annotated[
            Reading | None,
            Query(description="What 2018-12-09 means in this file; without it, the file as a whole decides"),
        ] = None,
    ) -> Response:
        """Import a statement: Date, Mode, Category, Subcategory, Note, Amount, Income/Expense, Currency.

        Each row is taken, known from an earlier import, or refused with the reason; the same file twice changes
        nothing. Categories are made on demand and never tagged.
        """
        sheet = await read_sheet(request, [HOUSEHOLD])
        result = await import_statement(sheet, database, reading=dashed_dates, dry_run=dry_run)
        return json_response(result.model_dump_json().encode())
