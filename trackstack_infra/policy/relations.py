"""How the resources of a graph belong together: by the ids, names and ARNs that one has and another is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.urns import is_stack
from trackstack_infra.graph.values import revealed

_NAMED_BY: Final = (
    "id",
    "arn",
    "bucket",
    "name",
    "url",
    "repositoryUrl",
    "bucketRegionalDomainName",
    "bucketDomainName",
)
STACK: Final = "stack"
"""Stands for the component of resources that belong to none."""


def component_of(graph: Graph, urn: str) -> str:
    """Name of the outermost component a resource belongs to, as the stack's program calls it."""
    name, parent = STACK, graph[urn].parent
    while parent is not None and not is_stack(parent):
        above = graph[parent]
        name, parent = above.name, above.parent
    return name


def identities(resource: Resource) -> frozenset[str]:
    """What others may call it by."""
    found = (resource.outputs.get(key) for key in _NAMED_BY)
    return frozenset(value for value in found if isinstance(value, str) and value)


def refers(value: Any, resource: Resource) -> bool:
    """Whether a property's value names the resource."""
    return isinstance(value, str) and value in identities(resource)


def all_of(graph: Graph, types: Iterable[str]) -> Iterator[Resource]:
    """Every resource of any of these types: AWS's provider has several for some things."""
    for type_ in types:
        yield from graph.all(type_)


def settings_of(graph: Graph, types: Iterable[str], key: str, owner: Resource) -> list[Resource]:
    """The resources of these types whose property `key` names the owner, such as a bucket's policy."""
    return [each for each in all_of(graph, types) if refers(revealed(each.inputs.get(key)), owner)]


def blocks(resource: Resource | Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """A property that holds one object or a list of them, as a list; empty when it is not given or not known."""
    inputs = resource.inputs if isinstance(resource, Resource) else resource
    value = revealed(inputs.get(key))
    items = value if isinstance(value, list | tuple) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def block(resource: Resource | Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A property that holds one object; an empty one when it is not given or not known."""
    return next(iter(blocks(resource, key)), {})
