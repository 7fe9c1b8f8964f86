"""What can be told about the local stacks without changing anything, and without Pulumi or boto3."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackstack_infra.errors import Failed
from trackstack_infra.local.engine.state import StackState, read_state
from trackstack_infra.local.observe import health
from trackstack_infra.local.state_dir.overrides import kept_overrides
from trackstack_infra.local.supervisor.client import Supervisor
from trackstack_infra.names import STACKS


@dataclass(frozen=True)
class StackStatus:
    """One line of `trackstack status`."""

    stack: str
    power: str
    """`on`, `off` (runtime layer gone), `stopped` (the local cloud does not run; data is kept) or `absent`."""
    healthy: int
    desired: int
    since: str
    """RFC 3339, UTC: since when the services are as they are; empty where there are none."""
    services: tuple[health.ServiceHealth, ...]
    edges: tuple[health.Edge, ...]
    backup: str
    interrupted: bool
    """An `up` of it died halfway; the next one completes it."""
    overrides: tuple[str, ...]
    """KEY=VALUE of each setting that it was brought up with and that is not its file's."""


def statuses(home: Path) -> tuple[StackStatus, ...]:
    """All stacks as they are now, told from the state files and the supervisor."""
    supervisor = Supervisor.find(home)
    return tuple(_status(stack, home, supervisor) for stack in STACKS)


def local_cloud(home: Path) -> dict[str, Any] | None:
    """Pid, endpoint and boot id of the supervisor, None where none runs."""
    supervisor = Supervisor.find(home)
    return (
        None
        if supervisor is None
        else {"pid": supervisor.pid, "endpoint": supervisor.endpoint, "boot_id": supervisor.boot_id}
    )


def running(stack: str, home: Path) -> tuple[Supervisor, StackState]:
    """The supervisor that runs `stack`, and its state; raises Failed, naming what helps, if it is not up."""
    supervisor = Supervisor.find(home)
    state = read_state(home, stack)
    if supervisor is None or state is None or state.boot_id != supervisor.boot_id:
        raise Failed(f"{stack} is not up", hint=f"run `trackstack up {stack}`")
    if not state.outputs:
        raise Failed(
            f"{stack} is incomplete: its `up` was interrupted", hint=f"run `trackstack up {stack}` to complete it"
        )
    return supervisor, state


def outputs_with_local_urls(stack: str, home: Path) -> dict[str, Any]:
    """The stack's outputs; each AWS URL that a local endpoint answers for is given as that endpoint."""
    supervisor, state = running(stack, home)
    local = {edge.aws_url.rstrip("/"): edge.url for edge in health.edges(supervisor, stack)}
    return {name: _localised(value, local) for name, value in state.outputs.items()}


def api_url(stack: str, home: Path) -> str:
    """Local URL of the stack's API: its own endpoint, or the site's where the API has none."""
    supervisor, _ = running(stack, home)
    found = {edge.kind: edge.url for edge in health.edges(supervisor, stack)}
    for kind in ("http-api", "cloudfront"):
        if kind in found:
            return found[kind]
    raise Failed(f"{stack} has no API", hint=f"run `trackstack up {stack}`")


def _localised(value: Any, local: Mapping[str, str]) -> Any:
    return local.get(value.rstrip("/"), value) if isinstance(value, str) else value


def _status(stack: str, home: Path, supervisor: Supervisor | None) -> StackStatus:
    state = read_state(home, stack)
    lives = state is not None and supervisor is not None and state.boot_id == supervisor.boot_id
    services = health.services(supervisor, stack) if lives and supervisor else ()
    # A stub can be neither healthy nor ill, so it is not counted.
    wanted = [service for service in services if service.desired and service.state != "stub"]
    if state is None:
        power = "absent"
    elif not lives:
        power = "stopped"
    else:
        power = str(state.outputs.get("power", "on"))
    return StackStatus(
        stack=stack,
        power=power,
        healthy=sum(service.state == "healthy" for service in wanted),
        desired=len(wanted),
        since=max((service.since for service in wanted), default=""),
        services=services,
        edges=health.edges(supervisor, stack) if lives and supervisor else (),
        backup=str(state.outputs.get("backup") or "") if state else "",
        interrupted=bool(state and (state.pending or not state.outputs)),
        overrides=kept_overrides(home, stack).pairs if state else (),
    )
