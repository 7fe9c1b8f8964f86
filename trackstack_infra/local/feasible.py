"""What an `up` cannot do, said before it changes anything."""

from typing import Final

from trackstack_infra.errors import Failed, UsageError
from trackstack_infra.local.engine import Plan
from trackstack_infra.settings import EnterpriseSettings, StackSettings

_TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"
_RULE: Final = "aws:lb/listenerRule:ListenerRule"


def require_database_spoken(settings: StackSettings) -> None:
    """Refuse a database that the services cannot speak to: they would come up empty, beside one that costs money."""
    if isinstance(settings, EnterpriseSettings) and settings.database == "postgres":
        raise UsageError(
            "trackstack:database is 'postgres', and the services speak SQLite only: it can be drawn, checked and"
            " priced, not run",
            hint="set it to sqlite; graph, preview and policy check show postgres with --set database=postgres",
        )


def require_no_group_in_use(plan: Plan, stack: str, again: str) -> None:
    """Refuse to replace a target group that a rule goes on using, as AWS does, but before half of the rest is done."""
    groups = [change for change in plan.changes if change.type == _TARGET_GROUP and change.action == "replace"]
    stays = any(change.type == _RULE and change.action in ("same", "update") for change in plan.changes)
    if groups and stays:
        names = ", ".join(change.name for change in groups)
        why = ", ".join(sorted({name for change in groups for name in change.properties}))
        raise Failed(
            f"{stack} is on, and its load balancer uses what would have to be replaced ({why} of {names})",
            hint=f"run `trackstack down {stack}` first, then `{again}`: data stays",
        )
