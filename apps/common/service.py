"""A service: the one value a domain exports. It does not say whether the domain runs alone or beside others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from apps.common.database import Database, Transaction
from apps.common.events import Event

Handler = Callable[[Any, Transaction], None]
"""Takes one event of the type it is registered for and writes its effect in the transaction; raises to get it again."""


@dataclass(frozen=True)
class Service:
    """One domain.

    `routes` makes the domain's router without prefix; it is mounted at `/api/v1/<name>`. `handlers` says which events
    the domain wants; a handler's transaction belongs to this domain. `migrations` is a folder of `0001_*.sql`, …
    """

    name: str
    routes: Callable[[Database], APIRouter]
    handlers: Mapping[type[Event], Handler]
    migrations: Path
