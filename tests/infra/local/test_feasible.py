"""What `up` refuses before it changes anything."""

from pathlib import Path

import pytest

from trackstack_infra.errors import Failed, UsageError
from trackstack_infra.local.engine import Change, Plan
from trackstack_infra.local.engine.plan import Action
from trackstack_infra.local.feasible import require_database_spoken, require_no_group_in_use
from trackstack_infra.settings import load_settings

CHECKOUT = Path(__file__).resolve().parents[3]
GROUP, RULE = "aws:lb/targetGroup:TargetGroup", "aws:lb/listenerRule:ListenerRule"


def change(type_: str, action: Action, *properties: str) -> Change:
    return Change(f"urn:{type_}", type_, "balancer-gym", None, action, properties)


def test_a_database_that_nothing_speaks_to_is_refused() -> None:
    """Postgres is refused by name, with the reason and what to do; SQLite and pragmatic are not."""
    with pytest.raises(UsageError) as refused:
        require_database_spoken(load_settings("enterprise", CHECKOUT, database="postgres"))
    assert refused.value.exit_code == 2
    assert refused.value.message.startswith("trackstack:database is 'postgres', and the services speak SQLite only")
    assert "set it to sqlite" in (refused.value.hint or "")
    require_database_spoken(load_settings("enterprise", CHECKOUT))
    require_database_spoken(load_settings("pragmatic", CHECKOUT))


def test_a_target_group_in_use_is_not_replaced() -> None:
    """The error says which, why, and the two commands that lead there."""
    plan = Plan.of([change(GROUP, "replace", "ipAddressType"), change(RULE, "update", "actions")])
    with pytest.raises(Failed) as refused:
        require_no_group_in_use(plan, "enterprise", "trackstack up enterprise --set egress=ipv6")
    assert "(ipAddressType of balancer-gym)" in refused.value.message
    assert "`trackstack down enterprise` first, then `trackstack up enterprise --set egress=ipv6`" in (
        refused.value.hint or ""
    )


@pytest.mark.parametrize("rule", ["create", "replace", "delete"])
def test_a_target_group_whose_rule_goes_may_be_replaced(rule: Action) -> None:
    """With the power off there is neither; with another load balancer there are other rules."""
    require_no_group_in_use(Plan.of([change(GROUP, "replace"), change(RULE, rule)]), "enterprise", "again")
    require_no_group_in_use(Plan.of([change(GROUP, "same"), change(RULE, "same")]), "enterprise", "again")
