"""Prices that never change and the shipped assumptions: what tests of costs work with."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.costs.line import Line
from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.snapshot import Price, Snapshot, Tier, read_snapshot
from trackstack_infra.costs.usage import Usage, read_usage
from trackstack_infra.graph import Graph
from trackstack_infra.graph.kept import graph_of_stack
from trackstack_infra.settings.load import load_settings

CHECKOUT = Path(__file__).resolve().parents[3]
FIXTURE_PRICES = Path(__file__).parent / "fixture_prices.yaml"


@pytest.fixture(scope="session")
def prices() -> Snapshot:
    """Invented, round prices, so that a test is right whatever the shipped snapshot says."""
    return read_snapshot(FIXTURE_PRICES)


@pytest.fixture(scope="session")
def usage() -> Usage:
    """The assumptions the package ships, at the expected level."""
    return read_usage()


@pytest.fixture(scope="session")
def make_line() -> Callable[..., Line]:
    """A line made by hand: `make_line("enterprise", "nat.hour", "0.045", 126, always=720)`."""

    def make(stack: str, price: str, usd: str, quantity: int | str, **given: Any) -> Line:
        units, free = Decimal(quantity), Decimal(given.get("free", 0))
        always = Decimal(given.get("always", quantity))
        component = given.get("component", price.partition(".")[0])
        return Line(
            stack=stack,
            layer=given.get("layer", "persistent"),
            domain=given.get("domain", "shared"),
            component=component,
            urn=f"urn:{stack}::{component}",
            type=given.get("type", "aws:made/up:Up"),
            meter=given.get(
                "meter",
                Meter(price=price, billing=given.get("billing", Billing.BY_SECOND), usage=given.get("usage")),
            ),
            price=Price(
                id=price,
                region="us-east-1",
                service_code="Made",
                usage_type=f"Made-{price}",
                unit="hour",
                tiers=(Tier(usd=usd),),
                effective=date(2026, 10, 1),
                retrieved=date(2026, 11, 1),
                source="invented",
                source_kind="docs",
                confidence="high",
            ),
            hours=Decimal(given.get("hours", 720)),
            used=given.get("used"),
            quantity=units,
            free_units=free,
            exact=(units - free) * Decimal(usd),
            if_always=(always - free) * Decimal(usd),
        )

    return make


@pytest.fixture(scope="session")
def stated() -> Callable[[Mapping[str, Any]], Usage]:
    """Assumptions of a test's own, the same for every stack and at every level."""

    def stating(figures: Mapping[str, Any]) -> Usage:
        each = {
            id_: {"unit": "", "why": "", "each": {"any": dict.fromkeys(("low", "expected", "high"), str(figure))}}
            for id_, figure in figures.items()
        }
        return Usage.model_validate({"schema": 1, "assumptions": each})

    return stating


_RECORDED: dict[str, Graph] = {}


@pytest.fixture(scope="session")
def stack_graph() -> Callable[..., Graph]:
    """A stack with some settings changed, running unless it is said otherwise; recorded once for each set of them."""

    def graph(stack: str, **settings: Any) -> Graph:
        asked = {**({} if stack == "foundation" else {"power": "on"}), **settings}
        key = repr((stack, sorted(asked.items())))
        if key not in _RECORDED:
            settings = load_settings(stack, CHECKOUT, **asked)
            _RECORDED[key] = graph_of_stack(stack, settings, outputs="fabricated")
        return _RECORDED[key]

    return graph
