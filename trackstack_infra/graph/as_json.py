"""A graph as JSON and back, to the equal graph: what properties hold besides JSON's own values is marked.

A secret is not written at all, in whatever form.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from trackstack_infra.graph.model import Graph, Options, Resource
from trackstack_infra.graph.values import UNKNOWN, Asset, Secret, Unknown

_MARK: Final = "trackstack:value"  # no property is called that


class HoldsSecret(ValueError):  # noqa: N818 -- a sentence reads better than a suffix
    """The graph holds a value that its program marked secret."""


def graph_as_json(graph: Graph) -> dict[str, Any]:
    """The graph as values that `json.dumps` takes; raises HoldsSecret for one with a secret in it."""
    resources = [_marked({**vars(each), "options": asdict(each.options)}) for each in graph.resources]
    return {"stack": graph.stack, "resources": resources, "outputs": _marked(graph.outputs)}


def graph_from_json(document: Mapping[str, Any]) -> Graph:
    """The graph that `graph_as_json` was given; raises what a document that is none happens to raise."""
    resources = tuple(_resource(_unmarked(each)) for each in document["resources"])
    return Graph(document["stack"], resources, _unmarked(document["outputs"]))


def _resource(fields: dict[str, Any]) -> Resource:
    options: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in fields["options"].items()
    }
    dependencies = {key: tuple(urns) for key, urns in fields["property_dependencies"].items()}
    return Resource(
        **{
            **fields,
            "depends_on": tuple(fields["depends_on"]),
            "property_dependencies": dependencies,
            "options": Options(**options),
        }
    )


def _marked(value: Any) -> Any:
    match value:
        case Unknown():
            return {_MARK: "unknown"}
        case Secret():
            raise HoldsSecret("secrets are not written")
        case Asset():
            return {_MARK: "asset", **{key: _marked(part) for key, part in vars(value).items()}}
        case Mapping():
            if _MARK in value:
                raise ValueError(f"a property is called {_MARK!r}")
            return {key: _marked(item) for key, item in value.items()}
        case list() | tuple():
            return [_marked(item) for item in value]
        case _:
            return value


def _unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmarked(item) for item in value]
    if not isinstance(value, dict):
        return value
    fields = {key: _unmarked(item) for key, item in value.items() if key != _MARK}
    match value.get(_MARK):
        case None:
            return fields
        case "unknown":
            return UNKNOWN
        case "asset":
            return Asset(**fields)
        case other:
            raise ValueError(f"there is no value of the kind {other!r}")
