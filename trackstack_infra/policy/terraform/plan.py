"""A recorded graph as the JSON of a Terraform plan: `planned_values`, and `configuration` with who refers to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from trackstack_infra.graph import Asset, Graph, Resource, Secret, Unknown
from trackstack_infra.graph.values import revealed
from trackstack_infra.policy.terraform.names import MAPS, absent_properties, identifier, property_name, type_name
from trackstack_infra.policy.terraform.references import References

FORMAT: Final = "1.2"
TERRAFORM: Final = "1.9.0"
"""The version whose plans look like this; scanners want to read one."""
MASK: Final = "(secret)"
_NOT_IN_A_PLAN: Final = "pulumi:"


def as_plan(graph: Graph) -> dict[str, Any]:
    """What `terraform show -json` would print for the first plan of the same resources.

    The graph is one recorded with fabricated outputs. A value that is another resource's id, ARN and the like is left
    out, as not known before that resource exists, and named in `configuration` instead. Texts that only contain one,
    such as policies, are whole, unlike in a real plan: a scanner is to read them. Secrets are masked.
    """
    resources = {each.urn: each for each in graph.resources if each.custom and not each.type.startswith(_NOT_IN_A_PLAN)}
    addresses = _addresses(resources.values())
    references = References(addresses, resources)
    values, configuration = [], []
    for urn, resource in resources.items():
        body = _Body(type_name(resource.type), references)
        planned, expressions = body.block(resource.inputs, resource.property_dependencies)
        type_, _, name = addresses[urn].partition(".")
        planned = dict.fromkeys(absent_properties(resource.type)) | planned
        head = {"address": addresses[urn], "mode": "managed", "type": type_, "name": name}
        values.append(head | {"provider_name": resource.type.partition(":")[0], "schema_version": 0, "values": planned})
        configuration.append(head | {"expressions": expressions})
    return {
        "format_version": FORMAT,
        "terraform_version": TERRAFORM,
        "planned_values": {"root_module": {"resources": values}},
        "configuration": {"root_module": {"resources": configuration}},
    }


def _addresses(resources: Iterable[Resource]) -> dict[str, str]:
    """URN -> `type.name`. Logical names are unique below one parent only, so a second one gets a number."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for resource in resources:
        address = wanted = f"{type_name(resource.type)}.{identifier(resource.name)}"
        number = 1
        while address in taken:
            number += 1
            address = f"{wanted}_{number}"
        taken.add(address)
        found[resource.urn] = address
    return found


class _Body:
    """Writes the properties of one resource: what is known of them, and what refers to other resources."""

    def __init__(self, type_: str, references: References) -> None:
        self._type = type_
        self._references = references

    def block(
        self, properties: Mapping[str, Any], dependencies: Mapping[str, Iterable[str]]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The values of a block, and its expressions."""
        values: dict[str, Any] = {}
        expressions: dict[str, Any] = {}
        for key, value in properties.items():
            if value == []:  # a list of blocks or of values: without one in it nobody can tell, nor needs to
                continue
            urns = tuple(dependencies.get(key, ()))
            name, known, expression = self._property(key, value, urns)
            if known is not None:
                values[name] = known
            if expression:
                expressions[name] = expression
        return values, expressions

    def _property(self, key: str, value: Any, urns: tuple[str, ...]) -> tuple[str, Any, Any]:
        secret, text = isinstance(value, Secret), revealed(value)
        if isinstance(value, Secret):
            value = _masked(value.value)
        blocks = _blocks(key, value)
        if blocks is not None:
            pairs = [self.block(each, dict.fromkeys(each, urns)) for each in blocks]
            name = property_name(self._type, key, blocks=isinstance(value, list))
            return name, [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        name = property_name(self._type, key)
        if secret or key in MAPS:
            return name, _known(value), _naming(self._references.inside(text, urns))
        if isinstance(value, list):
            found = [self._references.to(item, urns) for item in value]
            named = [each for each in found if each]
            if value and len(named) == len(value):
                return name, None, _naming(named)
            items = [None if reference else _known(item) for item, reference in zip(value, found, strict=True)]
            return name, items, _naming(named)
        reference = self._references.to(value, urns)
        if reference:
            return name, None, _naming([reference])
        return name, _known(value), _naming(self._references.inside(text, urns))


def _blocks(key: str, value: Any) -> list[dict[str, Any]] | None:
    """The blocks that a property stands for, or None where it is a plain value or a map."""
    if key in MAPS:
        return None
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return value
    return None


def _naming(references: list[str]) -> dict[str, list[str]]:
    """An expression that refers to these; as Terraform writes it, each once more without the attribute."""
    named: dict[str, None] = {}
    for reference in references:
        named[reference] = None
        named[".".join(reference.split(".")[:2])] = None
    return {"references": list(named)} if named else {}


def _known(value: Any) -> Any:
    """A value as a plan writes it: nothing for what is unknown, no secret in clear text, of a file only its name."""
    match value:
        case Unknown() | None:
            return None
        case Secret():
            return _masked(value.value)
        case Asset():
            return Path(value.path).name if value.path else "inline"
        case dict():
            return {key: _known(item) for key, item in value.items()}
        case list():
            return [_known(item) for item in value]
        case _:
            return value


def _masked(value: Any) -> Any:
    """The same shape with nothing in it that was said."""
    match value:
        case Secret():
            return _masked(value.value)
        case dict():
            return {key: _masked(item) for key, item in value.items()}
        case list():
            return [_masked(item) for item in value]
        case Unknown() | None:
            return value
        case _:
            return MASK
