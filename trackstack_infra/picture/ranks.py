"""In which column a box stands: right of all that use it, and as near to what it uses as that allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trackstack_infra.picture.diagram import PEOPLE, Diagram

Edges = Mapping[str, tuple[str, ...]]


def ranks_of(diagram: Diagram) -> dict[str, int]:
    """Column of each box that has arrows, from 0. Arrows that would close a circle count the other way round."""
    names = sorted((box.id for box in diagram.connected), key=lambda name: (name != PEOPLE, name))
    after = _without_circles(names, {(arrow.user, arrow.used) for arrow in diagram.arrows})
    order = _topological(names, after)
    rank = dict.fromkeys(names, 0)
    for name in order:
        for used in after[name]:
            rank[used] = max(rank[used], rank[name] + 1)
    fixed = _reachable(after, [PEOPLE])
    for name in reversed(order):
        if name not in fixed and after[name]:
            rank[name] = min(rank[used] for used in after[name]) - 1
    return rank


def _without_circles(names: Iterable[str], edges: set[tuple[str, str]]) -> Edges:
    after = {name: sorted(used for user, used in edges if user == name) for name in names}
    kept: dict[str, set[str]] = {name: set() for name in after}
    done, open_ = set[str](), set[str]()

    def visit(name: str) -> None:
        open_.add(name)
        for used in after[name]:
            if used in open_:
                kept[used].add(name)
            else:
                kept[name].add(used)
                if used not in done:
                    visit(used)
        open_.remove(name)
        done.add(name)

    # From those that nothing uses: what begins a flow stands left.
    beginnings = [name for name in after if not any(used == name for _, used in edges)]
    for name in (*beginnings, *after):
        if name not in done:
            visit(name)
    return {name: tuple(sorted(kept[name] - {name})) for name in kept}


def _topological(names: Iterable[str], after: Edges) -> list[str]:
    order: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name not in seen:
            seen.add(name)
            for used in after[name]:
                visit(used)
            order.append(name)

    for name in names:
        visit(name)
    return order[::-1]


def _reachable(after: Edges, starts: Iterable[str]) -> set[str]:
    seen, waiting = set[str](), [name for name in starts if name in after]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(after[name])
    return seen
