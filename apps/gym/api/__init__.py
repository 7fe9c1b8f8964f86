"""The addresses of gym, below `/api/v1/gym`."""

from fastapi import APIRouter

from apps.common.database import Database
from apps.gym.api import exercises, imports, reports, workouts


def routes(database: Database) -> APIRouter:
    """The router of the domain, without prefix."""
    router = APIRouter()
    for part in (exercises, workouts, imports, reports):
        part.add_routes(router, database)
    return router
