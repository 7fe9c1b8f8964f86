"""A recorded graph as a JSON document: every resource, and the picture's boxes and arrows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from trackstack_infra.graph import Asset, Graph, Secret, Unknown
from trackstack_infra.picture.diagram import Diagram


def as_document(graph: Graph, diagram: Diagram) -> dict[str, Any]:
    """Every resource with its inputs, dependencies and parent; secrets are masked, unknown values are null.

    The same on each run and computer: keys are sorted, and files stand for their content.
    """
    return {
        "stack": graph.stack,
        "boxes": [asdict(box) for box in diagram.boxes],
        "arrows": [asdict(arrow) for arrow in diagram.arrows],
        "resources": [
            {
                "urn": resource.urn,
                "type": resource.type,
                "name": resource.name,
                "parent": resource.parent,
                "inputs": _plain(resource.inputs),
                "depends_on": sorted(resource.depends_on),
                "protect": resource.protect,
            }
            for resource in graph.resources
        ],
        "outputs": _plain(graph.outputs),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return "[secret]"
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Asset):
        return f"[content] sha256:{value.digest()}"
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
