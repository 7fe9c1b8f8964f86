"""Reports: use and cost by month, beside the advances paid."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from apps.common.database import Database
from apps.common.fields import Id, Month
from apps.common.http import json_response
from apps.common.zone import ZoneName, zone_of
from apps.heating.reports.cost import CostReport, cost
from apps.heating.reports.monthly import MonthlyReport, monthly

First = Annotated[Month | None, Query(alias="from", description="First month; default: the first there is")]
Last = Annotated[Month | None, Query(alias="to", description="Last month; default: the last there is")]
Zone = Annotated[ZoneName, Query(description="Where the months begin, such as Europe/Copenhagen")]


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get(
        "/reports/monthly",
        tags=["reports"],
        operation_id="report_monthly_use",
        responses={200: {"model": MonthlyReport}},
    )
    async def report_monthly_use(
        meter: Annotated[Id | None, Query(description="Only this meter")] = None,
        first: First = None,
        last: Last = None,
        zone: Zone = "UTC",
    ) -> Response:
        """Kilowatt hours and their cost by meter and month.

        What a meter showed at the begin of a month is interpolated between the readings around it, in a straight line;
        such months are `estimated`. Values are rounded to a thousandth of a unit or to the minor unit, halves to even.
        """
        place = zone_of(zone)
        report = await database.read(lambda reader: monthly(meter, first, last, place, reader))
        return json_response(report.model_dump_json().encode())

    @router.get("/reports/cost", tags=["reports"], operation_id="report_cost", responses={200: {"model": CostReport}})
    async def report_cost(first: First = None, last: Last = None, zone: Zone = "UTC") -> Response:
        """What heating cost by month over all meters, beside the advances paid.

        Advances are the expenses of categories tagged heating, without those that were made from heating bills, as far
        as expenses has published them: see `as_of`.
        """
        place = zone_of(zone)
        report = await database.read(lambda reader: cost(first, last, place, reader))
        return json_response(report.model_dump_json().encode())
