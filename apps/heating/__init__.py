"""Heating: what meters showed, what that cost, and what was billed and paid for it."""

from pathlib import Path

from apps.common.service import Service
from apps.heating.api import routes
from apps.heating.handlers import HANDLERS

service = Service(name="heating", routes=routes, handlers=HANDLERS, migrations=Path(__file__).parent / "migrations")
