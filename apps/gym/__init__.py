"""Gym: workouts, what they show of one's strength, and what a visit costs."""

from pathlib import Path

from apps.common.service import Service
from apps.gym.api import routes
from apps.gym.handlers import HANDLERS

service = Service(name="gym", routes=routes, handlers=HANDLERS, migrations=Path(__file__).parent / "migrations")
