"""Graphs, prices, use and a calendar in; an estimate out. Nothing is read, asked or guessed on the way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from trackstack_infra.costs.hours import Calendar
from trackstack_infra.costs.line import Estimate, Line, Unpriced
from trackstack_infra.costs.meter import Meter
from trackstack_infra.costs.rules import FREE, RULES, Scene
from trackstack_infra.costs.snapshot import FreeTier, Snapshot
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.names import SHARED, Layer


@dataclass(frozen=True)
class Use:
    """One meter of one resource, before it has a price."""

    graph: Graph
    resource: Resource
    meter: Meter
    layer: Layer


def estimate(
    graphs: Graph | Sequence[Graph],
    prices: Snapshot,
    usage: Usage,
    calendar: Calendar | Mapping[str, Calendar],
    *,
    region: str = "us-east-1",
    free_tier: bool = True,
) -> Estimate:
    """Price one stack or several together, recorded with the power on and outputs="fabricated".

    `calendar` may differ by stack. Free tiers are an account's, so stacks priced together share them.
    """
    stacks = [graphs] if isinstance(graphs, Graph) else list(graphs)
    calendars = {graph.stack: calendar if isinstance(calendar, Calendar) else calendar[graph.stack] for graph in stacks}
    asleep = {name: each.always for name, each in calendars.items()}
    uses = [use for graph in stacks for use in _uses(graph, usage)]
    tiers = prices.free_tiers if free_tier else ()
    lines = list(_priced(uses, prices, usage, calendars, region, tiers))
    always = list(_priced(uses, prices, usage, asleep, region, tiers))
    return Estimate(
        lines=tuple(replace(line, if_always=other.exact) for line, other in zip(lines, always, strict=True)),
        unpriced=tuple(_unpriced(stacks, uses, prices, region)),
        free=tuple(sorted({(r.type, FREE[r.type]) for graph in stacks for r in graph.resources if r.type in FREE})),
    )


def _uses(graph: Graph, usage: Usage) -> Iterator[Use]:
    scene = Scene(graph, usage)
    for resource in graph.resources:
        rule = RULES.get(resource.type)
        for meter in rule(resource, scene) if rule else ():
            yield Use(graph, resource, meter, layer_of(graph, resource))


def _priced(
    uses: Iterable[Use],
    prices: Snapshot,
    usage: Usage,
    calendars: Mapping[str, Calendar],
    region: str,
    tiers: Iterable[FreeTier],
) -> Iterator[Line]:
    left = {tier.id: tier.units for tier in tiers}
    pool = {price: tier.id for tier in tiers for price in tier.prices}
    for use in uses:
        price = prices.find(use.meter.price, region)
        if price is None:
            continue
        calendar = calendars[use.graph.stack]
        span = calendar.awake if use.layer is Layer.RUNTIME else calendar.month
        used = usage.of(use.meter.usage, use.graph.stack) if use.meter.usage else None
        quantity = use.meter.quantity(span, calendar.month, used)
        drawn = pool.get(use.meter.price)
        free = min(quantity, left[drawn]) if drawn else Decimal(0)
        if drawn:
            left[drawn] -= free
        exact = price.of(quantity - free)
        yield Line(
            stack=use.graph.stack,
            layer=use.layer.value,
            domain=_tag(use.graph, use.resource, "domain", SHARED),
            component=component_of(use.graph, use.resource),
            urn=use.resource.urn,
            type=use.resource.type,
            meter=use.meter,
            price=price,
            hours=span.hours,
            used=used,
            quantity=quantity,
            free_units=free,
            exact=exact,
            if_always=exact,
        )


def _unpriced(graphs: Iterable[Graph], uses: Iterable[Use], prices: Snapshot, region: str) -> Iterator[Unpriced]:
    for graph in graphs:
        for resource in graph.resources:
            if resource.custom and resource.type not in RULES and resource.type not in FREE:
                why = "no rule says how this type is billed"
                yield Unpriced(stack=graph.stack, urn=resource.urn, type=resource.type, why=why)
    for use in uses:
        if prices.find(use.meter.price, region) is None:
            why = f"the snapshot has no price {use.meter.price} for {region}"
            yield Unpriced(stack=use.graph.stack, urn=use.resource.urn, type=use.resource.type, why=why)


def layer_of(graph: Graph, resource: Resource) -> Layer:
    """From its own tag, else from the nearest tagged sibling of its component."""
    return Layer(_tag(graph, resource, "layer", Layer.PERSISTENT.value))


def component_of(graph: Graph, resource: Resource) -> str:
    """The outermost component a resource belongs to."""
    name, parent = resource.name, resource.parent
    while parent is not None and not graph[parent].type.startswith("pulumi:pulumi:Stack"):
        name, parent = graph[parent].name, graph[parent].parent
    return name


def _tag(graph: Graph, resource: Resource, key: str, default: str) -> str:
    """A resource's own tag; for what cannot have tags, that of a sibling."""
    own = (resource.inputs.get("tags") or {}).get(key)
    if own is not None or resource.parent is None:
        return str(own or default)
    tagged = (each.inputs.get("tags") for each in graph.children(resource.parent))
    return str(next((tags[key] for tags in tagged if tags and key in tags), default))
