"""Who stands above whom in a column, so that few lines cross: barycentres, then swaps of neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

SWEEPS: Final = 8
ROUNDS: Final = 4
CROSSING: Final = 60
"""Of a crossing, in pixels of detour."""
Link = tuple[str, str]
"""From a node of one column to a node of the next."""


def ordered(
    columns: Sequence[Sequence[str]], links: Sequence[Link], length: Callable[[Sequence[Sequence[str]]], float]
) -> list[list[str]]:
    """The columns, each in the best order that was found; equal inputs give equal orders.

    `length` measures how far up and down the lines go, in pixels: a crossing may be worth a detour, but not any.
    """

    def cost(of: Sequence[Sequence[str]]) -> float:
        return CROSSING * crossings(of, links) + length(of)

    before, after = _neighbours(links)
    current = [list(column) for column in columns]
    best, lowest = [list(column) for column in current], cost(current)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        _sweep(current, before if forwards else after, forwards=forwards)
        if (now := cost(current)) < lowest:
            best, lowest = [list(column) for column in current], now
    return _polished(best, cost)


def crossings(columns: Sequence[Sequence[str]], links: Sequence[Link]) -> float:
    """How many pairs of links between two columns cross; links that share an end become one line, and count as one."""
    place = {name: (index, row) for index, column in enumerate(columns) for row, name in enumerate(column)}
    into, out = Counter(end for _, end in links), Counter(start for start, _ in links)
    ends = [
        (place[start][0], place[start][1], place[end][1], into[end] if into[end] > 1 else out[start])
        for start, end in links
    ]
    return sum(
        1 / (one[3] * other[3])
        for index, one in enumerate(ends)
        for other in ends[index + 1 :]
        if one[0] == other[0] and (one[1] - other[1]) * (one[2] - other[2]) < 0
    )


def _sweep(columns: list[list[str]], neighbours: Mapping[str, list[str]], *, forwards: bool) -> None:
    indices = range(1, len(columns)) if forwards else range(len(columns) - 2, -1, -1)
    for index in indices:
        beside = columns[index - 1 if forwards else index + 1]
        row = {name: number for number, name in enumerate(beside)}
        here = {name: number for number, name in enumerate(columns[index])}

        def barycentre(name: str, row: Mapping[str, int] = row, here: Mapping[str, int] = here) -> tuple[float, int]:
            rows = [row[other] for other in neighbours.get(name, ()) if other in row]
            return (sum(rows) / len(rows) if rows else here[name], here[name])

        columns[index].sort(key=barycentre)


def _polished(columns: list[list[str]], cost: Callable[[Sequence[Sequence[str]]], float]) -> list[list[str]]:
    """Neighbours change places, and nodes move within their column, as long as that helps."""
    lowest = cost(columns)
    for _ in range(ROUNDS):
        start = lowest
        for column in columns:
            for name in list(column):
                old = list(column)
                best = old
                for row in range(len(column)):
                    column.remove(name)
                    column.insert(row, name)
                    if (now := cost(columns)) < lowest - 1e-6:
                        best, lowest = list(column), now
                column[:] = best
        if lowest == start:
            break
    return columns


def _neighbours(links: Sequence[Link]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for start, end in links:
        before.setdefault(end, []).append(start)
        after.setdefault(start, []).append(end)
    return before, after
