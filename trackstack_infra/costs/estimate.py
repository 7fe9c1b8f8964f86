"""Graphs, prices, use and a calendar in; an estimate out. Nothing is read, asked or guessed on the way."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from trackstack_infra.costs.hours import Calendar
from trackstack_infra.costs.line import Estimate, Line, Unpriced
from trackstack_infra.costs.meter import Meter
from trackstack_infra.costs.pools import settle
from trackstack_infra.costs.rules import FREE, BillingContext
from trackstack_infra.costs.rules.bill import Bill, bill
from trackstack_infra.costs.snapshot import FreeTier, Price, Snapshot
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
    """Price one stack or several together, recorded with outputs="fabricated", and with the power on unless stopped.

    `calendar` may differ by stack. Free tiers are an account's, so stacks priced together share them.
    What has no price, or is billed by a use that `usage` does not state, is listed as unpriced.
    """
    stacks = [graphs] if isinstance(graphs, Graph) else list(graphs)
    calendars = {graph.stack: calendar if isinstance(calendar, Calendar) else calendar[graph.stack] for graph in stacks}
    running = {name: each.always for name, each in calendars.items()}
    bills = [(graph, each) for graph in stacks for each in _bills(graph, usage)]
    uses = [Use(graph, of.resource, meter, layer_of(graph, of.resource)) for graph, of in bills for meter in of.meters]
    refused = [(graph, of) for graph, of in bills if of.why_unpriced]
    unknown = {id(use): why for use in uses if (why := _why_unpriced(use.meter, prices, usage, region))}
    known = [use for use in uses if id(use) not in unknown]
    tiers = prices.free_tiers if free_tier else ()
    lines = list(_priced(known, prices, usage, calendars, region, tiers))
    always = list(_priced(known, prices, usage, running, region, tiers))
    return Estimate(
        lines=tuple(replace(line, if_always=other.exact) for line, other in zip(lines, always, strict=True)),
        unpriced=(
            *(
                Unpriced(stack=graph.stack, urn=of.resource.urn, type=of.resource.type, why=of.why_unpriced)
                for graph, of in refused
            ),
            *(
                Unpriced(stack=use.graph.stack, urn=use.resource.urn, type=use.resource.type, why=unknown[id(use)])
                for use in uses
                if id(use) in unknown
            ),
        ),
        free=tuple(sorted(_free(stacks, billed={of.resource.urn for _, of in bills if of.meters or of.why_unpriced}))),
    )


def _bills(graph: Graph, usage: Usage) -> Iterator[Bill]:
    context = BillingContext(graph, usage)
    return (bill(resource, context) for resource in graph.resources)


def _priced(
    uses: Iterable[Use],
    prices: Snapshot,
    usage: Usage,
    calendars: Mapping[str, Calendar],
    region: str,
    tiers: Iterable[FreeTier],
) -> Iterator[Line]:
    priced = [(use, *_quantity(use, prices, usage, calendars, region)) for use in uses]
    charges = settle([(price, quantity) for _, price, _, _, quantity in priced], tiers)
    for (use, price, hours, used, quantity), charge in zip(priced, charges, strict=True):
        yield Line(
            stack=use.graph.stack,
            layer=use.layer.value,
            domain=_tag(use.graph, use.resource, "domain", SHARED),
            component=component_of(use.graph, use.resource),
            urn=use.resource.urn,
            type=use.resource.type,
            meter=use.meter,
            price=price,
            hours=hours,
            used=used,
            quantity=quantity,
            free_units=charge.free,
            exact=charge.exact,
            if_always=charge.exact,
        )


def _quantity(
    use: Use, prices: Snapshot, usage: Usage, calendars: Mapping[str, Calendar], region: str
) -> tuple[Price, Decimal, Decimal | None, Decimal]:
    """The price, the hours, the use and the quantity of a line."""
    price = prices.find(use.meter.price, region)
    assert price is not None, "what has no price was left out"
    calendar = calendars[use.graph.stack]
    span = calendar.running if use.layer is Layer.RUNTIME or use.meter.only_running else calendar.month
    used = usage.of(use.meter.usage, use.graph.stack) if use.meter.usage else None
    return price, span.hours, used, use.meter.quantity(span, calendar.month, used)


def _why_unpriced(meter: Meter, prices: Snapshot, usage: Usage, region: str) -> str:
    if prices.find(meter.price, region) is None:
        return f"the snapshot has no price {meter.price} for {region}"
    missing = [each for each in (meter.usage, *meter.assumes) if each and each not in usage.assumptions]
    return f"no assumption for {', '.join(missing)}" if missing else ""


def _free(graphs: Iterable[Graph], billed: Collection[str]) -> set[tuple[str, str]]:
    """Types of resources of which nothing is billed, with the reason."""
    free = (each for graph in graphs for each in graph.resources if each.type in FREE and each.urn not in billed)
    return {(each.type, FREE[each.type]) for each in free}


def layer_of(graph: Graph, resource: Resource) -> Layer:
    """From its own tag, else from the nearest tagged relative."""
    return Layer(_tag(graph, resource, "layer", Layer.PERSISTENT.value))


def component_of(graph: Graph, resource: Resource) -> str:
    """The outermost component a resource belongs to."""
    name, parent = resource.name, resource.parent
    while parent is not None and not graph[parent].type.startswith("pulumi:pulumi:Stack"):
        name, parent = graph[parent].name, graph[parent].parent
    return name


def _tag(graph: Graph, resource: Resource, key: str, default: str) -> str:
    """A resource's own tag; for what cannot have tags, a sibling's, else one of its parent's siblings, and so on."""
    own = (resource.inputs.get("tags") or {}).get(key)
    parent = resource.parent
    while own is None and parent is not None:
        tagged = (each.inputs.get("tags") or {} for each in graph.children(parent))
        own = next((tags[key] for tags in tagged if key in tags), None)
        parent = graph[parent].parent
    return str(own or default)
