"""The state of a stack while a run changes it: safe to use from several threads, and on disk before a step goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from trackstack_infra.local.engine.state import Pending, ResourceState, StackState, write_state


class LiveState:
    """Holds one stack. `begin`, `finish` and `drop` return once the file says so; threads that wait share a write."""

    def __init__(self, path: Path, before: StackState, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock
        self._head = before
        self._live = {entry.urn: entry for entry in before.resources if not entry.condemned}
        self._condemned = [entry for entry in before.resources if entry.condemned]
        self._pending = list(before.pending)
        self._lock = threading.RLock()
        self._writing = threading.Lock()
        self._version = 0
        self._written = 0

    def __getitem__(self, urn: str) -> ResourceState | None:
        with self._lock:
            return self._live.get(urn)

    @property
    def resources(self) -> tuple[ResourceState, ...]:
        """What exists and is wanted, components included, in order of creation."""
        with self._lock:
            return tuple(self._live.values())

    @property
    def condemned(self) -> tuple[ResourceState, ...]:
        """What was replaced and is still to be deleted."""
        with self._lock:
            return tuple(self._condemned)

    @property
    def pending(self) -> tuple[Pending, ...]:
        """What was begun and not finished."""
        with self._lock:
            return tuple(self._pending)

    def unfinished(self, entry: ResourceState | None) -> tuple[Pending, ...]:
        """What was begun with this resource and not finished, by one dead run or by several."""
        with self._lock:
            return tuple(pending for pending in self._pending if entry and _is_of(pending, entry.urn, entry.id))

    def owners(self, entry: ResourceState) -> list[ResourceState]:
        """Other entries of the same object."""
        with self._lock:
            entries = (*self._live.values(), *self._condemned)
            return [one for one in entries if one is not entry and (one.id, one.type) == (entry.id, entry.type)]

    def begin(self, *pending: Pending, dropping: ResourceState | None = None) -> None:
        """Note operations that are about to start; `dropping` is gone, in the same write."""
        with self._lock:
            if dropping is not None:
                self._remove(dropping)
            self._pending += pending
            self._version += 1
        self.save()

    def finish(self, entry: ResourceState, *, replaces: ResourceState | None = None) -> None:
        """A create or update is done. What the resource `replaces` stays, condemned, until it is deleted."""
        with self._lock:
            self._settle(entry.urn, entry.id)
            self._settle_create(entry.urn)
            if replaces is not None:
                self._settle(replaces.urn, replaces.id)
                self._condemned.append(replace(replaces, condemned=True))
            self._live[entry.urn] = entry
            self._version += 1
        self.save()

    def adopt(self, pending: Pending, entry: ResourceState) -> None:
        """An object that a dead run created: it is ours now, made from who knows which of its inputs."""
        with self._lock:
            self._pending.remove(pending)
            if entry.urn in self._live:
                self._condemned.append(replace(entry, condemned=True))
            else:
                self._live[entry.urn] = entry
                unfinished = Pending("create", replace(entry, inputs={}, digests={}))
                self._pending.append(unfinished)
            self._version += 1
        self.save()

    def drop(self, entry: ResourceState) -> None:
        """A resource is deleted."""
        with self._lock:
            self._remove(entry)
            self._version += 1
        self.save()

    def forget(self, pending: Pending) -> None:
        """A pending operation turned out never to have happened."""
        with self._lock:
            self._pending = [one for one in self._pending if one != pending]
            self._version += 1
        self.save()

    def note(self, entry: ResourceState) -> None:
        """Bookkeeping that no object depends on, such as a component or a dependency: written with the next step."""
        with self._lock:
            if self._live.get(entry.urn) != entry:
                self._live[entry.urn] = entry
                self._version += 1

    def rename(self, old: str, new: str) -> None:
        """The program calls a resource by another URN; the object stays."""
        with self._lock:
            self._live = {new if urn == old else urn: _renamed(entry, old, new) for urn, entry in self._live.items()}
            self._condemned = [_renamed(entry, old, new) for entry in self._condemned]
            self._pending = [Pending(one.operation, _renamed(one.resource, old, new)) for one in self._pending]
            self._version += 1

    def seal(self, outputs: Mapping[str, Any], secret_outputs: tuple[str, ...]) -> StackState:
        """The run succeeded: keep the stack's outputs; writes only when anything changed."""
        with self._lock:
            if (dict(self._head.outputs), self._head.secret_outputs) != (dict(outputs), secret_outputs):
                self._head = replace(self._head, outputs=dict(outputs), secret_outputs=secret_outputs)
                self._version += 1
        self.save()
        return self.snapshot()

    def save(self) -> None:
        """Bring the file up to date, unless another thread's write already has."""
        with self._lock:
            wanted = self._version
        with self._writing:
            if self._written >= wanted:
                return
            with self._lock:
                version, snapshot = self._version, self.snapshot()
            write_state(self._path, snapshot)
            self._written = version

    def snapshot(self) -> StackState:
        """The state as of now."""
        with self._lock:
            return replace(
                self._head,
                saved_at=self._clock(),
                resources=(*self._live.values(), *self._condemned),
                pending=tuple(self._pending),
            )

    def _settle(self, urn: str, id_: str) -> None:
        self._pending = [pending for pending in self._pending if not _is_of(pending, urn, id_)]

    def _settle_create(self, urn: str) -> None:
        """The create begun last is done. Those before it are of dead runs, and what they left is still to be found."""
        begun = [number for number, pending in enumerate(self._pending) if _is_of(pending, urn, "")]
        if begun:
            del self._pending[begun[-1]]

    def _remove(self, entry: ResourceState) -> None:
        self._settle(entry.urn, entry.id)
        if entry.condemned:
            self._condemned.remove(entry)
        else:
            self._live.pop(entry.urn, None)


def _is_of(pending: Pending, urn: str, id_: str) -> bool:
    return (pending.resource.urn, pending.resource.id) == (urn, id_)


def _renamed(entry: ResourceState, old: str, new: str) -> ResourceState:
    def renamed(urns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if urn == old else urn for urn in urns)

    return replace(
        entry,
        urn=new if entry.urn == old else entry.urn,
        parent=new if entry.parent == old else entry.parent,
        deleted_with=new if entry.deleted_with == old else entry.deleted_with,
        dependencies=renamed(entry.dependencies),
        property_dependencies={name: renamed(urns) for name, urns in entry.property_dependencies.items()},
    )
