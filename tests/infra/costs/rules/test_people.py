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
    """Two budgets are free, whatever the number of their actions, and no matter which one comes first."""
    two = [resource(ACTION, name, budgetName=name[0], tags=KEPT) for name in ("a1", "a2", "b1")]
    # 2 × 730 h / 24 = 60.83 budget-days, of which 62 are free
    assert price(*two, free_tier=True).exact == 0
    three = [*two, resource(ACTION, "c1", budgetName="c", tags=KEPT)]
    # 3 × 730 h / 24 = 91.25 budget-days, less 62; × $0.24
    assert round(price(*three, free_tier=True).exact, 9) == round(price(*three[::-1], free_tier=True).exact, 9)
    assert round(price(*three, free_tier=True).exact, 9) == Decimal("7.02")


def test_a_budget_with_actions_is_billed_by_the_day(resource: Any, bill: Any) -> None:
    """At $0.24 a day an hour is a cent: a month of 730 h is $7.30 at list price, with the power on or off."""
    assert round(bill(resource(ACTION, budgetName="b", tags=KEPT))["budgets.action_day"], 9) == Decimal("7.30")
