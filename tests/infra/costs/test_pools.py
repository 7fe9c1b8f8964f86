"""Free tiers and tiers of a price: an account's, so that names, orders and numbers of resources change no total."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trackstack_infra.costs.estimate import estimate
from trackstack_infra.costs.hours import assumed_hours
from trackstack_infra.costs.line import Estimate
from trackstack_infra.costs.pools import settle, without_noise
from trackstack_infra.costs.snapshot import FreeTier, Price, Snapshot, Tier
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.settings.groups import ScheduleSettings

WEEKENDS: Final = assumed_hours(Decimal(112), ScheduleSettings())
ALWAYS: Final = assumed_hours(Decimal(730), None)
ROUNDED: Final = 12  # places; dividing a use among many resources leaves something behind them
with_fixtures = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def price(id_: str, *tiers: tuple[str, str | None]) -> Price:
    """`price("x", ("0.09", "10"), ("0.05", None))`: nine cents up to ten units, then five."""
    starts = ["0", *(stop for _, stop in tiers if stop is not None)]
    return Price(
        id=id_,
        region="us-east-1",
        service_code="Made",
        usage_type=f"Made-{id_}",
        unit="unit",
        tiers=tuple(
            Tier.model_validate({"start": start, "stop": stop, "usd": usd})
            for start, (usd, stop) in zip(starts, tiers, strict=True)
        ),
        effective=date(2026, 10, 1),
        retrieved=date(2026, 11, 1),
        source="invented",
        source_kind="docs",
        confidence="high",
    )


def pool(units: int, *prices: str) -> FreeTier:
    return FreeTier.model_validate({"id": "p", "prices": prices, "units": str(units), "unit": "unit", "source": "me"})


def test_the_dearest_price_draws_first() -> None:
    """It saves the most, whatever the prices are called: of 10 free units the dear 8 take 8, the cheap ones 2."""
    cheap, dear = price("a.cheap", ("0.10", None)), price("z.dear", ("0.50", None))
    charges = settle([(cheap, Decimal(5)), (dear, Decimal(8))], [pool(10, "a.cheap", "z.dear")])
    assert [(each.free, each.exact) for each in charges] == [(2, Decimal("0.30")), (8, 0)]


def test_items_of_a_price_bear_equal_parts() -> None:
    """20 and 60 units share 40 free ones: 10 and 30, and pay for 10 and 30."""
    one = price("x", ("0.10", None))
    charges = settle([(one, Decimal(20)), (one, Decimal(60))], [pool(40, "x")])
    assert [(each.free, each.exact) for each in charges] == [(10, 1), (30, 3)]


def test_items_reach_the_tiers_of_a_price_together() -> None:
    """Two of 10 units are 20: 10 × $0.09 and 10 × $0.05 are $1.40, 70 cents each; apart they would be 90 each."""
    tiered = price("x", ("0.09", "10"), ("0.05", None))
    assert [each.exact for each in settle([(tiered, Decimal(10))] * 2, [])] == [Decimal("0.70"), Decimal("0.70")]


def test_parts_add_up_to_the_last_digit() -> None:
    """Three items of a unit with one free one have a third each, which has no end: together they have one."""
    charges = settle([(price("x", ("1", None)), Decimal(1))] * 3, [pool(1, "x")])
    assert sum(each.free for each in charges) == 1


@given(parts=st.lists(st.integers(0, 10**9), min_size=1, max_size=9), free=st.integers(0, 10**9))
def test_however_a_quantity_is_split_it_costs_the_same(parts: list[int], free: int) -> None:
    """In one item or in nine; nobody gets more free than it uses, or pays less than nothing."""
    tiered, quantity = price("x", ("0.09", "1000000"), ("0.05", None)), Decimal(sum(parts))
    charges = settle([(tiered, Decimal(part)) for part in parts], [pool(free, "x")])
    [whole] = settle([(tiered, quantity)], [pool(free, "x")])
    assert without_noise(sum((each.free for each in charges), Decimal(0))) == whole.free == min(free, quantity)
    assert round(sum((each.exact for each in charges), Decimal(0)), ROUNDED) == round(whole.exact, ROUNDED)
    noise = Decimal(1).scaleb(-ROUNDED)
    assert all(-noise <= each.free <= part + noise for each, part in zip(charges, parts, strict=True))
    assert all(each.exact >= -noise for each in charges)


@with_fixtures
@given(groups=st.integers(1, 9), gigabytes=st.integers(0, 40), kept=st.integers(0, 40))
def test_log_groups_may_be_as_many_as_one_likes(
    prices: Snapshot, stated: Callable[[Mapping[str, Any]], Usage], groups: int, gigabytes: int, kept: int
) -> None:
    """Of what comes in and of what is kept 5 GB are free, in one group or in nine."""
    usage = stated({"logs.gb": gigabytes, "logs.stored_gb": kept})
    type_ = "aws:cloudwatch/logGroup:LogGroup"
    logs = tuple(Resource(f"urn:{name}", type_, str(name), None, True, {}) for name in range(groups))
    exact = estimate(Graph("pragmatic", logs, {}), prices, usage, ALWAYS).exact
    assert exact == max(0, gigabytes - 5) * Decimal("0.50") + max(0, kept - 5) * Decimal("0.03")


@with_fixtures
@given(random=st.randoms(use_true_random=False))
def test_names_and_order_change_nothing(
    prices: Snapshot, usage: Usage, stack_graph: Callable[..., Graph], random: Random
) -> None:
    """All three stacks, each resource with another name in another place: the same total and sum of each meter."""
    graphs = [stack_graph(stack) for stack in ("foundation", "pragmatic", "enterprise")]
    plenty = _hundredfold(usage)
    before = estimate(graphs, prices, plenty, WEEKENDS)
    shuffled = [_shuffled(graph, random) for graph in random.sample(graphs, len(graphs))]
    after = estimate(shuffled, prices, plenty, WEEKENDS)
    assert after.exact == before.exact
    assert _by_meter(after) == _by_meter(before)
    used_up = {line.price.id for line in before.lines if 0 < line.free_units < line.quantity}
    assert used_up >= {"sqs.request", "logs.ingest_gb", "logs.stored_gb_month", "cloudfront.request", "data.out_gb"}


def _hundredfold(usage: Usage) -> Usage:
    """So much of everything that free tiers are used up."""
    each = {
        id_: assumption.model_copy(
            update={
                "each": {
                    stack: range_.model_copy(update={"expected": range_.high * 100})
                    for stack, range_ in assumption.each.items()
                }
            }
        )
        for id_, assumption in usage.assumptions.items()
        if not id_.startswith(("fargate.", "schedule.")) and not id_.endswith((".kb_per_request", ".seconds"))
    }
    return usage.model_copy(update={"assumptions": {**usage.assumptions, **each}})


def _shuffled(graph: Graph, random: Random) -> Graph:
    names = random.sample(range(10**6), len(graph.resources))
    parents = {each.parent for each in graph.resources}
    renamed = [
        replace(each, urn=f"urn:{name}", name=f"n{name}") if each.custom and each.urn not in parents else each
        for each, name in zip(graph.resources, names, strict=True)
    ]
    return replace(graph, resources=tuple(random.sample(renamed, len(renamed))))


def _by_meter(estimated: Estimate) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in estimated.lines:
        sums[line.stack, line.price.id] += line.exact
    return {key: round(exact, ROUNDED) for key, exact in sums.items()}
