"""Reports: records, volume, and what a visit costs."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from apps.common.database import Database
from apps.common.fields import Day, Id, Month
from apps.common.http import json_response
from apps.gym.reports.records import RecordsReport, records
from apps.gym.reports.visits import CostPerVisitReport, visit_costs
from apps.gym.reports.volume import VolumeReport, volume


def add_routes(router: APIRouter, database: Database) -> None:
    """Put the addresses of this part into the domain's router."""

    @router.get(
        "/reports/records", tags=["reports"], operation_id="report_records", responses={200: {"model": RecordsReport}}
    )
    async def report_records(
        exercise: Annotated[Id | None, Query(description="Only this exercise")] = None,
    ) -> Response:
        """The heaviest set, the best estimated maximum (Epley, up to 10 repetitions), most repetitions per weight."""
        report = await database.read(lambda reader: records(exercise, reader))
        return json_response(report.model_dump_json().encode())

    @router.get(
        "/reports/volume", tags=["reports"], operation_id="report_volume", responses={200: {"model": VolumeReport}}
    )
    async def report_volume(
        first: Annotated[Day | None, Query(alias="from", description="First local day")] = None,
        last: Annotated[Day | None, Query(alias="to", description="Last local day")] = None,
    ) -> Response:
        """Sets, repetitions and grams moved by exercise, in all or in a span of days."""
        return json_response(await database.read(lambda reader: volume(first, last, reader)))

    @router.get(
        "/reports/cost-per-visit",
        tags=["reports"],
        operation_id="report_cost_per_visit",
        responses={200: {"model": CostPerVisitReport}},
    )
    async def report_cost_per_visit(
        first: Annotated[
            Month | None, Query(alias="from", description="First month; default: 11 before the last")
        ] = None,
        last: Annotated[Month | None, Query(alias="to", description="Last month; default: the newest there is")] = None,
    ) -> Response:
        """What a visit costs, by month and over the twelve months that end with it.

        The costs are the expenses of categories tagged gym, as far as expenses has published them: see `as_of`.
        """
        report = await database.read(lambda reader: visit_costs(first, last, reader))
        return json_response(report.model_dump_json().encode())
