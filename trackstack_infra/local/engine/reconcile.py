"""Meets each resource that a program registers with what the state knows of it; shared by previews and real runs."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trackstack_infra.errors import Failed, TrackStackError
from trackstack_infra.graph import PROJECT
from trackstack_infra.graph.model import Resource
from trackstack_infra.graph.monitor import STACK_REFERENCE, ProgramMonitor
from trackstack_infra.graph.values import is_secret, revealed
from trackstack_infra.local.engine.desired import Desired, desired
from trackstack_infra.local.engine.diff import Decision, decide
from trackstack_infra.local.engine.fields import Field, changed_fields
from trackstack_infra.local.engine.live import LiveState
from trackstack_infra.local.engine.operations import Operations, Provider
from trackstack_infra.local.engine.plan import Change, change
from trackstack_infra.local.engine.state import Pending, ResourceState, StackState, is_object


@dataclass(frozen=True)
class Met:
    """A registered resource, what exists of it, and what is to happen."""

    wanted: Desired
    old: ResourceState | None
    unfinished: tuple[Pending, ...]
    decision: Decision


class Reconciler(ProgramMonitor):
    """Pulumi's monitor for one run of a program against one state."""

    def __init__(
        self,
        live: LiveState,
        provider: Provider,
        operations: Operations,
        *,
        stack: str,
        other_stack: Callable[[str], StackState | None],
    ) -> None:
        super().__init__(stack, PROJECT)
        self.live = live
        self.provider = provider
        self.operations = operations
        self.changes: dict[str, Change] = {}
        self._other_stack = other_stack
        self._renamed: set[str] = set()
        self.arriving = threading.Lock()
        """Who holds it keeps resources that have not been met yet from being met."""

    @abstractmethod
    def carry_out(self, met: Met) -> tuple[str, Mapping[str, Any]]:
        """Do what was decided, or predict it; returns id and outputs."""

    def old_entry(self, entry: ResourceState | None) -> ResourceState | None:
        """What of an entry may be relied on; a run that may ask the provider looks again where that is unclear."""
        return entry

    @property
    def replaced(self) -> frozenset[str]:
        """URNs of what this run replaces."""
        return frozenset(change.urn for change in tuple(self.changes.values()) if change.action == "replace")

    def register(self, resource: Resource) -> tuple[str, Mapping[str, Any]]:
        with self.operations.stopping_all():
            return self._register(resource)

    def _register(self, resource: Resource) -> tuple[str, Mapping[str, Any]]:
        self.operations.check()
        if not is_object(resource):
            return self._note(resource)
        handler = self.provider.handler(resource.type)
        self._follow_aliases(resource)
        old = self.old_entry(self.live[resource.urn])
        wanted = desired(resource, handler, old)
        unfinished = self.live.unfinished(old)
        decision = decide(old, wanted, handler, replaced=self.replaced, unfinished=unfinished)
        if decision.action == "replace" and old is not None and old.protect:
            raise Failed(
                f"{resource.name} ({resource.type}) is protected and would be replaced: {decision.reason}",
                hint="revert that change, or remove `protect` in one run and make the change in the next",
            )
        self.changes[resource.urn] = change(
            resource, decision.action, decision.properties, decision.reason, _fields(old, wanted, decision)
        )
        id_, outputs = self.carry_out(Met(wanted, old, unfinished, decision))
        return id_, wanted.shown(outputs)

    def lookup(self, resource: Resource, id_: str) -> Mapping[str, Any]:
        if resource.type == STACK_REFERENCE:
            return self._reference(id_)
        found = self.operations.read(_read_entry(resource, id_))
        if found is None:
            raise Failed(
                f"the program reads {resource.name} ({resource.type}), but there is no {id_} in the emulator",
                hint="create it first, or let the program create it",
            )
        return found

    def call(self, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return self.provider.function(token, revealed(dict(arguments)))
        except TrackStackError:
            raise
        except Exception as error:
            raise Failed(f"the program calls {token}, which failed: {error}") from error

    def leftovers(self) -> list[ResourceState]:
        """What the state holds and the finished program did not register."""
        return [entry for entry in self.live.resources if entry.urn not in self._registered]

    def secret_outputs(self) -> tuple[str, ...]:
        return tuple(sorted(name for name, value in self.outputs.items() if is_secret(value)))

    def _follow_aliases(self, resource: Resource) -> None:
        """When the state knows the resource by an alias only, its entry moves to the new URN."""
        with self.arriving:
            if resource.urn in self._renamed:
                raise Failed(
                    f"the program of {self.stack} registers {resource.name} ({resource.type}), and an alias gives that "
                    "same object to another resource",
                    hint="keep either the resource or the alias",
                )
            if self.live[resource.urn] is None:
                for alias in resource.options.aliases:
                    if self.live[alias] is not None and alias not in self._registered:
                        self.live.rename(alias, resource.urn)
                        self._renamed.add(alias)
                        break

    def _note(self, resource: Resource) -> tuple[str, Mapping[str, Any]]:
        id_ = "local" if resource.custom else ""
        wanted = Desired(resource, {}, {}, ())
        self.live.note(wanted.state({}, {}, id_))
        return id_, resource.inputs

    def _reference(self, name: str) -> Mapping[str, Any]:
        organization, _, rest = name.partition("/")
        project, _, stack = rest.partition("/")
        if not organization or project != self.project or not stack:
            raise Failed(
                f"{self.stack} refers to stack {name!r}, which is not in this project",
                hint=f"use organization/{self.project}/STACK",
            )
        other = self._other_stack(stack)
        if other is None:
            return self.missing_stack(name, stack)
        return {"name": name, "outputs": other.outputs, "secretOutputNames": list(other.secret_outputs)}

    def missing_stack(self, name: str, stack: str) -> Mapping[str, Any]:
        """The answer when a stack that outputs are read from is not up."""
        raise Failed(
            f"{self.stack} reads outputs of {stack}, which is not up in this emulator", hint=f"`trackstack up {stack}`"
        )


def _fields(old: ResourceState | None, wanted: Desired, decision: Decision) -> tuple[Field, ...]:
    if old is None or decision.action not in ("update", "replace"):
        return ()
    return changed_fields(
        old.inputs,
        decision.inputs,
        decision.properties,
        secrets={*old.secrets, *wanted.secrets},
        files={*old.digests, *decision.digests},
    )


def _read_entry(resource: Resource, id_: str) -> ResourceState:
    inputs = {**revealed(dict(resource.inputs)), "id": id_}
    return ResourceState(
        resource.urn, resource.type, resource.name, resource.parent, custom=True, id=id_, inputs=inputs
    )
