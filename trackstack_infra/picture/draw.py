"""From a recorded graph to a diagram: parts become boxes, references and permissions become arrows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from trackstack_infra.catalog.resource_type import Family
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.picture.boxes import boxes_of
from trackstack_infra.picture.diagram import Arrow, Box, Diagram, Flow
from trackstack_infra.picture.homes import Homes
from trackstack_infra.picture.outside import foreign_buckets, other_stacks, people, strangers, token_issuers
from trackstack_infra.picture.permissions import arrows_of_access
from trackstack_infra.picture.references import arrows_of_references


def diagram_of(graph: Graph, costs: Mapping[str, Decimal] | None = None) -> Diagram:
    """What there is to see of a stack; record it with fabricated outputs, so that permissions can be read.

    `costs` are dollars by URN: each part then shows what it comes to, from a cent on.
    """
    homes = Homes(graph)
    boxes = {part: _with_cost(box, homes.members[part], costs or {}) for part, box in boxes_of(homes).items()}
    foreign = foreign_buckets(graph)
    arrows = [
        *arrows_of_references(homes),
        *arrows_of_access(homes, {arn: box.id for arn, box in foreign.items()}),
    ]
    outside = {box.id: box for box in foreign.values()}
    for box, arrow in (*people(homes), *token_issuers(homes), *strangers(homes), *other_stacks(homes)):
        outside[box.id] = box
        arrows.append(arrow)
    arrows += _needs_of_the_unknown(homes, boxes, arrows)
    return Diagram(
        graph.stack,
        tuple(sorted((*boxes.values(), *outside.values()), key=lambda box: box.id)),
        _joined(arrows, {**boxes, **outside}),
    )


def _with_cost(box: Box, members: Iterable[Resource], costs: Mapping[str, Decimal]) -> Box:
    usd = sum((costs.get(each.urn, Decimal(0)) for each in members), Decimal(0)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )
    return replace(box, made_of=(*box.made_of, f"${usd}")) if usd else box


def _needs_of_the_unknown(homes: Homes, boxes: Mapping[str, Box], arrows: Iterable[Arrow]) -> list[Arrow]:
    """A part made of types nobody has listed yet points at those parts of the flow that it references."""
    joined = {end for arrow in arrows for end in (arrow.user, arrow.used)}
    found = []
    for part, box in boxes.items():
        if box.family is Family.OTHER and part not in joined:
            needs = {homes.of(urn) for member in homes.members[part] for urn in member.depends_on}
            found += [
                Arrow(part, need, Flow.CONTROL, "needs") for need in sorted(filter(None, needs)) if need in joined
            ]
    return found


def _joined(arrows: Iterable[Arrow], boxes: Mapping[str, Box]) -> tuple[Arrow, ...]:
    """Arrows between boxes by their ids, one for each two and what flows, whichever uses the other.

    The first says who uses whom, and the first that has a label gives it.
    """
    found: dict[tuple[frozenset[str], Flow], Arrow] = {}
    for arrow in arrows:
        if arrow.user not in boxes or arrow.used not in boxes or arrow.user == arrow.used:
            continue
        new = replace(arrow, user=boxes[arrow.user].id, used=boxes[arrow.used].id)
        key = (frozenset((new.user, new.used)), new.flow)
        old = found.get(key, new)
        if old.user != new.user:
            new = replace(new, forward=new.backward, backward=new.forward)
        found[key] = replace(
            old,
            label=old.label or new.label,
            forward=old.forward or new.forward,
            backward=old.backward or new.backward,
        )
    return tuple(sorted(found.values(), key=lambda arrow: (arrow.user, arrow.used, arrow.flow)))
