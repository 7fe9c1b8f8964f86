"""What the agent shows to the world: every service with its tasks, and a number that grows with each change."""

import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class TaskStatus:
    """One running process."""

    id: str
    pid: int
    port: int
    healthy: bool
    started: str
    restarts: int
    """How many tasks of this service ended by themselves before this one was started."""


@dataclass(frozen=True)
class ServiceStatus:
    """One ECS service."""

    cluster: str
    service: str
    container: str
    desired: int
    running: int
    pending: int
    state: str
    """starting, healthy, draining, failed, off, or stub: of others' images, which do not run here."""
    since: str
    reason: str
    tasks: tuple[TaskStatus, ...]


class Board:
    """Written by the agent, read by any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._revision = 0
        self._services: dict[str, ServiceStatus] = {}

    def put(self, name: str, status: ServiceStatus) -> None:
        """Show a service as it is now."""
        with self._changed:
            if self._services.get(name) != status:
                self._services[name] = status
                self._grow()

    def remove(self, name: str) -> None:
        """Show a service no more."""
        with self._changed:
            if self._services.pop(name, None) is not None:
                self._grow()

    def read(self, after: int = -1, wait_s: float = 0.0) -> tuple[int, tuple[ServiceStatus, ...]]:
        """Return the revision and the services, as soon as the revision is past `after` or `wait_s` are over."""
        deadline = time.monotonic() + wait_s
        with self._changed:
            while self._revision <= after:
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    break
                self._changed.wait(left_s)
            return self._revision, tuple(self._services[name] for name in sorted(self._services))

    def _grow(self) -> None:
        self._revision += 1
        self._changed.notify_all()
