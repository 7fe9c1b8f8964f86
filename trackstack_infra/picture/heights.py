"""How high in its column a node lies: as level with its neighbours as the nodes above and below it allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from trackstack_infra.picture.columns import Link

ROUNDS: Final = 40


def centres(
    columns: Sequence[Sequence[str]],
    links: Mapping[Link, int],
    heights: Mapping[str, int],
    gaps: Mapping[str, int],
    rounds: int = ROUNDS,
) -> dict[str, int]:
    """The middle of each node; `gaps` is the air it wants above and below, a link's weight how level it should be."""
    beside: dict[str, list[tuple[str, int]]] = {}
    for (start, end), weight in links.items():
        beside.setdefault(start, []).append((end, weight))
        beside.setdefault(end, []).append((start, weight))
    centre: dict[str, float] = {}
    for column in columns:
        centre |= _spread(column, dict.fromkeys(column, 0.0), heights, gaps)
    for round_ in range(rounds):
        for column in columns if round_ % 2 == 0 else reversed(columns):
            wanted = {
                name: sum(weight * centre[other] for other, weight in beside[name])
                / sum(weight for _, weight in beside[name])
                for name in column
            }
            centre |= _spread(column, wanted, heights, gaps)
    top = min((centre[name] - heights[name] / 2 for name in centre), default=0.0)
    return {name: round(y - top) for name, y in centre.items()}


def length(centre: Mapping[str, int], links: Mapping[Link, int]) -> int:
    """How far up and down the links go, all together, by their weights."""
    return sum(weight * abs(centre[start] - centre[end]) for (start, end), weight in links.items())


def _spread(
    column: Sequence[str], wanted: Mapping[str, float], heights: Mapping[str, int], gaps: Mapping[str, int]
) -> dict[str, float]:
    """Nearest to the wanted middles, in this order, without touching: neighbours that would touch move as a block."""
    blocks: list[tuple[float, list[tuple[str, float]]]] = []  # top wanted by the block, and offsets within
    offset = 0.0
    for index, name in enumerate(column):
        if index:
            above = column[index - 1]
            offset += (heights[above] + heights[name]) / 2 + max(gaps[above], gaps[name])
        blocks.append((wanted[name] - offset, [(name, offset)]))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (high, upper), (low, lower) = blocks[-2], blocks[-1]
            size = len(upper) + len(lower)
            blocks[-2:] = [((high * len(upper) + low * len(lower)) / size, upper + lower)]
    return {name: start + within for start, names in blocks for name, within in names}
