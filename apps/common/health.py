"""Health: is the process alive, and may it be given requests."""

import json
import time
from collections.abc import Sequence

from starlette.responses import Response

from apps.common.database import Database
from apps.common.problem import Unavailable

STALE_S = 60
"""For how long the database thread or the consumer may say nothing before the process counts as stuck."""


class Heartbeat:
    """A thread's sign of life."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._last = time.monotonic()

    def beat(self) -> None:
        """Say: I am alive."""
        self._last = time.monotonic()

    def age_s(self) -> float:
        """Seconds since the last sign."""
        return time.monotonic() - self._last


class Health:
    """What /livez, /readyz and /version answer."""

    def __init__(self, database: Database, *, version: str, services: Sequence[str], backup: str | None = None) -> None:
        self.stopping = False
        self.heartbeats: list[Heartbeat] = []
        self._database = database
        self._version = json.dumps({"version": version, "services": list(services), "backup": backup}).encode()

    def unready(self) -> str | None:
        """Why it should get no requests: `waiting-for-lock`, `stopping`, …; None when it is ready."""
        if self.stopping:
            return "stopping"
        if self._database.state != "ready":
            return self._database.state
        if self._database.busy_s() > STALE_S:
            return "database-stuck"
        stale = next((each.name for each in self.heartbeats if each.age_s() > STALE_S), None)
        return f"{stale}-stuck" if stale else None

    def livez(self) -> Response:
        """200 as long as the process answers at all."""
        return Response(b'{"status":"alive"}', media_type="application/json")

    def readyz(self) -> Response:
        """200 when requests are welcome, else 503 with the reason as `detail`."""
        reason = self.unready()
        if reason is not None:
            raise Unavailable(reason, retry_after_s=5)
        return Response(b'{"status":"ready"}', media_type="application/json")

    def version(self) -> Response:
        """The program's version, its domains, and the backup its data came from."""
        return Response(self._version, media_type="application/json")
