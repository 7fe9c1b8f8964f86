"""Imports: statements as CSV files."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.common.database import Database
from apps.common.imports.days import Order, Reading
from apps.common.imports.decimals import Sign
from apps.common.imports.history import add_history_routes
from apps.common.imports.parameters import CSV_BODY, Again, DryRun, Encoding, FileName, ImportId
from apps.common.imports.report import ImportReport
from apps.common.imports.upload import Options, Uploads
from apps.expenses.statements.opened import open_statement
from apps.expenses.statements.reading import Categories, Given, SignRule
from apps.expenses.undo import UndoExpenses


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""
    uploads = Uploads(database, "expenses")

    @router.post(
        "/imports",
        tags=["imports"],
        operation_id="import_statement",
        responses={200: {"model": ImportReport}},
        openapi_extra=CSV_BODY,
    )
    async def import_rows(
        request: Request,
        dry_run: DryRun = False,
        again: Again = False,
        file_name: FileName = "",
        import_id: ImportId = None,
        encoding: Encoding = None,
        dates: Annotated[Order | None, Query(description="What 05/09/2026 means in this file")] = None,
        dashed_dates: Annotated[Reading | None, Query(description="What 2018-12-09 means in this file")] = None,
        decimal: Annotated[Sign | None, Query(description="The decimal sign of this file's amounts")] = None,
        sign: Annotated[SignRule | None, Query(description="What a negative expense is")] = None,
        categories: Annotated[
            Categories, Query(description="Whether known rows take the category they have in this file")
        ] = "keep",
        mapping: Annotated[
            str | None,
            Query(
                max_length=6000,
                description="How a bank's columns are read: the name of a shipped mapping, or one as JSON",
            ),
        ] = None,
    ) -> Response:
        """Import a statement: a household file, or a bank's file read with a mapping.

        A household file has Date, Mode, Category, Subcategory, Note, Amount, Income/Expense, Currency. Each row is
        taken, known from an earlier import, skipped or refused with the reason; the same file twice changes nothing.
        What holds for the file as a whole is decided once, and reported. Categories are made on demand, never tagged.
        """
        given = Given(dates, dashed_dates, decimal, sign, categories)
        return await uploads.receive(
            request,
            lambda body: open_statement(body, given, mapping=mapping, encoding=encoding),
            Options(dry_run, again, file_name, import_id),
        )

    add_history_routes(router, database, "expenses", UndoExpenses())
