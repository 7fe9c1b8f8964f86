"""Pictures of a recorded graph: Mermaid for people, a JSON document for machines."""

from collections import Counter
from typing import Any

from trackstack_infra.graph import Graph, Resource, Secret, Unknown

STACK = "stack"
MOST_KINDS_SHOWN = 4


def as_mermaid(graph: Graph) -> str:
    """A flowchart: a box a component with what it is made of, an arrow to each component it needs."""
    members: dict[str, Counter[str]] = {}
    needs: set[tuple[str, str]] = set()
    component = {resource.urn: _component(graph, resource) for resource in graph.resources}
    for resource in graph.resources:
        if not resource.custom:
            continue
        home = component[resource.urn]
        members.setdefault(home, Counter())[_kind(resource)] += 1
        needs.update(
            (home, component[urn]) for urn in resource.depends_on if urn in component and component[urn] != home
        )
    lines = ["flowchart TD"]
    lines += [f'  {_id(name)}["<b>{name}</b><br/>{_made_of(kinds)}"]' for name, kinds in sorted(members.items())]
    lines += [f"  {_id(user)} --> {_id(used)}" for user, used in sorted(_direct(needs))]
    return "\n".join(lines)


def as_document(graph: Graph) -> dict[str, Any]:
    """Every resource with its inputs, dependencies and parent; secrets are masked, unknown values are null."""
    return {
        "stack": graph.stack,
        "resources": [
            {
                "urn": resource.urn,
                "type": resource.type,
                "name": resource.name,
                "parent": resource.parent,
                "inputs": _plain(resource.inputs),
                "depends_on": list(resource.depends_on),
                "protect": resource.protect,
            }
            for resource in graph.resources
        ],
        "outputs": _plain(graph.outputs),
    }


def _component(graph: Graph, resource: Resource) -> str:
    """Name of the outermost component a resource belongs to, itself included."""
    name = STACK if resource.custom else resource.name
    parent = resource.parent
    while parent is not None:
        above = graph[parent]
        name, parent = above.name, above.parent
    return name


def _direct(needs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows without those that a longer way says already."""
    after: dict[str, set[str]] = {}
    for user, used in needs:
        after.setdefault(user, set()).add(used)

    def reaches(start: str, goal: str) -> bool:
        seen, waiting = set[str](), list(after.get(start, ()))
        while waiting:
            name = waiting.pop()
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                waiting.extend(after.get(name, ()))
        return False

    return {
        (user, used)
        for user, used in needs
        if not any(
            other not in (used, user) and reaches(other, used) and not reaches(other, user) for other in after[user]
        )
    }


def _kind(resource: Resource) -> str:
    return resource.type.rsplit(":", 1)[-1]


def _made_of(kinds: Counter[str]) -> str:
    shown = [f"{count} × {kind}" if count > 1 else kind for kind, count in kinds.most_common(MOST_KINDS_SHOWN)]
    more = len(kinds) - len(shown)
    return ", ".join(shown) + (f", {more} more" if more else "")


def _id(name: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in name)


def _plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return "[secret]"
    if isinstance(value, Unknown):
        return None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
