"""What `up` refuses before it changes anything."""

from pathlib import Path

import pytest

from trackstack_infra.errors import Failed, UsageError
from trackstack_infra.local.engine import Change, Plan
from trackstack_infra.local.engine.plan import Action
from trackstack_infra.local.engine.refusals import (
    require_database_spoken,
    require_no_traffic_through_a_replaced_network,
)
from trackstack_infra.settings.load import load_settings

CHECKOUT = Path(__file__).resolve().parents[4]
GROUP, NETWORK = "aws:lb/targetGroup:TargetGroup", "aws:ec2/vpc:Vpc"


def change(type_: str, action: Action, *properties: str) -> Change:
    name = "balancer-gym" if type_ == GROUP else "network-vpc"
    return Change(f"urn:{type_}::{name}", type_, name, None, action, properties)


def test_a_database_that_nothing_speaks_to_is_refused() -> None:
    """Postgres is refused by name, with the reason and what to do; SQLite and pragmatic are not."""
    with pytest.raises(UsageError) as refused:
        require_database_spoken(load_settings("enterprise", CHECKOUT, database="postgres"))
    assert refused.value.exit_code == 2
    assert refused.value.message.startswith("trackstack:database is 'postgres', but the services support only SQLite")
    assert "set it to sqlite" in (refused.value.hint or "")
    require_database_spoken(load_settings("enterprise", CHECKOUT))
    require_database_spoken(load_settings("pragmatic", CHECKOUT))


def test_a_network_in_use_is_not_replaced() -> None:
    """The error says why it would be, who uses it, and the two commands that lead there."""
    plan = Plan.of([change(NETWORK, "replace", "assignGeneratedIpv6CidrBlock"), change(GROUP, "replace", "vpcId")])
    with pytest.raises(Failed) as refused:
        require_no_traffic_through_a_replaced_network(plan, "enterprise", "trackstack up enterprise --set egress=ipv6")
    assert "which a change of assignGeneratedIpv6CidrBlock replaces, is in use by balancer-gym" in refused.value.message
    assert "`trackstack down enterprise` first, then `trackstack up enterprise --set egress=ipv6`" in (
        refused.value.hint or ""
    )


@pytest.mark.parametrize("group", ["create", "delete", "same"])
def test_a_network_without_traffic_may_be_replaced(group: Action) -> None:
    """With the power off there are no target groups; and what a plan only fears is no reason."""
    replaced = change(NETWORK, "replace", "cidrBlock")
    require_no_traffic_through_a_replaced_network(Plan.of([replaced, change(GROUP, group)]), "enterprise", "again")
    feared = Plan.of([change(NETWORK, "update", "tags"), change(GROUP, "replace", "vpcId")])
    require_no_traffic_through_a_replaced_network(feared, "enterprise", "again")
