"""What an `up` cannot do, said before it changes anything."""

from typing import Final

from trackstack_infra.errors import Failed, UsageError
from trackstack_infra.local.engine import Plan
from trackstack_infra.settings.models import EnterpriseSettings, StackSettings

_NETWORK: Final = "aws:ec2/vpc:Vpc"
_TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"


def require_database_spoken(settings: StackSettings) -> None:
    """Refuse a database that the services cannot speak to: they would come up empty, beside one that costs money."""
    if isinstance(settings, EnterpriseSettings) and settings.database == "postgres":
        raise UsageError(
            "trackstack:database is 'postgres', but the services support only SQLite: it can be drawn, checked and"
            " priced, not run",
            hint="set it to sqlite; graph, preview and policy check show postgres with --set database=postgres",
        )


def require_no_traffic_through_a_replaced_network(plan: Plan, stack: str, again: str) -> None:
    """Refuse to replace target groups that rules still use, as AWS does, but before half of the rest is done."""
    networks = [change for change in plan.changes if change.type == _NETWORK and change.action == "replace"]
    groups = [c.name for c in plan.changes if c.type == _TARGET_GROUP and c.action == "replace"]
    if networks and groups:
        why = ", ".join(name for change in networks for name in change.properties)
        raise Failed(
            f"{stack} is running, and its network, which a change of {why} replaces, is in use by {', '.join(groups)}",
            hint=f"run `trackstack down {stack}` first, then `{again}`: data stays",
        )
