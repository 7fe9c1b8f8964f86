"""The story of up and down in the local target, one line a step."""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from stacks import PROGRAMS
from trackstack_infra import bridge
from trackstack_infra.errors import DataNotVerified, Failed, UsageError
from trackstack_infra.local import health
from trackstack_infra.local.client import Supervisor
from trackstack_infra.local.engine import EngineEvent, LocalEngine, Plan, Result, StackState, read_state, take_state
from trackstack_infra.local.honesty import Claim, claims_for
from trackstack_infra.local.lock import operation_lock
from trackstack_infra.local.provider import Clients
from trackstack_infra.local.run import source_version
from trackstack_infra.local.views import running
from trackstack_infra.settings import EnterpriseSettings, Power, StackSettings, load_settings

FOUNDATION, PRAGMATIC, ENTERPRISE = "foundation", "pragmatic", "enterprise"
START_TIMEOUT_S = 60.0
HEALTHY_TIMEOUT_S = 120.0
BACKUP_TIMEOUT_S = 120.0


class Progress(Protocol):
    """Where the story is told while it happens."""

    def step(self, doing: str) -> AbstractContextManager[None]: ...
    def say(self, text: str) -> None: ...
    def expect(self, stack: str, plan: Plan) -> None: ...
    def on_event(self, event: EngineEvent) -> None: ...


@dataclass(frozen=True)
class Tools:
    """What every step works with."""

    root: Path
    """The checkout: settings files, programs, the app."""
    home: Path
    """State directory of the local target."""
    port_base: int
    progress: Progress
    stop: threading.Event
    """Set by Ctrl-C: nothing new starts, what runs is finished and saved."""
    now: Callable[[], datetime]
    new_id: Callable[[], str]


@dataclass(frozen=True)
class UpReport:
    """What `up` achieved, for people and for machines."""

    stack: str
    changes: Mapping[str, int]
    """Operations by action: create, update, replace, delete, same."""
    seconds: float
    edges: tuple[health.Edge, ...]
    services: tuple[health.ServiceHealth, ...]
    backup: str | None
    sample: bool
    claims: tuple[Claim, ...]


def bring_up(stack: str, tools: Tools) -> UpReport:
    """Deploy `stack` with power on and wait until every service of it answers."""
    began = time.monotonic()
    with _changing("up", stack, tools):
        supervisor, engine = _start(stack, tools)
        if stack != FOUNDATION:
            _bring_up_foundation(engine, supervisor, tools)
        settings = _settings(stack, tools, engine, supervisor)
        result = _deploy(stack, engine, settings, tools)
        _try_failed_services_again(stack, supervisor, tools)
        services = _wait_until_healthy(stack, supervisor, result, tools)
        return _report(stack, settings, result, supervisor, services, tools, began)


def take_down(stack: str, tools: Tools) -> Result | None:
    """Deploy `stack` with power off: what is billed by the hour goes, data stays. None where nothing of it runs."""
    if stack == FOUNDATION:
        raise UsageError(
            "foundation has nothing that is billed by the hour, so it has no power to switch off",
            hint="`trackstack destroy foundation` removes it once the other stacks are gone",
        )
    with _changing("down", stack, tools):
        supervisor, state = Supervisor.find(tools.home), read_state(tools.home, stack)
        if supervisor is None or state is None or state.boot_id != supervisor.boot_id:
            return None
        engine = _engine(supervisor, tools)
        backup = {"backup": state.outputs.get("backup", bridge.SAMPLE)} if stack == ENTERPRISE else {}
        settings = load_settings(stack, tools.root, power=Power.OFF, **backup)
        result = _deploy(stack, engine, settings, tools, verb="down")
        with tools.progress.step("waiting for the tasks to drain"):
            health.wait_until_drained(supervisor, stack, tools.stop)
        return result


def destroy(stack: str, tools: Tools, *, accept_data_loss: bool) -> Result:
    """Remove all of `stack`, its data included; pragmatic's data only with a backup that holds it."""
    with _changing("destroy", stack, tools):
        supervisor, engine = _start(stack, tools)
        _part_with_data(stack, supervisor, engine, tools, accept_data_loss=accept_data_loss)
        result = engine.destroy(stack, on_event=tools.progress.on_event, stop=tools.stop, data=True)
        shutil.rmtree(tools.home / "efs" / f"ts-{stack}-data", ignore_errors=True)
        if not any(read_state(tools.home, other) for other in PROGRAMS):
            supervisor.stop()
        return result


def preview(stack: str, tools: Tools, given: Mapping[str, object] = MappingProxyType({})) -> Plan:
    """What `up` would change, worked out without changing anything; `given` are settings other than the file's."""
    supervisor = Supervisor.find(tools.home)
    engine = _engine(supervisor, tools)
    settings = _settings(stack, tools, engine, supervisor, given)
    return engine.preview(stack, partial(PROGRAMS[stack], settings))


def back_up(tools: Tools) -> bridge.Backup:
    """Have pragmatic make a verified backup of itself now."""
    supervisor, pragmatic = running(PRAGMATIC, tools.home)
    _, foundation = running(FOUNDATION, tools.home)
    if not pragmatic.outputs["services"]:
        raise Failed(
            "pragmatic is down, and only the running app can copy its database",
            hint="run `trackstack up pragmatic` first",
        )
    with tools.progress.step("pragmatic copies, verifies and uploads its database"):
        return bridge.request_backup(
            _clients(supervisor, tools),
            bucket=foundation.outputs["backup_bucket"],
            queue_url=pragmatic.outputs["queue_url"],
            request_id=tools.new_id(),
            timeout_s=BACKUP_TIMEOUT_S,
            now=tools.now,
            stop=tools.stop,
        )


def list_backups(tools: Tools) -> list[bridge.Backup]:
    """All backups, newest first."""
    supervisor, foundation = running(FOUNDATION, tools.home)
    return bridge.backups(_clients(supervisor, tools), foundation.outputs["backup_bucket"])


@contextmanager
def _changing(verb: str, stack: str, tools: Tools) -> Iterator[None]:
    """Nobody else changes the state directory meanwhile, and every state file in it can be read."""
    with operation_lock(tools.home, verb, stack, tools.now()):
        for name in PROGRAMS:
            take_state(tools.home, name, tools.now())
        yield


def _start(stack: str, tools: Tools) -> tuple[Supervisor, LocalEngine]:
    supervisor = Supervisor.find(tools.home)
    if supervisor is None:
        region = load_settings(FOUNDATION, tools.root).region
        with tools.progress.step("starting the local cloud"), ThreadPoolExecutor(1) as pool:
            starting = pool.submit(Supervisor.start, tools.home, tools.port_base, START_TIMEOUT_S, "--region", region)
            PROGRAMS[stack]  # brings Pulumi in, which takes as long as the cloud takes to start
            supervisor = starting.result()
    elif supervisor.version != source_version(tools.root):
        tools.progress.say("The local cloud runs other code than this checkout: `trackstack local stop` renews it.")
    return supervisor, _engine(supervisor, tools)


def _engine(supervisor: Supervisor | None, tools: Tools) -> LocalEngine:
    region = load_settings(FOUNDATION, tools.root).region
    endpoint, boot_id = (supervisor.endpoint, supervisor.boot_id) if supervisor else ("", "")
    return LocalEngine(tools.home, endpoint, boot_id, region=region, clock=tools.now)


def _clients(supervisor: Supervisor, tools: Tools) -> Clients:
    return Clients(supervisor.endpoint, load_settings(FOUNDATION, tools.root).region)


def _bring_up_foundation(engine: LocalEngine, supervisor: Supervisor, tools: Tools) -> None:
    state = engine.state(FOUNDATION)
    if state is None or state.boot_id != supervisor.boot_id or state.pending or not state.outputs:
        _deploy(FOUNDATION, engine, load_settings(FOUNDATION, tools.root), tools)


def _settings(
    stack: str,
    tools: Tools,
    engine: LocalEngine,
    supervisor: Supervisor | None,
    given: Mapping[str, object] = MappingProxyType({}),
) -> StackSettings:
    values: dict[str, object] = {} if stack == FOUNDATION else {"power": Power.ON}
    if stack == ENTERPRISE and "backup" not in given:
        values["backup"] = _backup_to_start_with(tools, engine, supervisor)
    return load_settings(stack, tools.root, **{**values, **given})


def _backup_to_start_with(tools: Tools, engine: LocalEngine, supervisor: Supervisor | None) -> str:
    """The newest backup; while enterprise is on, the one it started with: running services keep their data."""
    state = engine.state(ENTERPRISE)
    if supervisor is None:
        return bridge.SAMPLE
    if _is_on(state, supervisor):
        return str(state.outputs["backup"]) if state else bridge.SAMPLE
    foundation = engine.state(FOUNDATION)
    if foundation is None or foundation.boot_id != supervisor.boot_id or not foundation.outputs:
        return bridge.SAMPLE
    newest = bridge.newest_backup(_clients(supervisor, tools), foundation.outputs["backup_bucket"])
    return newest.id if newest else bridge.SAMPLE


def _is_on(state: StackState | None, supervisor: Supervisor) -> bool:
    return state is not None and state.boot_id == supervisor.boot_id and bool(state.outputs.get("services"))


def _deploy(stack: str, engine: LocalEngine, settings: StackSettings, tools: Tools, verb: str = "up") -> Result:
    program = partial(PROGRAMS[stack], settings)
    with tools.progress.step(f"planning {stack}"):
        plan = engine.preview(stack, program)
    tools.progress.expect(stack, plan)
    with tools.progress.step(f"deploying {stack}"):
        again = f"trackstack {verb} {stack}"
        return engine.up(stack, program, on_event=tools.progress.on_event, stop=tools.stop, again=again)


def _try_failed_services_again(stack: str, supervisor: Supervisor, tools: Tools) -> None:
    """The circuit breaker has given up on them; whoever runs `up` again thinks that the cause is gone."""
    for service in health.services(supervisor, stack):
        if service.state == "failed":
            tools.progress.say(f"{service.service} had failed; trying it again")
            _clients(supervisor, tools).client("ecs").update_service(
                cluster=f"ts-{stack}", service=service.service, forceNewDeployment=True
            )


def _wait_until_healthy(
    stack: str, supervisor: Supervisor, result: Result, tools: Tools
) -> tuple[health.ServiceHealth, ...]:
    wanted = tuple(result.outputs.get("services", ()))
    if not wanted:
        return ()
    with tools.progress.step("waiting for the services to answer"):
        return health.wait_until_healthy(supervisor, stack, wanted, HEALTHY_TIMEOUT_S, tools.stop)


def _report(
    stack: str,
    settings: StackSettings,
    result: Result,
    supervisor: Supervisor,
    services: tuple[health.ServiceHealth, ...],
    tools: Tools,
    began: float,
) -> UpReport:
    foundation = read_state(tools.home, FOUNDATION)
    types = {change.type for change in result.changes}
    types |= {resource.type for resource in foundation.resources} if foundation else set()
    bridged = json.loads(result.outputs.get("bridge_report") or "{}")
    return UpReport(
        stack=stack,
        changes=result.counts,
        seconds=time.monotonic() - began,
        edges=health.edges(supervisor, stack),
        services=services,
        backup=bridged.get("backup") if isinstance(settings, EnterpriseSettings) else None,
        sample=bridged.get("source") == bridge.SAMPLE,
        claims=claims_for(frozenset(types)),
    )


def _part_with_data(
    stack: str, supervisor: Supervisor, engine: LocalEngine, tools: Tools, *, accept_data_loss: bool
) -> None:
    """See to it that no data is lost unasked: a last backup of pragmatic, a refusal to delete the only backups."""
    if stack == FOUNDATION:
        _part_with_backups(supervisor, engine, tools, accept_data_loss=accept_data_loss)
    elif stack == PRAGMATIC and not accept_data_loss:
        _back_up_for_the_last_time(supervisor, engine, tools)


def _part_with_backups(supervisor: Supervisor, engine: LocalEngine, tools: Tools, *, accept_data_loss: bool) -> None:
    others = [other for other in (PRAGMATIC, ENTERPRISE) if engine.state(other)]
    if others:
        raise Failed(
            f"foundation is in use by {' and '.join(others)}", hint=f"run `trackstack destroy {others[0]}` first"
        )
    state = engine.state(FOUNDATION)
    if state is None or state.boot_id != supervisor.boot_id or not state.outputs:
        return
    if list_backups(tools) and not accept_data_loss:
        raise DataNotVerified(
            "foundation holds the only copies of pragmatic's backups",
            hint="pass --accept-data-loss to delete them all the same",
        )
    bridge.delete_backups(_clients(supervisor, tools), state.outputs["backup_bucket"])


def _back_up_for_the_last_time(supervisor: Supervisor, engine: LocalEngine, tools: Tools) -> None:
    if _is_on(engine.state(PRAGMATIC), supervisor):
        tools.progress.say(f"Final backup {back_up(tools).id} is verified and stays in foundation's bucket.")
    elif any((tools.home / "efs" / f"ts-{PRAGMATIC}-data").rglob("*.db")):
        raise DataNotVerified(
            "pragmatic is down, so its data cannot be backed up before it is deleted",
            hint="run `trackstack up pragmatic` and destroy it then, or pass --accept-data-loss",
        )
