"""The estimate as a whole: pools, layers, names, and what it says about itself."""

import doctest
import socket
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from trackstack_infra import costs
from trackstack_infra.costs.estimate import estimate
from trackstack_infra.costs.hours import assumed_hours
from trackstack_infra.costs.line import Estimate, cents
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import Level, Usage
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.settings.groups import ScheduleSettings

ALWAYS = assumed_hours(Decimal(730), None)
WEEKENDS = assumed_hours(Decimal(112), ScheduleSettings())
EIP, TOPIC, LOG = "aws:ec2/eip:Eip", "aws:sns/topic:Topic", "aws:cloudwatch/logGroup:LogGroup"

Stated = Callable[[Mapping[str, Any]], Usage]


def component(name: str, parent: str | None = None) -> Resource:
    return Resource(urn=f"urn:{name}", type="trackstack:x:X", name=name, parent=parent, custom=False, inputs={})


def child(type_: str, parent: str, name: str = "it", **inputs: Any) -> Resource:
    urn = f"urn:{parent}${type_}::{name}"
    return Resource(urn=urn, type=type_, name=name, parent=f"urn:{parent}", custom=True, inputs=inputs)


def stack(name: str, *resources: Resource) -> Graph:
    return Graph(stack=name, resources=(component("whole"), *resources), outputs={})


def test_free_tiers_are_an_accounts(prices: Snapshot, stated: Stated) -> None:
    """Two stacks of 600,000 publishes each: a million of them free once, not twice."""
    both = [stack(name, child(TOPIC, "whole")) for name in ("pragmatic", "enterprise")]
    usage = stated({"sns.publishes": 600_000, "sqs.kb_per_message": 2})
    priced = estimate(both, prices, usage, ALWAYS)
    # each gets half of the million, and pays for the rest of its own: 100,000 × $0.0000005
    assert [(line.stack, line.free_units, line.exact) for line in priced.lines] == [
        ("pragmatic", 500_000, Decimal("0.05")),
        ("enterprise", 500_000, Decimal("0.05")),
    ]
    # apart each is free, which is why they are priced together
    assert sum(estimate(each, prices, usage, ALWAYS).exact for each in both) == 0


def test_logs_have_two_free_tiers(prices: Snapshot, stated: Stated) -> None:
    """5 GB that come in, and 5 GB that are kept."""
    # 4 GB in, all free; 8 GB kept, 5 free: 3 × $0.03
    usage = stated({"logs.gb": 4, "logs.stored_gb": 8})
    priced = estimate(stack("pragmatic", child(LOG, "whole")), prices, usage, ALWAYS)
    assert [(line.free_units, line.exact) for line in priced.lines] == [(4, 0), (5, Decimal("0.09"))]
    assert [line.free_saved for line in priced.lines] == [Decimal("2.0"), Decimal("0.15")]


def test_eight_pollers_leave_the_free_tier(prices: Snapshot, stated: Stated, stack_graph: Any) -> None:
    """Pragmatic and enterprise always on are four, and free; with a wait of 10 s they are worth eight, and are not."""
    graphs = [stack_graph("pragmatic"), stack_graph("enterprise", observability="off")]
    usage = stated({**dict.fromkeys(_usage_ids(graphs, prices), 0), "sqs.kb_per_message": 1})
    polls = [line for line in estimate(graphs, prices, usage, ALWAYS).lines if line.price.id == "sqs.request"]
    assert sum(line.quantity for line in polls) == 4 * 131_400
    assert sum(line.exact for line in polls) == 0
    shorter = [_with_wait(each, 10) for each in graphs]
    polls = [line for line in estimate(shorter, prices, usage, ALWAYS).lines if line.price.id == "sqs.request"]
    # (8 × 131,400 - 1,000,000) × $0.0000004
    assert sum(line.exact for line in polls) == Decimal("0.02048")


def test_without_the_free_tier(prices: Snapshot, stated: Stated) -> None:
    """List prices, as an account with other projects in it pays them."""
    usage = stated({"sns.publishes": 600_000, "sqs.kb_per_message": 2})
    priced = estimate(stack("pragmatic", child(TOPIC, "whole")), prices, usage, ALWAYS, free_tier=False)
    assert [(line.free_units, line.exact) for line in priced.lines] == [(0, Decimal("0.3"))]


def test_a_layer_decides_which_hours(prices: Snapshot, stated: Stated) -> None:
    """The runtime layer exists for the windows, the rest all month; what the schedule saves stands beside."""
    graph = stack(
        "enterprise",
        child(EIP, "whole", "goes", tags={"layer": "runtime"}),
        child(EIP, "whole", "stays", tags={"layer": "persistent"}),
    )
    goes, stays = estimate(graph, prices, stated({}), WEEKENDS).lines
    # 112 h × $0.005 of 730 h × $0.005
    assert (goes.exact, goes.if_always, goes.saved_by_schedule) == (Decimal("0.56"), Decimal("3.65"), Decimal("3.09"))
    assert (stays.exact, stays.if_always, stays.saved_by_schedule) == (Decimal("3.65"), Decimal("3.65"), 0)


def test_what_has_no_tags_takes_those_of_its_relatives(prices: Snapshot, stated: Stated) -> None:
    """A sibling's, else an aunt's; a component is the outermost one."""
    inner = component("inner", parent="urn:whole")
    tagged = child("aws:ec2/subnet:Subnet", "whole", tags={"layer": "runtime", "domain": "gym"})
    [line] = estimate(stack("enterprise", inner, tagged, child(EIP, "inner")), prices, stated({}), WEEKENDS).lines
    assert (line.layer, line.domain, line.component, line.exact) == ("runtime", "gym", "whole", Decimal("0.56"))


def test_stacks_may_have_calendars_of_their_own(prices: Snapshot, stated: Stated) -> None:
    """Pragmatic is always on, enterprise has a schedule."""
    graphs = [stack(name, child(EIP, "whole", tags={"layer": "runtime"})) for name in ("pragmatic", "enterprise")]
    priced = estimate(graphs, prices, stated({}), {"pragmatic": ALWAYS, "enterprise": WEEKENDS})
    assert [line.exact for line in priced.lines] == [Decimal("3.65"), Decimal("0.56")]
    assert priced.of("enterprise").usd == Decimal("0.56")


def test_a_type_without_a_rule_is_unpriced_and_never_free(prices: Snapshot, stated: Stated) -> None:
    """Nobody has said how a broker is billed."""
    graph = stack("enterprise", child("aws:mq/broker:Broker", "whole"))
    [unpriced] = estimate(graph, prices, stated({}), ALWAYS).unpriced
    assert (unpriced.type, unpriced.why) == ("aws:mq/broker:Broker", "no billing rule for this type")


def test_a_region_without_a_price_is_unpriced(prices: Snapshot, stated: Stated) -> None:
    """The snapshot knows three regions; another one's addresses are not free."""
    priced = estimate(stack("enterprise", child(EIP, "whole")), prices, stated({}), ALWAYS, region="sa-east-1")
    assert (priced.lines, [each.why for each in priced.unpriced]) == (
        (),
        ["the snapshot has no price ipv4.hour for sa-east-1"],
    )


def test_prices_are_the_regions(prices: Snapshot, stated: Stated) -> None:
    """In the fixture everything in Frankfurt is twice as dear."""
    nat = stack("enterprise", child("aws:ec2/natGateway:NatGateway", "whole"))
    [hours, _] = estimate(nat, prices, stated({"nat.gb": 0}), ALWAYS, region="eu-central-1").lines
    # 730 h × $0.08
    assert hours.exact == Decimal("58.4")


def test_a_total_is_the_rounded_sum_of_exact_lines(prices: Snapshot, stated: Stated) -> None:
    """Three lines of $0.0056 show as a cent each and are two together."""
    # 1.12 h × $0.005 = $0.0056 each; $0.0168 in all
    usage, short = stated({}), assumed_hours(Decimal("1.12"), ScheduleSettings())
    three = [child(EIP, "whole", name, tags={"layer": "runtime"}) for name in ("a", "b", "c")]
    priced = estimate(stack("enterprise", *three), prices, usage, short)
    assert [cents(line.exact) for line in priced.lines] == [Decimal("0.01")] * 3
    assert priced.usd == Decimal("0.02")


@pytest.mark.parametrize(("dollars", "shown"), [("0.005", "0.01"), ("0.00499", "0.00"), ("6.815", "6.82")])
def test_half_a_cent_is_rounded_up(dollars: str, shown: str) -> None:
    """As on a bill, not to the even cent."""
    assert cents(Decimal(dollars)) == Decimal(shown)


def test_the_three_levels_of_use_go_up(prices: Snapshot, usage: Usage, stack_graph: Any) -> None:
    """Low use never costs more than expected use, nor that more than high."""
    for name in ("foundation", "pragmatic", "enterprise"):
        low, expected, high = (
            estimate(stack_graph(name), prices, usage.at(level), WEEKENDS).exact
            for level in (Level.LOW, Level.EXPECTED, Level.HIGH)
        )
        assert low <= expected <= high


def test_the_same_again(prices: Snapshot, usage: Usage, stack_graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pure: no socket is opened, and the same goes in and out."""

    def refuse(*_: object) -> None:
        raise AssertionError("an estimate opened a socket")

    graph = stack_graph("enterprise")
    monkeypatch.setattr(socket, "socket", refuse)
    first, second = (estimate(graph, prices, usage, WEEKENDS) for _ in range(2))
    assert first == second
    assert isinstance(first, Estimate)


def test_the_example_in_the_documentation_runs(prices: Snapshot, usage: Usage, stack_graph: Any) -> None:
    """Three lines price a resource, a stack or several in a test."""
    known = {"prices": prices, "usage": usage, "foundation": stack_graph("foundation"), "schedule": ScheduleSettings()}
    stacks = {name: stack_graph(name) for name in ("pragmatic", "enterprise")}
    result = doctest.DocTestRunner(verbose=False).run(
        doctest.DocTestParser().get_doctest(costs.__doc__ or "", {**known, **stacks}, "costs", None, 0)
    )
    assert (result.failed, result.attempted > 3) == (0, True)


def _usage_ids(graphs: list[Graph], prices: Snapshot) -> set[str]:
    """What rules ask about these stacks, found by asking an estimate that is told nothing."""
    nothing, ids = Usage(schema=1, assumptions={}), set[str]()
    for why in (each.why for each in estimate(graphs, prices, nothing, ALWAYS).unpriced):
        ids |= set(why.removeprefix("no assumption for ").split(", "))
    return ids


def _with_wait(graph: Graph, seconds: int) -> Graph:
    from dataclasses import replace

    return replace(
        graph,
        resources=tuple(
            replace(each, inputs={**each.inputs, "receiveWaitTimeSeconds": seconds})
            if each.inputs.get("receiveWaitTimeSeconds")
            else each
            for each in graph.resources
        ),
    )


def test_what_is_free_does_not_use_up_the_dear_tier(prices: Snapshot, stated: Stated) -> None:
    """The first 10,000 GB that are paid for are dear: 10,100 GB with 100 free are 10,000 × $0.09."""
    gateway = stack("pragmatic", child("aws:ec2/internetGateway:InternetGateway", "whole"))
    [line] = estimate(gateway, prices, stated({"data.out_gb": 10_100}), ALWAYS).lines
    assert (line.free_units, line.exact) == (100, Decimal("900.00"))
