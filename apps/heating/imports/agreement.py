"""Agreement: which of a meter's rows contradict each other, and which of them are false.

A meter never counts down, nor faster than its pace. Of rows that contradict each other the longest run that agrees is
right: what follows a false value proves it. Where hardly more rows say one than the other, neither is believed.
What is kept is always believed.

A row may stand behind another when its total is not less and its slack (units.Pace) is not less. Both together order
the rows, so that the longest run is a longest chain of pairs: O(n log n), however many rows are false.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from apps.heating.imports.units import Pace

_MAJORITY: Final = (3, 2)
"""So many rows must say one for so many that say the other."""


class Point(NamedTuple):
    """What a meter had counted in all at an instant; `row` is the row that says so, -1 what is kept."""

    at: int
    total: int
    row: int = -1


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Why a row is not believed: a point that contradicts it, and whether it could as well be the other way round."""

    other: Point
    undecided: bool = False


def contradictions(rows: Sequence[Point], kept: Sequence[Point], pace: Pace) -> dict[int, Contradiction]:
    """The rows that are not believed. Rows and what is kept are in the order of time, no instant and total twice."""
    if _all_agree(rows, kept, pace):
        return {}
    found: dict[int, Contradiction] = {}
    possible: list[list[Point]] = [[] for _ in range(len(kept) + 1)]
    times = [each.at for each in kept]
    for row in rows:
        place = bisect_left(times, row.at)
        before, after = kept[place - 1] if place else None, kept[place] if place < len(kept) else None
        if before is not None and not _may_follow(before, row, pace):
            found[row.row] = Contradiction(before)
        elif after is not None and not _may_follow(row, after, pace):
            found[row.row] = Contradiction(after)
        else:
            possible[place].append(row)
    for part in possible:
        _judge(part, pace, found)
    return found


def _all_agree(rows: Sequence[Point], kept: Sequence[Point], pace: Pace) -> bool:
    """Whether nothing contradicts anything, which is nearly always so."""
    merged = sorted((*kept, *rows)) if kept else rows
    return all(_may_follow(first, second, pace) or first.row == second.row == -1 for first, second in pairwise(merged))


def _may_follow(first: Point, second: Point, pace: Pace) -> bool:
    step = second.total - first.total
    return step >= 0 and pace.allows(step, second.at - first.at)


def _judge(rows: Sequence[Point], pace: Pace, found: dict[int, Contradiction]) -> None:
    """Judge rows among which nothing is kept."""
    slack = {row: pace.slack(row.at, row.total) for row in rows}
    chain = _longest_chain(rows, slack)
    if len(chain) == len(rows):
        return
    totals, slacks = [row.total for row in chain], [slack[row] for row in chain]
    chosen = set(chain)
    block: list[tuple[Point, int]] = []
    place = 0
    for row in (*rows, None):
        if row is not None and row not in chosen:
            block.append((row, place))
            continue
        if block:
            _judge_block(block, chain, totals, slacks, slack, found)
            block = []
        place += 1


def _judge_block(
    block: Sequence[tuple[Point, int]],
    chain: Sequence[Point],
    totals: Sequence[int],
    slacks: Sequence[int],
    slack: dict[Point, int],
    found: dict[int, Contradiction],
) -> None:
    """Judge neighbours that are not in the chain, each with its place in it, by how much of the chain denies them."""
    spans = []
    for row, place in block:
        first = min(bisect_right(totals, row.total, hi=place), bisect_right(slacks, slack[row], hi=place))
        last = max(bisect_left(totals, row.total, lo=place), bisect_left(slacks, slack[row], lo=place))
        spans.append((first, last))
    first, last = min(each[0] for each in spans), max(each[1] for each in spans)
    undecided = (last - first) * _MAJORITY[1] < len(block) * _MAJORITY[0]
    for (row, place), (_, end) in zip(block, spans, strict=True):
        # What follows proves it; what was before does where nothing follows.
        other = chain[place] if end > place else chain[place - 1]
        found[row.row] = Contradiction(other, undecided)
    if undecided:
        against = block[0][0]
        for point in chain[first:last]:
            found[point.row] = Contradiction(against, undecided=True)


def _longest_chain(rows: Sequence[Point], slack: dict[Point, int]) -> list[Point]:
    """The longest run of rows each of which may follow the one before."""
    ends: list[int] = []  # the least slack with which a chain of this length ends
    at_end: list[int] = []
    before: list[int] = []
    ordered = sorted(rows, key=lambda row: (row.total, slack[row]))
    for index, row in enumerate(ordered):
        length = bisect_right(ends, slack[row])
        before.append(at_end[length - 1] if length else -1)
        if length == len(ends):
            ends.append(slack[row])
            at_end.append(index)
        else:
            ends[length] = slack[row]
            at_end[length] = index
    chain: list[Point] = []
    index = at_end[-1] if at_end else -1
    while index >= 0:
        chain.append(ordered[index])
        index = before[index]
    return chain[::-1]
