"""The domains of the monolith, in the order in which they are listed everywhere."""

from apps.common.service import Service
from apps.expenses import service as expenses
from apps.gym import service as gym
from apps.heating import service as heating

SERVICES: tuple[Service, ...] = (expenses, gym, heating)
