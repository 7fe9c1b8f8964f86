"""The order of deletion: who depends on something goes before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from trackstack_infra.local.engine.state import ResourceState


def deletion_levels(resources: Iterable[ResourceState]) -> list[list[ResourceState]]:
    """Groups to delete one after the other, each all at once: nothing in a group depends on another in it.

    References, `depends_on`, parents and `deleted_with` count. A resource and the one that replaced it share a URN:
    whatever depends on the URN goes before both.
    """
    waiting = list(resources)
    levels = []
    while waiting:
        needed = {urn for resource in waiting for urn in _needs(resource) if urn != resource.urn}
        level = [resource for resource in waiting if resource.urn not in needed]
        if not level:
            # Only a state edited by hand has a circle. Deleting all at once is as good an order as any.
            level = waiting
        levels.append(sorted(level, key=lambda resource: (resource.urn, resource.id)))
        chosen = {id(resource) for resource in level}
        waiting = [resource for resource in waiting if id(resource) not in chosen]
    return levels


def replaced_with(
    urn: str, resources: Iterable[ResourceState], replace_on: Callable[[ResourceState], frozenset[str]]
) -> list[ResourceState]:
    """What must go before the resource `urn` goes, because it cannot live without it: those that reference it, directly
    or through others, in a property that cannot be changed in place."""
    dependents: dict[str, list[ResourceState]] = defaultdict(list)
    for resource in resources:
        for name in replace_on(resource):
            for needed in resource.property_dependencies.get(name, ()):
                dependents[needed].append(resource)
    found: dict[str, ResourceState] = {}
    waiting = [urn]
    while waiting:
        for resource in dependents[waiting.pop()]:
            if resource.urn not in found and resource.urn != urn:
                found[resource.urn] = resource
                waiting.append(resource.urn)
    return list(found.values())


def _needs(resource: ResourceState) -> set[str]:
    return {*resource.dependencies, *filter(None, (resource.parent, resource.deleted_with))}
