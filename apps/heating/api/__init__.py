"""The addresses of heating, below `/api/v1/heating`."""

from fastapi import APIRouter

from apps.common.database import Database
from apps.heating.api import bills, exchanges, imports, meters, readings, reports, tariffs


def routes(database: Database) -> APIRouter:
    """The router of the domain, without prefix."""
    router = APIRouter()
    for part in (meters, readings, exchanges, tariffs, bills, imports, reports):
        part.add_routes(router, database)
    return router
