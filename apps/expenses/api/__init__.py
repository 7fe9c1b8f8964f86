"""The addresses of expenses, below `/api/v1/expenses`."""

from fastapi import APIRouter

from apps.common.database import Database
from apps.expenses.api import categories, expenses, imports, reports


def routes(database: Database) -> APIRouter:
    """The router of the domain, without prefix."""
    router = APIRouter()
    for part in (categories, expenses, imports, reports):
        part.add_routes(router, database)
    return router
