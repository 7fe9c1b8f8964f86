"""A diagram as text for a terminal: who uses what, from people down, within 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from trackstack_infra.names import Layer
from trackstack_infra.picture.diagram import Arrow, Box, Diagram
from trackstack_infra.picture.ranks import ranks_of

COLUMNS: Final = 80
NAME_COLUMNS: Final = 29
HEADS: Final = {(True, False): "──▶", (False, True): "◀──", (True, True): "◀─▶"}


def as_text(diagram: Diagram) -> str:
    """A tree that starts with those whom nobody uses; what has been drawn once is only named again."""
    return "\n".join(_lines(diagram))


def _lines(diagram: Diagram) -> Iterator[str]:
    yield f"{diagram.stack}: ──▶ calls, sends or writes   ◀── reads   ◀─▶ both"
    yield ""
    drawn: set[str] = set()
    for box in _beginnings(diagram):
        if box.id not in drawn:
            yield _row("", "", box)
            yield from _used_by(diagram, box, "", drawn)
            yield ""
    if diagram.alone:
        yield "around it"
        yield from (_row("  ", "", box) for box in diagram.alone)
        yield ""
    marks = []
    if any(box.layer is Layer.RUNTIME for box in diagram.boxes):
        marks.append("* only while the power is on")
    if any(box.outside for box in diagram.boxes):
        marks.append("(…) not of this stack")
    if marks:
        yield "   ".join(marks)


def _beginnings(diagram: Diagram) -> list[Box]:
    """The boxes from which all others are reached, leftmost first."""
    rank = ranks_of(diagram)
    used = {arrow.used for arrow in diagram.arrows}
    return sorted(diagram.connected, key=lambda box: (box.id in used, box.id != "people", rank[box.id], box.id))


def _used_by(diagram: Diagram, box: Box, indent: str, drawn: set[str]) -> Iterator[str]:
    drawn.add(box.id)
    arrows = [arrow for arrow in diagram.arrows if arrow.user == box.id]
    # First what goes no further: the longest branch stands last, so that its lines do not tear the others apart.
    arrows.sort(key=lambda arrow: (any(other.user == arrow.used for other in diagram.arrows), arrow.used))
    for number, arrow in enumerate(arrows):
        last = number == len(arrows) - 1
        used = diagram.box(arrow.used)
        again = arrow.used in drawn and any(other.user == arrow.used for other in diagram.arrows)
        yield _row(f"{indent}{'└' if last else '├'}{_head(arrow)} ", arrow.label, used, again=again)
        if not again:
            yield from _used_by(diagram, used, indent + ("    " if last else "│   "), drawn)


def _head(arrow: Arrow) -> str:
    return HEADS[arrow.forward, arrow.backward]


def _row(lead: str, label: str, box: Box, *, again: bool = False) -> str:
    title = f"({box.title})" if box.outside else f"{box.title}*" if box.layer is Layer.RUNTIME else box.title
    start = f"{lead}{title}"
    words = " · ".join(filter(None, box.made_of)) + (f", {label}" if label else "")
    if again:
        return _cut(f"{start} (see above)")
    return _cut(f"{start:<{NAME_COLUMNS}} {words}".rstrip())


def _cut(line: str) -> str:
    return line if len(line) <= COLUMNS else line[: COLUMNS - 1] + "…"
