"""What a plan does to data: which is lost, which place is new, and who looks for it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trackstack_infra.local.engine import Change, Plan

HOLDS: Final = {
    "aws:efs/fileSystem:FileSystem": "files",
    "aws:s3/bucket:Bucket": "objects",
    "aws:dynamodb/table:Table": "items",
    "aws:cognito/userPool:UserPool": "users",
    "aws:sqs/queue:Queue": "messages",
    "aws:rds/instance:Instance": "tables",
    "aws:ecr/repository:Repository": "images",
}
"""Resource type -> what is in it."""
POINTS_AT: Final = {"aws:efs/accessPoint:AccessPoint": "files"}
"""Whoever looks through one of these finds another directory after it is replaced; the old one stays."""
WRITES: Final = {"aws:lambda/invocation:Invocation": "what the function writes"}


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
    fate = _fate(change)
    what = HOLDS.get(change.type) or POINTS_AT.get(change.type) or WRITES.get(change.type)
    if fate and what:
        yield DataEffect(fate, what, change.name, change.type, change.urn)


def _fate(change: Change) -> Fate | None:
    if change.type in HOLDS:
        if change.action == "delete":
            return Fate.REFUSED if "protected" in change.reason else Fate.KEPT if "kept" in change.reason else Fate.LOST
        return {"replace": Fate.LOST, "create": Fate.MADE}.get(change.action)
    if change.type in POINTS_AT:
        return Fate.MOVED if change.action == "replace" else None
    if change.type in WRITES and change.action in ("create", "update", "replace"):
        return Fate.MADE
    return None
