"""What an `up` cannot do, said before it changes anything."""

from typing import Final

from trackstack_infra.errors import Failed, UsageError
from trackstack_infra.local.engine import Plan
from trackstack_infra.settings import EnterpriseSettings, StackSettings

_TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"


def require_database_spoken(settings: StackSettings) -> None:
    """Refuse a database that the services cannot speak to: they would come up empty, beside one that costs money."""
    if isinstance(settings, EnterpriseSettings) and settings.database == "postgres":
        raise UsageError(
            "trackstack:database is 'postgres', and the services speak SQLite only: it can be drawn, checked and"
            " priced, not run",
            hint="set it to sqlite; graph, preview and policy check show postgres with --set database=postgres",
        )


def require_power_off_between_ip_families(plan: Plan, stack: str, again: str) -> None:
    """Refuse to replace target groups that rules still use, as AWS does, but before half of the rest is done."""
    groups = [
        change.name
        for change in plan.changes
        if change.type == _TARGET_GROUP and change.action == "replace" and "ipAddressType" in change.properties
    ]
    if groups:
        raise Failed(
            f"{stack} is on, and its load balancer cannot go between IPv4 and IPv6 while it uses {', '.join(groups)}",
            hint=f"run `trackstack down {stack}` first, then `{again}`: data stays",
        )
