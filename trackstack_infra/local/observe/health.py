"""What the supervisor knows about a stack's services and edges, and waiting until they are as they should be."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from trackstack_infra.errors import Interrupted, NotHealthy
from trackstack_infra.local.supervisor.client import Supervisor

POLL_S = 5.0


@dataclass(frozen=True)
class Edge:
    """One endpoint of a stack: CloudFront, HTTP API or load balancer, with the local URL that answers for AWS's."""

    kind: str
    name: str
    aws_url: str
    url: str


@dataclass(frozen=True)
class TaskHealth:
    """One running process of a service."""

    id: str
    pid: int
    port: int
    healthy: bool
    started: str
    """RFC 3339, UTC."""


@dataclass(frozen=True)
class ServiceHealth:
    """One ECS service: what is wanted, and what is there."""

    service: str
    container: str
    desired: int
    running: int
    state: str
    """starting, healthy, draining, failed, off, or stub: of others' images, which do not run here."""
    since: str
    """RFC 3339, UTC: when it came into this state."""
    reason: str
    tasks: tuple[TaskHealth, ...]


def edges(supervisor: Supervisor, stack: str) -> tuple[Edge, ...]:
    """The stack's endpoints, the ones people open first."""
    order = {"cloudfront": 0, "http-api": 1, "alb": 2}
    found = [edge for edge in supervisor.edges() if edge["stack"] == stack]
    return tuple(
        Edge(kind=edge["kind"], name=edge["name"], aws_url=edge["aws_url"], url=edge["url"])
        for edge in sorted(found, key=lambda edge: order.get(edge["kind"], 9))
    )


def services(supervisor: Supervisor, stack: str) -> tuple[ServiceHealth, ...]:
    """The stack's services as they are now."""
    return _services(supervisor.services(after=-1, wait_s=0)[1], stack)


def wait_until_healthy(
    supervisor: Supervisor, stack: str, wanted: tuple[str, ...], timeout_s: float, stop: threading.Event
) -> tuple[ServiceHealth, ...]:
    """Wait until every wanted service answers; NotHealthy with the last log lines when one fails or time runs out."""

    def arrived(found: tuple[ServiceHealth, ...]) -> bool:
        for service in found:
            if service.service in wanted and service.state == "failed":
                raise NotHealthy(
                    f"{service.service} does not start: {service.reason}",
                    hint=f"run `trackstack logs {stack} {service.container}`; everything else is deployed",
                )
        healthy = {service.service for service in found if service.state in ("healthy", "stub")}
        return healthy.issuperset(wanted)

    return _wait(supervisor, stack, arrived, timeout_s, stop, f"{' and '.join(wanted)} to answer")


def wait_until_drained(supervisor: Supervisor, stack: str, stop: threading.Event, timeout_s: float = 60.0) -> None:
    """Wait until no task of the stack runs."""
    _wait(supervisor, stack, lambda found: not any(s.tasks for s in found), timeout_s, stop, f"{stack}'s tasks to end")


def _wait(
    supervisor: Supervisor,
    stack: str,
    arrived: Callable[[tuple[ServiceHealth, ...]], bool],
    timeout_s: float,
    stop: threading.Event,
    what: str,
) -> tuple[ServiceHealth, ...]:
    deadline = time.monotonic() + timeout_s
    revision = -1
    while True:
        revision, records = supervisor.services(after=revision, wait_s=0 if revision < 0 else POLL_S)
        found = _services(records, stack)
        if arrived(found):
            return found
        if stop.is_set():
            raise Interrupted(f"stopped while waiting for {what}", hint="run the same command again to continue")
        if time.monotonic() > deadline:
            raise NotHealthy(
                f"waited {timeout_s:.0f} s for {what}",
                hint=f"run `trackstack status` and `trackstack logs {stack}`",
            )


def _services(records: list[dict[str, object]], stack: str) -> tuple[ServiceHealth, ...]:
    return tuple(
        ServiceHealth(
            service=str(record["service"]),
            container=str(record["container"]),
            desired=int(str(record["desired"])),
            running=int(str(record["running"])),
            state=str(record["state"]),
            since=str(record["since"]),
            reason=str(record.get("reason") or ""),
            tasks=tuple(_task(task) for task in record["tasks"]),  # type: ignore[attr-defined]  # a list in the JSON
        )
        for record in records
        if record["cluster"] == f"ts-{stack}"
    )


def _task(record: dict[str, object]) -> TaskHealth:
    return TaskHealth(
        id=str(record["id"]),
        pid=int(str(record["pid"])),
        port=int(str(record["port"])),
        healthy=bool(record["healthy"]),
        started=str(record["started"]),
    )
