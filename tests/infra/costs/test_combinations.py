"""Under whatever settings: nothing is unpriced, and what costs nothing does so for a stated reason."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from choices import DOMAIN, EGRESS, GITHUB, every_enterprise, every_foundation, every_pragmatic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stacks import PROGRAMS
from trackstack_infra.costs.estimate import estimate
from trackstack_infra.costs.hours import assumed_hours
from trackstack_infra.costs.snapshot import Snapshot, read_snapshot, shipped
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import Graph, record
from trackstack_infra.settings.groups import ScheduleSettings
from trackstack_infra.settings.load import load_settings

CHECKOUT: Final = Path(__file__).resolve().parents[3]
Settings = Mapping[str, Any]

CALENDAR: Final = assumed_hours(Decimal(112), ScheduleSettings())


def _all() -> Iterator[tuple[str, Settings]]:
    """What tests/stacks sweeps, with the power on and off where a stack has one."""
    sweep = [*every_foundation(), *every_pragmatic(), *(each for egress in EGRESS for each in every_enterprise(egress))]
    for combination in sweep:
        for power in ({},) if combination.stack == "foundation" else ({"power": "on"}, {"power": "off"}):
            yield combination.stack, {**combination.settings, **power}


ALL: Final = list(_all())


@pytest.fixture(scope="module")
def real_prices() -> Snapshot:
    """The snapshot that is shipped: it must know every price that a rule asks for."""
    return read_snapshot(shipped())


def unexplained(graph: Graph, prices: Snapshot, usage: Usage) -> list[str]:
    """What is unpriced, and what is neither billed nor free for a reason."""
    estimated = estimate(graph, prices, usage, CALENDAR)
    billed, free = {line.urn for line in estimated.lines}, {type_ for type_, _ in estimated.free}
    silent = [each.urn for each in graph.resources if each.custom and each.urn not in billed and each.type not in free]
    return [*(f"{each.urn}: {each.why}" for each in estimated.unpriced), *silent]


@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(chosen=st.sampled_from(ALL))
def test_some_settings(
    chosen: tuple[str, Settings], real_prices: Snapshot, usage: Usage, stack_graph: Callable[..., Graph]
) -> None:
    """A sample of all combinations; the slow tier takes each."""
    stack, values = chosen
    assert unexplained(stack_graph(stack, **values), real_prices, usage) == []


@pytest.mark.parametrize(
    ("stack", "values"),
    [
        ("foundation", {"github": GITHUB, "budget": {"usd": "25", "mail": "a@example.org"}}),
        ("pragmatic", {"ingress": "ipv6", "domain": DOMAIN}),
        ("enterprise", {"egress": "nat-instance", "database": "postgres", "domain": DOMAIN}),
        ("enterprise", {"egress": "ipv6", "observability": "task"}),
    ],
)
def test_what_registers_most_types(
    stack: str, values: Settings, real_prices: Snapshot, usage: Usage, stack_graph: Callable[..., Graph]
) -> None:
    """Between them and the three defaults of other tests every type of every setting is there."""
    assert unexplained(stack_graph(stack, **values), real_prices, usage) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_all_settings(real_prices: Snapshot, usage: Usage) -> None:
    """Each of the combinations: unpriced is 0."""
    assert len(ALL) == 4 + 2 * 24 + 2 * 84
    for stack, values in ALL:
        program = partial(PROGRAMS[stack], load_settings(stack, CHECKOUT, **values))
        graph = record(program, stack=stack, outputs="fabricated")  # not kept: they are hundreds
        assert unexplained(graph, real_prices, usage) == [], (stack, values)


@pytest.mark.parametrize("stack", ["foundation", "pragmatic", "enterprise"])
def test_frankfurt_has_all_prices(
    stack: str, real_prices: Snapshot, usage: Usage, stack_graph: Callable[..., Graph]
) -> None:
    """As Virginia does."""
    assert estimate(stack_graph(stack), real_prices, usage, CALENDAR, region="eu-central-1").unpriced == ()


def test_what_a_region_has_no_price_for_is_listed(
    real_prices: Snapshot, usage: Usage, stack_graph: Callable[..., Graph]
) -> None:
    """Nobody is told that an API in a region that the snapshot does not know is free."""
    priced = estimate(stack_graph("pragmatic"), real_prices, usage, CALENDAR, region="sa-east-1")
    assert "the snapshot has no price api.http.request for sa-east-1" in {each.why for each in priced.unpriced}
