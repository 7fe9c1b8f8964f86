"""Lines between two columns: out of a box, along a track of their own, into the next box, at right angles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Final

from trackstack_infra.picture.diagram import Flow

TRACK: Final = 12
"""Between two vertical lines."""
LEAST_GAP: Final = 44
PORT: Final = 14
"""Between two lines at the side of a box."""
CORNER: Final = 9
"""How near a line may come to the corner of a box."""
CHARACTER: Final = 6
"""Of a label, on the average."""
MOST_PERMUTED: Final = 6
OVERLAP_COSTS: Final = 3
"""As much as that many crossings: two lines on one another cannot be told apart."""


@dataclass(frozen=True)
class Node:
    """A box, or the place where a line passes through a column; `y` is its middle."""

    name: str
    x: int
    y: int
    width: int
    height: int
    lane: bool


@dataclass(frozen=True)
class Segment:
    """A piece of an arrow between neighbouring columns, from left to right."""

    start: str
    end: str
    flow: Flow
    head_at_start: bool
    head_at_end: bool
    label: str = ""


@dataclass(frozen=True)
class Stroke:
    """A polyline with its heads; the label stands above its last stretch."""

    points: tuple[tuple[int, int], ...]
    flow: Flow
    head_at_start: bool
    head_at_end: bool
    label: str


@dataclass
class _Net:
    """Segments that share a track, because they share an end."""

    segments: list[Segment]
    track: int = 0
    left: dict[str, int] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)

    @property
    def span(self) -> tuple[int, int]:
        ends = (*self.left.values(), *self.right.values())
        return min(ends), max(ends)

    @property
    def straight(self) -> bool:
        return len({*self.left.values(), *self.right.values()}) == 1


def gap_width(segments: Sequence[Segment]) -> int:
    """Room for the tracks, and right of them for the longest label."""
    label = max((len(segment.label) for segment in segments), default=0)
    return max(LEAST_GAP, TRACK * (len(_nets(segments)) + 1) + CHARACTER * label + 12)


def lines_between(
    segments: Sequence[Segment], nodes: Mapping[str, Node], columns: Sequence[Sequence[str]]
) -> list[Stroke]:
    """The lines of one gap."""
    nets = _nets(segments)
    _dock(nets, nodes)
    _straighten(nets, nodes)
    start = max((nodes[segment.start].x + nodes[segment.start].width for segment in segments), default=0)
    for number, net in enumerate(_in_good_order([net for net in nets if not net.straight])):
        net.track = start + TRACK * (number + 1)
    return [_line(net, segment, nodes) for net in nets for segment in net.segments]


def _nets(segments: Sequence[Segment]) -> list[_Net]:
    """Several lines into one box are one net, as are those out of one box that are left."""
    into: dict[tuple[object, ...], list[Segment]] = {}
    for segment in segments:
        into.setdefault((segment.end, segment.flow, segment.head_at_end), []).append(segment)
    nets: dict[tuple[object, ...], _Net] = {}
    for key, group in into.items():
        if len(group) > 1:
            nets[key] = _Net(group)
        else:
            (segment,) = group
            out = ("from", segment.start, segment.flow, segment.head_at_start)
            nets.setdefault(out, _Net([])).segments.append(segment)
    return list(nets.values())


def _dock(nets: Sequence[_Net], nodes: Mapping[str, Node]) -> None:
    """Give each net a place at the side of each box that it touches: the higher it goes, the higher up."""
    sides: dict[tuple[str, bool], list[_Net]] = {}
    for net in nets:
        for name in dict.fromkeys(segment.start for segment in net.segments):
            sides.setdefault((name, True), []).append(net)
        for name in dict.fromkeys(segment.end for segment in net.segments):
            sides.setdefault((name, False), []).append(net)
    for (name, leaves), touching in sides.items():
        node = nodes[name]

        def aim(net: _Net, name: str = name, leaves: bool = leaves) -> float:
            others = [
                nodes[segment.end if leaves else segment.start].y
                for segment in net.segments
                if (segment.start if leaves else segment.end) == name
            ]
            return sum(others) / len(others)

        touching.sort(key=aim)
        step = min(PORT, (node.height - 2 * CORNER) // max(1, len(touching) - 1))
        for index, net in enumerate(touching):
            y = node.y + round((index - (len(touching) - 1) / 2) * step) if not node.lane else node.y
            (net.left if leaves else net.right)[name] = y


def _straighten(nets: Sequence[_Net], nodes: Mapping[str, Node]) -> None:
    """Where a line would have a small step, the box with fewer lines on that side lets it go straight."""
    lines_at: dict[tuple[str, bool], list[_Net]] = {}
    for net in nets:
        for name in net.left:
            lines_at.setdefault((name, True), []).append(net)
        for name in net.right:
            lines_at.setdefault((name, False), []).append(net)
    for net in nets:
        pairs = [(start, end) for start in net.left for end in net.right]
        pairs.sort(key=lambda pair: abs(net.left[pair[0]] - net.right[pair[1]]))
        for start, end in pairs:
            y_start, y_end = net.left[start], net.right[end]
            if y_start == y_end:
                continue
            # The shared end of a net stays where it is.
            choices = [
                (len(lines_at[end, False]), False, end, y_start) if len(net.right) >= len(net.left) else None,
                (len(lines_at[start, True]), True, start, y_end) if len(net.left) >= len(net.right) else None,
            ]
            for _, leaves, name, y in sorted(choice for choice in choices if choice):
                if _may_move(net, lines_at[name, leaves], nodes[name], y, leaves=leaves):
                    (net.left if leaves else net.right)[name] = y
                    break


def _may_move(net: _Net, beside: Sequence[_Net], node: Node, y: int, *, leaves: bool) -> bool:
    """Whether a line may leave or reach a box at this height: on its side, and not over or on another line."""
    old = (net.left if leaves else net.right)[node.name]
    others = [(each.left if leaves else each.right)[node.name] for each in beside if each is not net]
    return _fits(node, y) and all(abs(y - other) >= CORNER and (old < other) == (y < other) for other in others)


def _fits(node: Node, y: int) -> bool:
    return not node.lane and abs(y - node.y) <= node.height // 2 - CORNER


def _in_good_order(nets: list[_Net]) -> Sequence[_Net]:
    """The nets from left to right, so that few lines cross and none lie on one another."""
    nets.sort(key=lambda net: (sum(net.span), min(net.left)))
    if len(nets) <= MOST_PERMUTED:
        return min(permutations(nets), key=_crossings)
    for _ in nets:
        for index in range(len(nets) - 1):
            swapped = [*nets[:index], nets[index + 1], nets[index], *nets[index + 2 :]]
            if _crossings(swapped) < _crossings(nets):
                nets = swapped
    return nets


def _crossings(nets: Iterable[_Net]) -> int:
    row = list(nets)
    count = 0
    for index, net in enumerate(row):
        for other in row[index + 1 :]:  # its track is further right
            count += sum(_within(y, net.span) for y in other.left.values())
            count += sum(_within(y, other.span) for y in net.right.values())
            count += OVERLAP_COSTS * sum(
                abs(one - two) < CORNER // 2 for one in other.left.values() for two in net.right.values()
            )
    return count


def _within(y: int, span: tuple[int, int]) -> bool:
    return span[0] <= y <= span[1]


def _line(net: _Net, segment: Segment, nodes: Mapping[str, Node]) -> Stroke:
    start, end = nodes[segment.start], nodes[segment.end]
    y_start, y_end = net.left[segment.start], net.right[segment.end]
    right = start.x + start.width
    left = end.x + (end.width if end.lane else 0)  # a lane is crossed by the line that arrives at it
    if y_start == y_end:
        points: tuple[tuple[int, int], ...] = ((right, y_start), (left, y_end))
    else:
        points = ((right, y_start), (net.track, y_start), (net.track, y_end), (left, y_end))
    return Stroke(points, segment.flow, segment.head_at_start, segment.head_at_end, segment.label)
