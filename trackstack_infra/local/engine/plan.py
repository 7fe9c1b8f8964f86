"""What a run is going to do, does, and did. Values are shown as far as they are no secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from trackstack_infra.graph.model import Resource
from trackstack_infra.local.engine.fields import Field
from trackstack_infra.local.engine.state import ResourceState

Action = Literal["create", "update", "replace", "delete", "same"]
Status = Literal["started", "done", "failed"]


@dataclass(frozen=True)
class Change:
    """What happens to one resource. Components are no resources: they appear as parents only."""

    urn: str
    type: str
    name: str
    parent: str | None
    action: Action
    properties: tuple[str, ...] = ()
    reason: str = ""
    fields: tuple[Field, ...] = ()
    """Of an update or a replacement: what differs, from what to what."""
    within: tuple[str, ...] = field(default=(), compare=False)
    """Names of the components it lies in, the outermost first."""


def change(
    resource: Resource | ResourceState,
    action: Action,
    properties: tuple[str, ...] = (),
    reason: str = "",
    fields: tuple[Field, ...] = (),
) -> Change:
    """What happens to this resource."""
    return Change(resource.urn, resource.type, resource.name, resource.parent, action, properties, reason, fields)


@dataclass(frozen=True)
class Plan:
    """Every resource of the stack and what happens to it, sorted by URN."""

    changes: tuple[Change, ...]

    @classmethod
    def of(cls, changes: Iterable[Change]) -> Plan:
        return cls(tuple(sorted(changes, key=lambda change: change.urn)))

    @property
    def actual(self) -> tuple[Change, ...]:
        """The changes without the resources that stay as they are."""
        return tuple(change for change in self.changes if change.action != "same")

    def count(self, action: Action) -> int:
        """How many resources this happens to."""
        return sum(change.action == action for change in self.changes)

    @property
    def counts(self) -> dict[str, int]:
        """How many resources meet each action."""
        return {action: self.count(action) for action in get_args(Action)}


@dataclass(frozen=True)
class Result(Plan):
    """What a finished run did, and the stack's outputs in clear text; `secret_outputs` names those not to be shown."""

    outputs: Mapping[str, Any]
    secret_outputs: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class ComponentName:
    """Whose part a resource is."""

    name: str
    type: str


@dataclass(frozen=True)
class EngineEvent:
    """One step of a running operation. A replacement is a `replace`, and for the old resource a `delete` at the end."""

    urn: str
    type: str
    name: str
    parent: str | None
    component: ComponentName | None
    action: Action
    status: Status
    seconds: float
