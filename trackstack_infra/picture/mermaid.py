"""A diagram as a Mermaid flowchart, which GitHub draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from trackstack_infra.names import Layer
from trackstack_infra.picture.diagram import Arrow, Box, Diagram

HEADS: Final = {(True, False): "-->", (True, True): "<-->"}


def as_mermaid(diagram: Diagram) -> str:
    """From left to right; dashed borders for what is there only while the power is on."""
    return "\n".join(_lines(diagram))


def _lines(diagram: Diagram) -> Iterator[str]:
    yield "flowchart LR"
    yield from map(_box, diagram.connected)
    if diagram.alone:
        yield '  subgraph around["around it"]'
        yield from ("  " + _box(box) for box in diagram.alone)
        yield "  end"
    yield from map(_arrow, diagram.arrows)
    yield "  classDef runtime stroke-dasharray: 6 3"
    yield "  classDef outside stroke-dasharray: 2 3"
    for class_, ids in (
        ("runtime", [box.id for box in diagram.boxes if box.layer is Layer.RUNTIME]),
        ("outside", [box.id for box in diagram.boxes if box.outside]),
    ):
        if ids:
            yield f"  class {','.join(ids)} {class_}"


def _box(box: Box) -> str:
    made_of = f"<br/>{_quoted(' · '.join(filter(None, box.made_of)))}" if box.made_of else ""
    return f'  {box.id}["<b>{_quoted(box.title)}</b>{made_of}"]'


def _arrow(arrow: Arrow) -> str:
    user, used = arrow.user, arrow.used
    if arrow.backward and not arrow.forward:  # Mermaid has no arrow that points only backwards
        user, used = used, user
        head = HEADS[True, False]
    else:
        head = HEADS[arrow.forward, arrow.backward]
    return f"  {user} {head}{f'|{_quoted(arrow.label)}|' if arrow.label else ''} {used}"


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace("|", "&#124;")
