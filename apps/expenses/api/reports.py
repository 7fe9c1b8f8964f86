"""Reports: sums a person looks at."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from apps.common.database import Database
from apps.common.fields import Month
from apps.common.http import json_response
from apps.common.problem import FieldError, Unprocessable
from apps.expenses.reports import MONTHS_AT_MOST, MonthlyReport, monthly, months_between


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get(
        "/reports/monthly", tags=["reports"], operation_id="report_monthly", responses={200: {"model": MonthlyReport}}
    )
    async def report_monthly(
        first: Annotated[Month, Query(alias="from", description="First month")],
        last: Annotated[Month | None, Query(alias="to", description="Last month; without it, the first one")] = None,
    ) -> Response:
        """What was spent and earned per month and category, beside the month before.

        Categories tagged `gym` say how often the gym was visited in the month, and what one visit cost.
        """
        until = last or first
        if not 1 <= sum(1 for _ in months_between(first, until)) <= MONTHS_AT_MOST:
            raise Unprocessable(
                f"a report covers 1 to {MONTHS_AT_MOST} months; {first} to {until} does not",
                errors=[FieldError("to", f"not within {MONTHS_AT_MOST} months after {first}")],
            )
        report = await database.read(lambda reader: monthly(first, until, reader))
        return json_response(report.model_dump_json().encode())
