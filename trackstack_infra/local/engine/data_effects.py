"""What a plan does to data: which is lost, which place is new, and who looks for it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from trackstack_infra.catalog import CATALOG
from trackstack_infra.catalog.resource_type import Data, DataRole
from trackstack_infra.local.engine import Change, Plan


class Fate(StrEnum):
    """What happens to data."""

    REFUSED = "refused"
    """Protected: the run will not delete it."""
    LOST = "lost"
    MOVED = "moved"
    MADE = "made"
    KEPT = "kept"


@dataclass(frozen=True)
class DataEffect:
    """One resource's data and its fate."""

    fate: Fate
    what: str
    name: str
    type: str
    urn: str


def effects_of(plan: Plan) -> tuple[DataEffect, ...]:
    """Losses first; creations of empty places last."""
    found = [effect for change in plan.actual for effect in _effect(change)]
    return tuple(sorted(found, key=lambda effect: (list(Fate).index(effect.fate), effect.type, effect.name)))


def _effect(change: Change) -> Iterator[DataEffect]:
    known = CATALOG.get(change.type)
    data = known.data if known else None
    fate = _fate(change, data) if data else None
    if data and fate:
        yield DataEffect(fate, data.what, change.name, change.type, change.urn)


def _fate(change: Change, data: Data) -> Fate | None:
    if data.role is DataRole.HOLDS:
        if change.action == "delete":
            return Fate.REFUSED if "protected" in change.reason else Fate.KEPT if "kept" in change.reason else Fate.LOST
        return {"replace": Fate.LOST, "create": Fate.MADE}.get(change.action)
    if data.role is DataRole.POINTS_AT:
        return Fate.MOVED if change.action == "replace" else None
    return Fate.MADE if change.action in ("create", "update", "replace") else None
