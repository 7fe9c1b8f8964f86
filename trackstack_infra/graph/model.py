"""The recorded graph of a stack: what the program registers, and questions to ask it. Plain data, no Pulumi needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Options:
    """The resource options that change what an engine does; names as in Pulumi."""

    protect: bool = False
    retain_on_delete: bool = False
    delete_before_replace: bool | None = None
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    replace_with: tuple[str, ...] = ()
    deleted_with: str | None = None
    aliases: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    import_id: str | None = None
    provider: str | None = None
    timeouts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Resource:
    """One resource as the program registered it. `inputs` have wire names; secrets are `Secret`, unknowns `UNKNOWN`."""

    urn: str
    type: str
    name: str
    parent: str | None
    custom: bool
    inputs: Mapping[str, Any]
    depends_on: tuple[str, ...] = ()
    """URNs of everything it waits for: what its inputs reference, and its `depends_on` option."""
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    options: Options = Options()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """Fabricated for resources, registered for components; empty when unknown."""

    @property
    def protect(self) -> bool:
        """Whether the engine refuses to delete it."""
        return self.options.protect


@dataclass(frozen=True)
class Graph:
    """All resources of one stack, sorted by URN, and the stack's outputs."""

    stack: str
    resources: tuple[Resource, ...]
    outputs: Mapping[str, Any]

    def __getitem__(self, urn: str) -> Resource:
        return self._by_urn[urn]

    def all(self, type_: str) -> tuple[Resource, ...]:
        """Every resource of a type."""
        return self._by_type.get(type_, ())

    def one(self, type_: str, name: str) -> Resource:
        """The one resource of that type and logical name."""
        found = [resource for resource in self.all(type_) if resource.name == name]
        if len(found) == 1:
            return found[0]
        raise LookupError(
            f"the graph of {self.stack} holds {len(found)} resources of type {type_} named {name!r}; "
            f"of that type it holds: {', '.join(resource.name for resource in self.all(type_)) or 'none'}"
        )

    def children(self, parent: Resource | str) -> tuple[Resource, ...]:
        """What stands directly below a component."""
        return self._by_parent.get(_urn(parent), ())

    def path(self, start: Resource | str, end: Resource | str) -> bool:
        """Whether `start` depends on `end`: through references, depends_on and parents, at any distance."""
        goal, seen, waiting = _urn(end), set[str](), [_urn(start)]
        while waiting:
            for urn in self._direct(waiting.pop()):
                if urn == goal:
                    return True
                if urn not in seen:
                    seen.add(urn)
                    waiting.append(urn)
        return False

    def _direct(self, urn: str) -> tuple[str, ...]:
        resource = self._by_urn.get(urn)
        if resource is None:
            return ()
        return (*resource.depends_on, resource.parent) if resource.parent else resource.depends_on

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_type(self) -> dict[str, tuple[Resource, ...]]:
        found: dict[str, tuple[Resource, ...]] = defaultdict(tuple)
        for resource in self.resources:
            found[resource.type] += (resource,)
        return found

    @cached_property
    def _by_parent(self) -> dict[str, tuple[Resource, ...]]:
        children: dict[str, tuple[Resource, ...]] = defaultdict(tuple)
        for resource in self.resources:
            if resource.parent:
                children[resource.parent] += (resource,)
        return children


def _urn(resource: Resource | str) -> str:
    return resource if isinstance(resource, str) else resource.urn
