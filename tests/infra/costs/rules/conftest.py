"""One resource or a few, made by hand and billed at the fixture's prices."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from trackstack_infra.costs.estimate import estimate
from trackstack_infra.costs.hours import Calendar, assumed_hours
from trackstack_infra.costs.line import Estimate
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.settings.groups import ScheduleSettings

Bill = Callable[..., dict[str, Decimal]]


def a(type_: str, name: str = "it", *, outputs: Mapping[str, Any] | None = None, **inputs: Any) -> Resource:
    """A resource of the runtime layer; its component is called `whole`."""
    tags = {"layer": "runtime", "domain": "shared"}
    return Resource(
        urn=f"urn:{type_}::{name}",
        type=type_,
        name=name,
        parent="urn:whole",
        custom=True,
        inputs={"tags": tags, **inputs},
        outputs=outputs or {},
    )


def stack(*resources: Resource, component: str = "whole") -> Graph:
    """A graph of them, below one component."""
    whole = Resource(urn="urn:whole", type="trackstack:x:X", name=component, parent=None, custom=False, inputs={})
    return Graph(stack="enterprise", resources=(whole, *resources), outputs={})


@pytest.fixture
def resource() -> Callable[..., Resource]:
    return a


@pytest.fixture
def price(prices: Snapshot, stated: Callable[[Mapping[str, Any]], Usage]) -> Callable[..., Estimate]:
    """The estimate of some resources, running for so many hours of a month of 730, in windows of 14 h.

    `nat__gb=5` states `nat.gb`.
    """

    def priced(
        *resources: Resource,
        hours: int = 112,
        calendar: Calendar | None = None,
        component: str = "whole",
        free_tier: bool = False,
        **use: float | str,
    ) -> Estimate:
        month = calendar or assumed_hours(Decimal(hours), ScheduleSettings())
        usage = stated({name.replace("__", "."): figure for name, figure in use.items()})
        return estimate(stack(*resources, component=component), prices, usage, month, free_tier=free_tier)

    return priced


@pytest.fixture
def bill(price: Callable[..., Estimate]) -> Bill:
    """The same as dollars by price id, without the free tier; fails where something is unpriced."""

    def billed(*resources: Resource, **options: Any) -> dict[str, Decimal]:
        priced = price(*resources, **options)
        assert priced.unpriced == ()
        sums: dict[str, Decimal] = {}
        for line in priced.lines:
            sums[line.price.id] = sums.get(line.price.id, Decimal(0)) + line.exact
        return sums

    return billed
