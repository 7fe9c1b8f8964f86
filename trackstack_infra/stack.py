"""The three stacks, and what is true of one and not of another: asked here instead of by comparing names."""

from dataclasses import dataclass
from typing import Final

from trackstack_infra.names import ENTERPRISE, FOUNDATION, PRAGMATIC


@dataclass(frozen=True)
class Stack:
    """One of the stacks."""

    name: str
    has_power: bool = False
    """Whether it has a runtime layer, which `down` removes and `up` creates."""
    seeded_by_bridge: bool = False
    """Whether the data bridge fills its databases from a backup, each time its power comes on."""
    makes_backups: bool = False
    """Whether its data is original, so that it is backed up before it is deleted."""
    keeps_backups: bool = False
    """Whether the others' backups are in it, so that it goes last."""
    needs: tuple[str, ...] = ()
    """The stacks whose outputs it reads: `up` brings them up first."""


STACKS: Final = {
    stack.name: stack
    for stack in (
        Stack(FOUNDATION, keeps_backups=True),
        Stack(PRAGMATIC, has_power=True, makes_backups=True, needs=(FOUNDATION,)),
        Stack(ENTERPRISE, has_power=True, seeded_by_bridge=True, needs=(FOUNDATION,)),
    )
}
