"""Which values of a resource's inputs are another resource's outputs: the relations a plan names instead of a value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from trackstack_infra.graph import Resource
from trackstack_infra.graph.values import revealed
from trackstack_infra.policy.terraform.names import property_name, type_name

# What one resource is usually known by to another, most telling first; others follow in the order of their names.
_FIRST: Final = ("id", "arn", "url", "name")


class References:
    """Looks values up among the outputs of the resources that a property depends on."""

    def __init__(self, addresses: Mapping[str, str], resources: Mapping[str, Resource]) -> None:
        self._addresses = addresses
        self._outputs = {urn: _made_by_aws(resources[urn]) for urn in addresses}
        self._types = {urn: type_name(resources[urn].type) for urn in addresses}

    def to(self, value: Any, urns: Iterable[str]) -> str | None:
        """`aws_s3_bucket.backups.id` when the value is that output of one of the resources, else None."""
        if not isinstance(value, str):
            return None
        for urn in urns:
            output = self._outputs.get(urn, {}).get(value)
            if output is not None:
                return f"{self._addresses[urn]}.{property_name(self._types[urn], output)}"
        return None

    def inside(self, value: Any, urns: Iterable[str]) -> list[str]:
        """The addresses of the resources that have an output somewhere inside a text, or inside the texts of a map."""
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        return [
            self._addresses[urn]
            for urn in urns
            if urn in self._addresses and any(output in text for output in self._outputs[urn])
        ]


def _made_by_aws(resource: Resource) -> dict[str, str]:
    """Value -> name of the outputs that nobody knows before the resource exists."""
    found: dict[str, str] = {}
    names = sorted(resource.outputs, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))
    for name in names:
        value = revealed(resource.outputs[name])
        if isinstance(value, str) and value and (name == "id" or name not in resource.inputs):
            found.setdefault(value, name)
    return found
