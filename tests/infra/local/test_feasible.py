"""What `up` refuses before it changes anything."""

from pathlib import Path

import pytest

from trackstack_infra.errors import Failed, UsageError
from trackstack_infra.local.engine import Change, Plan
from trackstack_infra.local.engine.plan import Action
from trackstack_infra.local.feasible import require_database_spoken, require_power_off_between_ip_families
from trackstack_infra.settings import load_settings

CHECKOUT = Path(__file__).resolve().parents[3]
GROUP = "aws:lb/targetGroup:TargetGroup"


def change(action: Action, *properties: str) -> Change:
    return Change(f"urn:{GROUP}::balancer-gym", GROUP, "balancer-gym", None, action, properties)


def test_a_database_that_nothing_speaks_to_is_refused() -> None:
    """Postgres is refused by name, with the reason and what to do; SQLite and pragmatic are not."""
    with pytest.raises(UsageError) as refused:
        require_database_spoken(load_settings("enterprise", CHECKOUT, database="postgres"))
    assert refused.value.exit_code == 2
    assert refused.value.message.startswith("trackstack:database is 'postgres', and the services speak SQLite only")
    assert "set it to sqlite" in (refused.value.hint or "")
    require_database_spoken(load_settings("enterprise", CHECKOUT))
    require_database_spoken(load_settings("pragmatic", CHECKOUT))


def test_running_target_groups_do_not_change_their_ip_family() -> None:
    """The error says which, why, and the two commands that lead there."""
    plan = Plan.of([change("replace", "ipAddressType", "vpcId")])
    with pytest.raises(Failed) as refused:
        require_power_off_between_ip_families(plan, "enterprise", "trackstack up enterprise --set egress=ipv6")
    assert "cannot go between IPv4 and IPv6 while it uses balancer-gym" in refused.value.message
    assert "`trackstack down enterprise` first, then `trackstack up enterprise --set egress=ipv6`" in (
        refused.value.hint or ""
    )


def test_other_changes_of_target_groups_go_on() -> None:
    """New ones, gone ones, and those that are replaced only if their VPC turns out to be another."""
    for plan in (change("create"), change("delete"), change("replace", "vpcId"), change("same")):
        require_power_off_between_ip_families(Plan.of([plan]), "enterprise", "again")
