"""A diagram in words: what arrows mean, and sentences for those who cannot see the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from trackstack_infra.names import Layer
from trackstack_infra.picture.diagram import Diagram, Flow

FLOWS: Final = {
    Flow.REQUEST: "calls",
    Flow.EVENT: "events",
    Flow.DATA: "data",
    Flow.CONTROL: "control",
}


def described(diagram: Diagram) -> Iterator[str]:
    """A sentence an arrow, then what stands beside the flow and what is there only while the power is on."""
    name = {box.id: f"{box.title} ({box.made_of[0]})" if box.made_of else box.title for box in diagram.boxes}
    for arrow in diagram.arrows:
        way = "to and from" if arrow.forward and arrow.backward else "to" if arrow.forward else "from"
        yield f"{name[arrow.user]}: {FLOWS[arrow.flow]} {way} {name[arrow.used]}."
    if diagram.alone:
        yield f"Around it: {', '.join(name[box.id] for box in diagram.alone)}."
    runtime = [name[box.id] for box in diagram.boxes if box.layer is Layer.RUNTIME]
    if runtime:
        yield f"Only while the power is on: {', '.join(runtime)}."
