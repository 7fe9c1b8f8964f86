"""Backups of pragmatic: made, listed, chosen to start enterprise with, and what must hold before data goes."""

from trackstack_infra import backup_store
from trackstack_infra.errors import DataNotVerified, Failed
from trackstack_infra.local.observe.status import running
from trackstack_infra.names import FOUNDATION, PRAGMATIC
from trackstack_infra.session import Session
from trackstack_infra.stack import STACKS

BACKUP_TIMEOUT_S = 120.0


def back_up(session: Session) -> backup_store.Backup:
    """Have pragmatic make a verified backup of itself now."""
    _, pragmatic = running(PRAGMATIC, session.home)
    _, foundation = running(FOUNDATION, session.home)
    if not pragmatic.outputs["services"]:
        raise Failed(
            "pragmatic is stopped, and only the running app can copy its database",
            hint="run `trackstack up pragmatic` first",
        )
    with session.progress.step("pragmatic copies, verifies and uploads its database"):
        return backup_store.request_backup(
            session.aws,
            bucket=foundation.outputs["backup_bucket"],
            queue_url=pragmatic.outputs["queue_url"],
            request_id=session.new_id(),
            timeout_s=BACKUP_TIMEOUT_S,
            now=session.now,
            stop=session.stop,
        )


def list_backups(session: Session) -> list[backup_store.Backup]:
    """All backups, newest first."""
    _, foundation = running(FOUNDATION, session.home)
    return backup_store.backups(session.aws, foundation.outputs["backup_bucket"])


def backup_to_start_with(session: Session) -> str:
    """The newest backup; while the stack is on, the one it started with: running services keep their data."""
    state = session.planner.state(session.stack.name)
    if state is not None and session.is_on(state):
        return str(state.outputs["backup"])
    foundation = session.planner.state(FOUNDATION)
    if foundation is None or not session.lives(foundation) or not foundation.outputs:
        return backup_store.SAMPLE
    newest = backup_store.newest_backup(session.aws, foundation.outputs["backup_bucket"])
    return newest.id if newest else backup_store.SAMPLE


def part_with_data(session: Session, *, accept_data_loss: bool) -> None:
    """See to it that no data is lost unasked: a last backup of original data, a refusal to delete the only backups."""
    if session.stack.keeps_backups:
        _part_with_backups(session, accept_data_loss=accept_data_loss)
    elif session.stack.makes_backups and not accept_data_loss:
        _back_up_for_the_last_time(session)


def _part_with_backups(session: Session, *, accept_data_loss: bool) -> None:
    name = session.stack.name
    others = [other.name for other in STACKS.values() if name in other.needs and session.engine.state(other.name)]
    if others:
        raise Failed(f"{name} is in use by {' and '.join(others)}", hint=f"run `trackstack destroy {others[0]}` first")
    state = session.engine.state(name)
    if state is None or not session.lives(state) or not state.outputs:
        return
    if list_backups(session) and not accept_data_loss:
        raise DataNotVerified(
            f"{name} holds the only copies of pragmatic's backups",
            hint="pass --accept-data-loss to delete them anyway",
        )
    backup_store.delete_backups(session.aws, state.outputs["backup_bucket"])


def _back_up_for_the_last_time(session: Session) -> None:
    name = session.stack.name
    if session.is_on(session.engine.state(name)):
        session.progress.say(f"Final backup {back_up(session).id} is verified and stays in foundation's bucket.")
    elif any((session.home / "efs" / f"ts-{name}-data").rglob("*.db")):
        raise DataNotVerified(
            f"{name} is stopped, so its data cannot be backed up before deletion",
            hint=f"run `trackstack up {name}` before `destroy`, or pass --accept-data-loss",
        )
