"""Backups of pragmatic: made, listed, chosen to start enterprise with, and what must hold before data goes."""

from trackstack_infra import backup_store as bridge
from trackstack_infra.errors import DataNotVerified, Failed
from trackstack_infra.local.engine import LocalEngine
from trackstack_infra.local.observe.status import running
from trackstack_infra.local.supervisor.client import Supervisor
from trackstack_infra.session import ENTERPRISE, FOUNDATION, PRAGMATIC, Tools, clients, is_on

BACKUP_TIMEOUT_S = 120.0


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
            clients(supervisor, tools),
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
    return bridge.backups(clients(supervisor, tools), foundation.outputs["backup_bucket"])


def backup_to_start_with(tools: Tools, engine: LocalEngine, supervisor: Supervisor | None) -> str:
    """The newest backup; while enterprise is on, the one it started with: running services keep their data."""
    state = engine.state(ENTERPRISE)
    if supervisor is None:
        return bridge.SAMPLE
    if is_on(state, supervisor):
        return str(state.outputs["backup"]) if state else bridge.SAMPLE
    foundation = engine.state(FOUNDATION)
    if foundation is None or foundation.boot_id != supervisor.boot_id or not foundation.outputs:
        return bridge.SAMPLE
    newest = bridge.newest_backup(clients(supervisor, tools), foundation.outputs["backup_bucket"])
    return newest.id if newest else bridge.SAMPLE


def part_with_data(
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
    bridge.delete_backups(clients(supervisor, tools), state.outputs["backup_bucket"])


def _back_up_for_the_last_time(supervisor: Supervisor, engine: LocalEngine, tools: Tools) -> None:
    if is_on(engine.state(PRAGMATIC), supervisor):
        tools.progress.say(f"Final backup {back_up(tools).id} is verified and stays in foundation's bucket.")
    elif any((tools.home / "efs" / f"ts-{PRAGMATIC}-data").rglob("*.db")):
        raise DataNotVerified(
            "pragmatic is down, so its data cannot be backed up before it is deleted",
            hint="run `trackstack up pragmatic` and destroy it then, or pass --accept-data-loss",
        )
