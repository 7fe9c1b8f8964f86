"""A diagram in Graphviz's language, for those who have it and want another form."""

from __future__ import annotations

from collections.abc import Iterator

from trackstack_infra.names import Layer
from trackstack_infra.picture.diagram import Arrow, Box, Diagram
from trackstack_infra.picture.svg import FAMILIES, STROKES


def as_dot(diagram: Diagram) -> str:
    """From left to right; dashed borders for what is there only while the power is on."""
    return "\n".join(_lines(diagram))


def _lines(diagram: Diagram) -> Iterator[str]:
    yield f"digraph {_quoted(diagram.stack)} {{"
    yield "  rankdir=LR;"
    yield '  node [shape=box, fontname="sans-serif"];'
    yield '  edge [fontname="sans-serif", fontsize=10];'
    yield from map(_box, diagram.boxes)
    yield from map(_arrow, diagram.arrows)
    yield "}"


def _box(box: Box) -> str:
    text = "\n".join([box.title, *filter(None, box.made_of)])
    style = "dotted" if box.outside else "dashed" if box.layer is Layer.RUNTIME else "solid"
    return f'  {box.id} [label={_quoted(text)}, style="rounded,{style}", color="{FAMILIES[box.family][0]}"];'


def _arrow(arrow: Arrow) -> str:
    way = "both" if arrow.forward and arrow.backward else "forward" if arrow.forward else "back"
    label = f", label={_quoted(arrow.label)}" if arrow.label else ""
    return f'  {arrow.user} -> {arrow.used} [dir={way}, color="{STROKES[arrow.flow][0]}"{label}];'


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
