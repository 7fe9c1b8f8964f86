"""A scene as text for a terminal: who uses what, from people down, within 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from trackstack_infra.names import Layer
from trackstack_infra.picture.diagram import Arrow, Box, Scene
from trackstack_infra.picture.ranks import ranks_of

COLUMNS: Final = 80
NAME_COLUMNS: Final = 29
HEADS: Final = {(True, False): "──▶", (False, True): "◀──", (True, True): "◀─▶"}


def as_text(scene: Scene) -> str:
    """A tree that starts with those whom nobody uses; what has been told once is only named again."""
    return "\n".join(_lines(scene))


def _lines(scene: Scene) -> Iterator[str]:
    yield f"{scene.stack}: ──▶ calls, sends or writes   ◀── reads   ◀─▶ both"
    yield ""
    told: set[str] = set()
    for box in _beginnings(scene):
        if box.id not in told:
            yield _row("", "", box)
            yield from _used_by(scene, box, "", told)
            yield ""
    if scene.alone:
        yield "around it"
        yield from (_row("  ", "", box) for box in scene.alone)
        yield ""
    marks = []
    if any(box.layer is Layer.RUNTIME for box in scene.boxes):
        marks.append("* only while the power is on")
    if any(box.outside for box in scene.boxes):
        marks.append("(…) not of this stack")
    if marks:
        yield "   ".join(marks)


def _beginnings(scene: Scene) -> list[Box]:
    """The boxes from which all others are reached, leftmost first."""
    rank = ranks_of(scene)
    used = {arrow.used for arrow in scene.arrows}
    return sorted(scene.connected, key=lambda box: (box.id in used, box.id != "people", rank[box.id], box.id))


def _used_by(scene: Scene, box: Box, indent: str, told: set[str]) -> Iterator[str]:
    told.add(box.id)
    arrows = [arrow for arrow in scene.arrows if arrow.user == box.id]
    # First what goes no further: the longest branch stands last, so that its lines do not tear the others apart.
    arrows.sort(key=lambda arrow: (any(other.user == arrow.used for other in scene.arrows), arrow.used))
    for number, arrow in enumerate(arrows):
        last = number == len(arrows) - 1
        used = scene.box(arrow.used)
        again = arrow.used in told and any(other.user == arrow.used for other in scene.arrows)
        yield _row(f"{indent}{'└' if last else '├'}{_head(arrow)} ", arrow.label, used, again=again)
        if not again:
            yield from _used_by(scene, used, indent + ("    " if last else "│   "), told)


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
