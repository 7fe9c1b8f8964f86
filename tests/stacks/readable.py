"""A stack as lines one can read and compare: a resource each, with the inputs that tell what it is."""

import re
from collections.abc import Mapping
from typing import Any, Final

from invariants import is_runtime

from trackstack_infra.catalog import CATALOG
from trackstack_infra.graph import Asset, Graph, Resource, Secret
from trackstack_infra.policy.relations import component_of

LONGEST: Final = 90
_HASH: Final = re.compile(r"\b[0-9a-f]{32,64}\b")


def lines(graph: Graph) -> str:
    """Layer, component, type, name and what matters of each resource, sorted."""
    names = _names(graph)
    found = sorted(_line(graph, each, names) for each in graph.resources if each.type.startswith("aws:"))
    return "".join(f"{line}\n" for line in found)


def _line(graph: Graph, resource: Resource, names: Mapping[str, str]) -> str:
    layer = "runtime" if is_runtime(graph, resource) else "persistent"
    kind = f"{resource.type.removeprefix('aws:').partition('/')[0]}:{resource.type.rpartition(':')[2]}"
    known = CATALOG.get(resource.type)
    shown = " ".join(
        f"{key}={_text(resource.inputs[key], names)}"
        for key in (known.shown if known else ())
        if resource.inputs.get(key) is not None
    )
    kept = " protected" if resource.protect else ""
    return f"{layer:<10} {component_of(graph, resource.urn):<18} {kind:<43} {resource.name:<36}{kept} {shown}".rstrip()


def _names(graph: Graph) -> dict[str, str]:
    """What AWS calls a resource -> what the program calls it: ids are made up, and change with every name."""
    return {
        resource.outputs[key]: resource.name
        for key in ("id", "arn", "allocationId", "url")
        for resource in graph.resources
        if isinstance(resource.outputs.get(key), str) and resource.outputs[key] not in resource.inputs.values()
    }


def _text(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, Secret):
        return "[secret]"
    if isinstance(value, Asset):
        return "[file]"
    if isinstance(value, Mapping):
        inner = ",".join(f"{key}:{_text(item, names)}" for key, item in sorted(value.items()) if item is not None)
        return _cut(f"{{{inner}}}")
    if isinstance(value, list):
        return _cut(f"[{','.join(_text(item, names) for item in value)}]")
    if isinstance(value, str):
        return _cut(f"<{names[value]}>" if value in names else _HASH.sub("…", value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
