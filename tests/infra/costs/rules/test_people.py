"""What people and budgets cost."""

from decimal import Decimal
from typing import Any

POOL, ACTION = "aws:cognito/userPool:UserPool", "aws:budgets/budgetAction:BudgetAction"
KEPT = {"layer": "persistent"}


def test_a_pool_bills_those_who_log_in(resource: Any, bill: Any) -> None:
    """At list price; 10,000 a month are free."""
    # 5 × $0.02
    assert bill(resource(POOL, tags=KEPT), cognito__users=5) == {"cognito.essentials_mau": Decimal("0.1")}


def test_another_tier_of_a_pool_is_unpriced_until_somebody_writes_it_down(resource: Any, price: Any) -> None:
    """Plus has no free part at all."""
    [unpriced] = price(resource(POOL, userPoolTier="PLUS"), cognito__users=5).unpriced
    assert unpriced.why == "the snapshot has no price cognito.plus_mau for us-east-1"


def test_the_third_budget_with_actions_is_billed(resource: Any, price: Any) -> None:
    """Two budgets are free, whatever the number of their actions."""
    two = [resource(ACTION, name, budgetName=name[0], tags=KEPT) for name in ("a1", "a2", "b1")]
    assert (price(*two).lines, price(*two).unpriced) == ((), ())
    three = [*two, resource(ACTION, "c1", budgetName="c", tags=KEPT)]
    assert [each.urn for each in price(*three).unpriced] == [three[-1].urn]
