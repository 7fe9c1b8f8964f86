"""Which part of the architecture each resource belongs to: its outermost component, with those that are one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.picture.kinds import is_small_print, kind_of

# A service and the definition it runs, a run and the function it calls: two components, one thing to look at.
ONE_THING: Final = (
    ("aws:ecs/service:Service", "taskDefinition"),
    ("aws:lambda/invocation:Invocation", "functionName"),
)


class Homes:
    """The parts of a graph. A part is known by the URN of the component (or lone resource) that names it."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._part = {resource.urn: self._outermost(resource) for resource in graph.resources}
        for type_, property_ in ONE_THING:
            for resource in graph.all(type_):
                for urn in resource.property_dependencies.get(property_, ()):
                    self._join(resource.urn, urn)

    def of(self, urn: str) -> str | None:
        """The part a resource belongs to; None for what is not in the graph, such as another stack."""
        return self._part.get(urn)

    @cached_property
    def members(self) -> Mapping[str, tuple[Resource, ...]]:
        """The resources of each part, the most telling first."""
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.graph.resources:
            if resource.custom:
                found[self._part[resource.urn]].append(resource)
        return {part: tuple(sorted(found[part], key=importance)) for part in sorted(found)}

    def drawn(self, part: str) -> tuple[Resource, ...]:
        """What of a part is worth a word."""
        return tuple(resource for resource in self.members.get(part, ()) if not is_small_print(resource.type))

    def owner(self, part: str) -> Resource:
        """The component that holds the part's most telling resource: the part is called after it."""
        drawn = self.drawn(part)
        return self.graph[self._outermost(drawn[0])] if drawn else self.graph[part]

    def _outermost(self, resource: Resource) -> str:
        above = resource
        while above.parent is not None:
            above = self.graph[above.parent]
        return above.urn

    def _join(self, one: str, other: str) -> None:
        if other not in self._part:
            return
        kept, gone = self._part[one], self._part[other]
        for urn, part in self._part.items():
            if part == gone:
                self._part[urn] = kept


def importance(resource: Resource) -> tuple[int, str]:
    """Sorts the most telling resource first."""
    return kind_of(resource.type).rank, resource.urn
