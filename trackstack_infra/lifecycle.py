"""The story of up and down in the local target, one line a step."""

import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from stacks import PROGRAMS
from trackstack_infra import backup_store
from trackstack_infra.backups import backup_to_start_with, part_with_data
from trackstack_infra.catalog.fidelity import FidelityRow
from trackstack_infra.errors import UsageError
from trackstack_infra.local.engine import Plan, Result, read_state
from trackstack_infra.local.engine.refusals import (
    require_database_spoken,
    require_no_traffic_through_a_replaced_network,
)
from trackstack_infra.local.observe import health
from trackstack_infra.local.observe.fidelity import fidelity_of
from trackstack_infra.local.state_dir.overrides import (
    NO_OVERRIDES,
    Overrides,
    forget_overrides,
    keep_overrides,
    kept_overrides,
)
from trackstack_infra.session import Session
from trackstack_infra.settings.models import Power, StackSettings
from trackstack_infra.stack import STACKS

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


def bring_up(session: Session) -> UpReport:
    """Deploy the stack with power on and wait until every service of it answers.

    The session's overrides hold until the next `up`, for `down` as well.
    """
    began = time.monotonic()
    _require_runnable(session)
    with session.changing("up"):
        for name in session.stack.needs:
            _bring_up_needed(name, session)
        result = _deploy(session.stack.name, _settings(session), session, _up_again(session), session.overrides)
        _try_failed_services_again(session)
        services = _wait_until_healthy(result, session)
        return _report(result, services, session, began)


def take_down(session: Session) -> Result | None:
    """Deploy the stack with power off: what is billed by the hour goes, data stays. None where nothing of it runs."""
    stack = session.stack
    if not stack.has_power:
        raise UsageError(
            f"{stack.name} has no hourly resources, so it cannot be powered off",
            hint=f"`trackstack destroy {stack.name}` removes it once the other stacks are gone",
        )
    with session.changing("down"):
        state = read_state(session.home, stack.name)
        if state is None or not session.lives(state):
            return None
        backup = {"backup": state.outputs.get("backup", backup_store.SAMPLE)} if stack.seeded_by_bridge else {}
        overrides = kept_overrides(session.home, stack.name)
        settings = session.files.settings(stack.name, {**overrides.values, **backup, "power": Power.OFF})
        result = _deploy(stack.name, settings, session, f"trackstack down {stack.name}", overrides)
        with session.progress.step("waiting for the tasks to drain"):
            health.wait_until_drained(session.cloud, stack.name, session.stop)
        return result


def destroy(session: Session, *, accept_data_loss: bool) -> Result:
    """Remove all of the stack, its data included; original data only with a backup that holds it."""
    stack = session.stack.name
    with session.changing("destroy"):
        part_with_data(session, accept_data_loss=accept_data_loss)
        result = session.engine.destroy(stack, on_event=session.progress.on_event, stop=session.stop, data=True)
        shutil.rmtree(session.home / "efs" / f"ts-{stack}-data", ignore_errors=True)
        forget_overrides(session.home, stack)
        if not any(read_state(session.home, other) for other in STACKS):
            session.cloud.stop()
        return result


def preview(session: Session) -> Plan:
    """What `up` would change, worked out without changing anything."""
    return session.planner.preview(session.stack.name, partial(PROGRAMS[session.stack.name], _settings(session)))


def rehearse(session: Session) -> Plan:
    """What `up` would say and change: a preview, or the reason why it would refuse."""
    _require_runnable(session)
    plan = preview(session)
    require_no_traffic_through_a_replaced_network(plan, session.stack.name, _up_again(session))
    return plan


def _up_again(session: Session) -> str:
    return " ".join(["trackstack up", session.stack.name, *session.overrides.options])


def _require_runnable(session: Session) -> None:
    """Refuse, before anything starts, settings that no `up` can honour."""
    stack, values = session.stack.name, session.overrides.values
    if "power" in values:
        raise UsageError("`up` turns the power on, so it cannot be set", hint=f"run `trackstack down {stack}`")
    require_database_spoken(session.files.settings(stack, values))


def _bring_up_needed(name: str, session: Session) -> None:
    """Bring up a stack whose outputs this one reads, where it is not whole in the cloud that runs now."""
    state = session.engine.state(name)
    if state is None or not session.lives(state) or state.pending or not state.outputs:
        _deploy(name, session.files.settings(name), session, f"trackstack up {name}", NO_OVERRIDES)


def _settings(session: Session) -> StackSettings:
    stack, given = session.stack, session.overrides.values
    values: dict[str, object] = {"power": Power.ON} if stack.has_power else {}
    if stack.seeded_by_bridge and "backup" not in given:
        values["backup"] = backup_to_start_with(session)
    return session.files.settings(stack.name, {**values, **given})


def _deploy(stack: str, settings: StackSettings, session: Session, again: str, overrides: Overrides) -> Result:
    program, progress = partial(PROGRAMS[stack], settings), session.progress
    with progress.step(f"planning {stack}"):
        plan = session.engine.preview(stack, program)
    require_no_traffic_through_a_replaced_network(plan, stack, again)
    keep_overrides(session.home, stack, overrides)
    progress.expect(stack, plan)
    with progress.step(f"deploying {stack}"):
        return session.engine.up(stack, program, on_event=progress.on_event, stop=session.stop, again=again)


def _try_failed_services_again(session: Session) -> None:
    """The circuit breaker has given up on them; whoever runs `up` again thinks that the cause is gone."""
    for service in health.services(session.cloud, session.stack.name):
        if service.state == "failed":
            session.progress.say(f"{service.service} had failed; trying it again")
            session.aws.client("ecs").update_service(
                cluster=f"ts-{session.stack.name}", service=service.service, forceNewDeployment=True
            )


def _wait_until_healthy(result: Result, session: Session) -> tuple[health.ServiceHealth, ...]:
    expected = tuple(result.outputs.get("services", ()))
    if not expected:
        return ()
    with session.progress.step("waiting for the services to answer"):
        found = health.wait_until_healthy(session.cloud, session.stack.name, expected, HEALTHY_TIMEOUT_S, session.stop)
    return tuple(service for service in found if service.desired)  # ECS still lists services deleted lately


def _report(result: Result, services: tuple[health.ServiceHealth, ...], session: Session, began: float) -> UpReport:
    types = {change.type for change in result.changes}
    for needed in session.stack.needs:
        state = read_state(session.home, needed)
        types |= {resource.type for resource in state.resources} if state else set()
    bridged = json.loads(result.outputs.get("bridge_report") or "{}")
    return UpReport(
        stack=session.stack.name,
        changes=result.counts,
        seconds=time.monotonic() - began,
        edges=health.edges(session.cloud, session.stack.name),
        services=services,
        backup=bridged.get("backup"),
        sample=bridged.get("source") == backup_store.SAMPLE,
        fidelity=fidelity_of(types),
    )
