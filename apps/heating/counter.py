"""A meter counts up: what may follow what, and how much went through in between, in thousandths of its unit."""

from collections.abc import Sequence
from typing import NamedTuple


class Mark(NamedTuple):
    """What the meter showed at an instant; `rolled_over` when it has passed its last digit since the mark before."""

    at: str
    value_milli: int
    rolled_over: bool = False


class Swap(NamedTuple):
    """An exchange of the meter: what the old one showed last, and the new one first."""

    at: str
    old_final_milli: int
    new_start_milli: int


def consumed(before: Mark | None, after: Mark | None, swaps: Sequence[Swap], full_milli: int | None) -> int:
    """How much went through between two neighbours, over the swaps between them; raises ValueError when they disagree.

    Without a neighbour on one side the rest is checked alone. `full_milli` is where the meter starts again at 0.
    """
    total = 0
    last, where = (before.value_milli, f"the reading of {before.at}") if before else (None, "")
    for swap in swaps:
        if last is not None:
            if swap.old_final_milli < last:
                raise ValueError(
                    f"the meter exchanged at {swap.at} ended at {units(swap.old_final_milli)},"
                    f" less than the {units(last)} of {where}"
                )
            total += swap.old_final_milli - last
        last, where = swap.new_start_milli, f"the meter put in at {swap.at}"
    if after is None or last is None:
        return total
    step = after.value_milli - last
    if after.rolled_over:
        if full_milli is None:
            raise ValueError("the meter's digits are not known, so it cannot have rolled over; set its digits first")
        if step >= 0:
            raise ValueError(
                f"{units(after.value_milli)} at {after.at} is not less than the {units(last)} of {where},"
                " so the meter has not rolled over in between"
            )
        return total + step + full_milli
    if step < 0:
        raise ValueError(
            f"{units(after.value_milli)} at {after.at} is less than the {units(last)} of {where}; a meter counts up,"
            " unless it was exchanged or has rolled over"
        )
    return total + step


def units(milli: int) -> str:
    """Thousandths as a decimal number, for people: 5347.614."""
    return f"{milli // 1000}.{milli % 1000:03d}"
