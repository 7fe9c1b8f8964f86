"""The story of up and down in the local target, one line a step."""

import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from stacks import PROGRAMS
from trackstack_infra import bridge
from trackstack_infra.backups import backup_to_start_with, part_with_data
from trackstack_infra.catalog.fidelity import FidelityRow
from trackstack_infra.errors import UsageError
from trackstack_infra.local import health
from trackstack_infra.local.client import Supervisor
from trackstack_infra.local.engine import LocalEngine, Plan, Result, read_state
from trackstack_infra.local.feasible import require_database_spoken, require_no_traffic_through_a_replaced_network
from trackstack_infra.local.fidelity import fidelity_of
from trackstack_infra.local.given import NOTHING, Given, forget, remember, remembered
from trackstack_infra.operation import (
    ENTERPRISE,
    FOUNDATION,
    Tools,
    changing,
    clients,
    engine_of,
    start,
)
from trackstack_infra.settings import EnterpriseSettings, Power, StackSettings, load_settings

HEALTHY_TIMEOUT_S = 120.0


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
    fidelity: tuple[FidelityRow, ...]


def bring_up(stack: str, tools: Tools, given: Given = NOTHING) -> UpReport:
    """Deploy `stack` with power on and wait until every service of it answers.

    `given` are settings other than the file's: they hold until the next `up`, for `down` as well.
    """
    began = time.monotonic()
    _require_runnable(stack, tools, given.values)
    with changing("up", stack, tools):
        supervisor, engine = start(stack, tools)
        if stack != FOUNDATION:
            _bring_up_foundation(engine, supervisor, tools)
        settings = _settings(stack, tools, engine, supervisor, given.values)
        result = _deploy(stack, engine, settings, tools, _up_again(stack, given), given)
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
    with changing("down", stack, tools):
        supervisor, state = Supervisor.find(tools.home), read_state(tools.home, stack)
        if supervisor is None or state is None or state.boot_id != supervisor.boot_id:
            return None
        engine = engine_of(supervisor, tools)
        backup = {"backup": state.outputs.get("backup", bridge.SAMPLE)} if stack == ENTERPRISE else {}
        given = remembered(tools.home, stack)
        settings = load_settings(stack, tools.root, **{**given.values, **backup, "power": Power.OFF})
        result = _deploy(stack, engine, settings, tools, f"trackstack down {stack}", given)
        with tools.progress.step("waiting for the tasks to drain"):
            health.wait_until_drained(supervisor, stack, tools.stop)
        return result


def destroy(stack: str, tools: Tools, *, accept_data_loss: bool) -> Result:
    """Remove all of `stack`, its data included; pragmatic's data only with a backup that holds it."""
    with changing("destroy", stack, tools):
        supervisor, engine = start(stack, tools)
        part_with_data(stack, supervisor, engine, tools, accept_data_loss=accept_data_loss)
        result = engine.destroy(stack, on_event=tools.progress.on_event, stop=tools.stop, data=True)
        shutil.rmtree(tools.home / "efs" / f"ts-{stack}-data", ignore_errors=True)
        forget(tools.home, stack)
        if not any(read_state(tools.home, other) for other in PROGRAMS):
            supervisor.stop()
        return result


def preview(stack: str, tools: Tools, given: Mapping[str, object] = MappingProxyType({})) -> Plan:
    """What `up` would change, worked out without changing anything; `given` are settings other than the file's."""
    supervisor = Supervisor.find(tools.home)
    engine = engine_of(supervisor, tools)
    settings = _settings(stack, tools, engine, supervisor, given)
    return engine.preview(stack, partial(PROGRAMS[stack], settings))


def rehearse(stack: str, tools: Tools, given: Given = NOTHING) -> Plan:
    """What `up` would say and change: a preview, or the reason why it would refuse."""
    _require_runnable(stack, tools, given.values)
    plan = preview(stack, tools, given.values)
    require_no_traffic_through_a_replaced_network(plan, stack, _up_again(stack, given))
    return plan


def _up_again(stack: str, given: Given) -> str:
    return " ".join(["trackstack up", stack, *given.options])


def _require_runnable(stack: str, tools: Tools, given: Mapping[str, object]) -> None:
    """Refuse, before anything starts, settings that no `up` can honour."""
    if "power" in given:
        raise UsageError("`up` turns the power on, so it cannot be given", hint=f"run `trackstack down {stack}`")
    require_database_spoken(load_settings(stack, tools.root, **given))


def _bring_up_foundation(engine: LocalEngine, supervisor: Supervisor, tools: Tools) -> None:
    state = engine.state(FOUNDATION)
    if state is None or state.boot_id != supervisor.boot_id or state.pending or not state.outputs:
        _deploy(FOUNDATION, engine, load_settings(FOUNDATION, tools.root), tools, f"trackstack up {FOUNDATION}")


def _settings(
    stack: str,
    tools: Tools,
    engine: LocalEngine,
    supervisor: Supervisor | None,
    given: Mapping[str, object] = MappingProxyType({}),
) -> StackSettings:
    values: dict[str, object] = {} if stack == FOUNDATION else {"power": Power.ON}
    if stack == ENTERPRISE and "backup" not in given:
        values["backup"] = backup_to_start_with(tools, engine, supervisor)
    return load_settings(stack, tools.root, **{**values, **given})


def _deploy(
    stack: str, engine: LocalEngine, settings: StackSettings, tools: Tools, again: str, given: Given = NOTHING
) -> Result:
    program = partial(PROGRAMS[stack], settings)
    with tools.progress.step(f"planning {stack}"):
        plan = engine.preview(stack, program)
    require_no_traffic_through_a_replaced_network(plan, stack, again)
    remember(tools.home, stack, given)
    tools.progress.expect(stack, plan)
    with tools.progress.step(f"deploying {stack}"):
        return engine.up(stack, program, on_event=tools.progress.on_event, stop=tools.stop, again=again)


def _try_failed_services_again(stack: str, supervisor: Supervisor, tools: Tools) -> None:
    """The circuit breaker has given up on them; whoever runs `up` again thinks that the cause is gone."""
    for service in health.services(supervisor, stack):
        if service.state == "failed":
            tools.progress.say(f"{service.service} had failed; trying it again")
            clients(supervisor, tools).client("ecs").update_service(
                cluster=f"ts-{stack}", service=service.service, forceNewDeployment=True
            )


def _wait_until_healthy(
    stack: str, supervisor: Supervisor, result: Result, tools: Tools
) -> tuple[health.ServiceHealth, ...]:
    wanted = tuple(result.outputs.get("services", ()))
    if not wanted:
        return ()
    with tools.progress.step("waiting for the services to answer"):
        found = health.wait_until_healthy(supervisor, stack, wanted, HEALTHY_TIMEOUT_S, tools.stop)
    return tuple(service for service in found if service.desired)  # ECS still tells of services deleted lately


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
        fidelity=fidelity_of(types),
    )
