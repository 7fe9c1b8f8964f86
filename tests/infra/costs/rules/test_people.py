"""What people and budgets cost."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from trackstack_infra.costs.estimate import estimate
from trackstack_infra.costs.hours import assumed_hours
from trackstack_infra.costs.snapshot import Price, Snapshot, Tier
from trackstack_infra.graph import Graph

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


def test_a_budget_with_actions_is_billed_by_the_day(resource: Any, stated: Any) -> None:
    """At $0.24 a day an hour is a cent: a month of 730 h is $7.30, with the power on or off."""
    day = Price(
        id="budgets.action_day",
        region="us-east-1",
        service_code="AWSBudgets",
        usage_type="invented",
        unit="day",
        tiers=(Tier(usd=Decimal("0.24")),),
        effective=date(2026, 10, 1),
        retrieved=date(2026, 11, 1),
        source="invented",
        source_kind="third-party",
        confidence="high",
    )
    prices = Snapshot.model_validate({"schema": 1, "snapshot": date(2026, 11, 1), "currency": "USD", "entries": (day,)})
    three = [replace(resource(ACTION, name, budgetName=name, tags=KEPT), parent=None) for name in ("a", "b", "c")]
    month = assumed_hours(Decimal(112), None)
    (line,) = estimate(Graph("foundation", tuple(three), {}), prices, stated({}), month).lines
    assert line.urn == three[-1].urn
    assert round(line.exact, 6) == Decimal("7.30")
