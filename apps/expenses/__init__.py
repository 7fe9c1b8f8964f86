"""Expenses: what was spent and earned, by category and month."""

from pathlib import Path

from apps.common.service import Service
from apps.expenses.api import routes
from apps.expenses.handlers import HANDLERS

service = Service(name="expenses", routes=routes, handlers=HANDLERS, migrations=Path(__file__).parent / "migrations")
