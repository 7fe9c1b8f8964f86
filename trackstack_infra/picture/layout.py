"""Where everything of a diagram stands: boxes in columns, lines at right angles, the rest in a row below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from trackstack_infra.picture.columns import Link, ordered
from trackstack_infra.picture.diagram import Arrow, Box, Diagram
from trackstack_infra.picture.heights import centres, length
from trackstack_infra.picture.ranks import ranks_of
from trackstack_infra.picture.routes import Node, Segment, Stroke, gap_width, lines_between

WIDTH: Final = 152
"""Of a box beside the flow; in it a column is as wide as its texts."""
LEAST_WIDTH: Final = 84
TEXT_CHARACTERS: Final = 20
"""In a line of a box."""
TITLE_CHARACTER: Final = 8.2
TEXT_CHARACTER: Final = 6.4
INSET: Final = 26
STRAIGHT: Final = 6
"""Weight of a line that should be straight, against that of one in a bundle."""
QUICK: Final = 6
"""Rounds of levelling while orders are compared."""
TITLE_HEIGHT: Final = 30
LINE_HEIGHT: Final = 15
MARGIN: Final = 24
LEAST_PICTURE: Final = 640
"""So that the legend fits."""
AIR: Final = 12
"""Above and below a box, half of the distance between two."""
LANE: Final = 6
"""The height of a line that passes through a column."""


@dataclass(frozen=True)
class Placed:
    """A box and its place; `lines` is what it is made of, wrapped."""

    box: Box
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A picture's geometry, in pixels from the upper left; `beside` is the row of boxes without arrows."""

    diagram: Diagram
    boxes: tuple[Placed, ...]
    beside: tuple[Placed, ...]
    lines: tuple[Stroke, ...]
    width: int
    height: int


def arrange(diagram: Diagram) -> Layout:
    """The same diagram always gets the same places."""
    rank = ranks_of(diagram)
    columns, segments = _columns(diagram, rank)
    links = _links(segments)
    wrapped = {box.id: wrap(box.made_of) for box in diagram.boxes}
    heights = {name: _height(wrapped[name]) if name in wrapped else LANE for column in columns for name in column}
    air = {name: 2 * AIR if name in wrapped else AIR for name in heights}
    columns = ordered(columns, list(links), lambda order: length(centres(order, links, heights, air, QUICK), links))
    centre = centres(columns, links, heights, air)
    widths = {box.id: width_of(box, wrapped[box.id]) for box in diagram.boxes}
    nodes: dict[str, Node] = {}
    lines: list[Stroke] = []
    x = MARGIN
    for index, column in enumerate(columns):
        width = max(widths.get(name, 0) for name in column)
        for name in column:
            nodes[name] = Node(name, x, MARGIN + centre[name], width, heights[name], name not in wrapped)
        between = [segment for segment in segments if segment.start in column]
        x += width + (gap_width(between) if index < len(columns) - 1 else 0)
    for column in columns[:-1]:
        between = [segment for segment in segments if segment.start in column]
        lines += lines_between(between, nodes, columns)
    boxes = tuple(
        Placed(box, node.x, node.y - node.height // 2, node.width, node.height, wrapped[box.id])
        for box in diagram.connected
        for node in (nodes[box.id],)
    )
    bottom = max((placed.y + placed.height for placed in boxes), default=0)
    width = max(x, LEAST_PICTURE)
    beside = _beside(diagram.alone, wrapped, width, bottom + (2 * MARGIN if boxes else MARGIN))
    bottom = max((placed.y + placed.height for placed in beside), default=bottom)
    return Layout(diagram, boxes, beside, tuple(lines), width + MARGIN, bottom + MARGIN)


def wrap(made_of: Sequence[str], characters: int = TEXT_CHARACTERS) -> tuple[str, ...]:
    """The parts in lines, joined by a dot; a part that is too long for a line is cut."""
    lines: list[str] = []
    for part in filter(None, made_of):
        text = part if len(part) <= characters else part[: characters - 1] + "…"
        if lines and len(lines[-1]) + len(text) + 3 <= characters:
            lines[-1] += f" · {text}"
        else:
            lines.append(text)
    return tuple(lines)


def width_of(box: Box, lines: Sequence[str]) -> int:
    """Wide enough for its texts in a wide font."""
    longest = max((TEXT_CHARACTER * len(line) for line in lines), default=0.0)
    return max(LEAST_WIDTH, round(max(longest, TITLE_CHARACTER * len(box.title))) + INSET)


def _height(lines: Sequence[str]) -> int:
    return TITLE_HEIGHT + LINE_HEIGHT * len(lines) + 4


def _columns(diagram: Diagram, rank: dict[str, int]) -> tuple[list[list[str]], list[Segment]]:
    """The names in each column, and arrows cut at every column that they pass; arrows to one box pass together."""
    columns: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for name, column in rank.items():
        columns[column].append(name)
    segments: dict[Segment, None] = {}
    for arrow in diagram.arrows:
        left, right, at_left, at_right = _from_left(arrow, rank)
        start = left
        for column in range(rank[left] + 1, rank[right]):
            lane = f"{column}>{right}>{arrow.flow}"
            if lane not in columns[column]:
                columns[column].append(lane)
            segments[Segment(start, lane, arrow.flow, start == left and at_left, False)] = None
            start = lane
        segments[Segment(start, right, arrow.flow, start == left and at_left, at_right, arrow.label)] = None
    return columns, list(segments)


def _links(segments: Sequence[Segment]) -> dict[Link, int]:
    """Who is joined to whom, and how level that should be: lines that nothing joins should be straight."""
    into = Counter((segment.end, segment.flow) for segment in segments)
    out = Counter((segment.start, segment.flow, segment.head_at_start) for segment in segments)
    links: dict[Link, int] = {}
    for segment in segments:
        alone = into[segment.end, segment.flow] == out[segment.start, segment.flow, segment.head_at_start] == 1
        link = (segment.start, segment.end)
        links[link] = max(links.get(link, 1), STRAIGHT if alone else 1)
    return links


def _from_left(arrow: Arrow, rank: dict[str, int]) -> tuple[str, str, bool, bool]:
    """Its ends from left to right, and whether there is a head at either."""
    if rank[arrow.user] < rank[arrow.used]:
        return arrow.user, arrow.used, arrow.backward, arrow.forward
    return arrow.used, arrow.user, arrow.forward, arrow.backward


def _beside(boxes: Sequence[Box], wrapped: dict[str, tuple[str, ...]], width: int, top: int) -> tuple[Placed, ...]:
    """Rows of boxes, as many in a row as the picture is wide."""
    a_row = max(1, (width - MARGIN) // (WIDTH + MARGIN))
    placed: list[Placed] = []
    for start in range(0, len(boxes), a_row):
        row = boxes[start : start + a_row]
        height = max(_height(wrapped[box.id]) for box in row)
        placed += [
            Placed(box, MARGIN + index * (WIDTH + MARGIN), top, WIDTH, height, wrapped[box.id])
            for index, box in enumerate(row)
        ]
        top += height + MARGIN
    return tuple(placed)
