"""Agreement: which of a meter's rows contradict each other, and which of them are false.

A meter never counts down, nor faster than its pace. Of rows that contradict each other the longest run that agrees is
right: what follows a false value proves it. Where hardly more rows say one than the other, neither is believed.
What is kept is always believed.

A row may stand behind another when its total is not less and its slack (units.Pace) is not less. Both together order
the rows, so that the longest run is a longest chain of pairs: O(n log n), however many rows are false.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from apps.heating.imports.units import Pace

_MAJORITY: Final = (3, 2)
"""So many rows must say one for so many that say the other."""

_HAND: Final = 1000
"""What is kept may have been read by hand: to a whole unit, in thousandths."""


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
    spare = _HAND if first.row < 0 or second.row < 0 else 0
    return step >= 0 and pace.allows(step - spare, second.at - first.at)


def _judge(rows: Sequence[Point], pace: Pace, found: dict[int, Contradiction]) -> None:
    """Judge rows among which nothing is kept."""
    slacks = [pace.slack(row.at, row.total) for row in rows]
    chain = _longest_chain([row.total for row in rows], slacks)
    if len(chain) == len(rows):
        return
    judged = _Chain([rows[place] for place in chain], [slacks[place] for place in chain])
    first = 0
    for number, place in enumerate([*chain, len(rows)]):
        if first < place:
            judged.judge_block(rows[first:place], slacks[first:place], number, found)
        first = place + 1


class _Chain:
    """The longest run of rows that agree."""

    def __init__(self, rows: Sequence[Point], slacks: Sequence[int]) -> None:
        self._rows = rows
        self._totals = [row.total for row in rows]
        self._slacks = slacks

    def judge_block(
        self, block: Sequence[Point], slacks: Sequence[int], place: int, found: dict[int, Contradiction]
    ) -> None:
        """Judge neighbours that are not in the chain, at their place in it, by how much of it denies them."""
        spans = [self._denying(row.total, slack, place) for row, slack in zip(block, slacks, strict=True)]
        first, last = min(each[0] for each in spans), max(each[1] for each in spans)
        undecided = (last - first) * _MAJORITY[1] < len(block) * _MAJORITY[0]
        for row, (_, end) in zip(block, spans, strict=True):
            # What follows proves it; what was before does where nothing that follows denies it.
            found[row.row] = Contradiction(self._rows[place if end > place else place - 1], undecided)
        if undecided:
            for point in self._rows[first:last]:
                found[point.row] = Contradiction(block[0], undecided=True)

    def _denying(self, total: int, slack: int, place: int) -> tuple[int, int]:
        """The part of the chain that denies a row with this place in it."""
        return (
            min(bisect_right(self._totals, total, hi=place), bisect_right(self._slacks, slack, hi=place)),
            max(bisect_left(self._totals, total, lo=place), bisect_left(self._slacks, slack, lo=place)),
        )


def _longest_chain(totals: Sequence[int], slacks: Sequence[int]) -> list[int]:
    """The places of the longest run of rows each of which may follow the one before."""
    ends: list[int] = []  # the least slack with which a chain of this length ends
    at_end: list[int] = []
    before = array("q", bytes(8 * len(totals)))
    for place in sorted(range(len(totals)), key=lambda place: (totals[place], slacks[place])):
        slack = slacks[place]
        length = bisect_right(ends, slack)
        before[place] = at_end[length - 1] if length else -1
        if length == len(ends):
            ends.append(slack)
            at_end.append(place)
        else:
            ends[length] = slack
            at_end[length] = place
    chain: list[int] = []
    place = at_end[-1] if at_end else -1
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]
