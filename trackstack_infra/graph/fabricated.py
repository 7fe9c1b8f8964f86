"""Made-up outputs that look like AWS's, so that a graph can be read to the last policy without an account.

The same program always gets the same values: they are derived from the URN.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from trackstack_infra.catalog import CATALOG
from trackstack_infra.graph.fabricated_answers import ACCOUNT, FUNCTIONS, OTHER, REFERENCES
from trackstack_infra.graph.model import Resource

# What may name a resource of a type whose entry in the catalog says nothing of a name.
_NAMING_INPUTS: Final = ("name", "budgetName", "bucket", "family", "functionName", "domain", "tableName", "identifier")


class Fabricator:
    """Answers in place of AWS, in one region."""

    def __init__(self, region: str, references: Mapping[str, Mapping[str, Any]]) -> None:
        self._place = {"region": region, "account": ACCOUNT}
        self._references = references

    def outputs(self, resource: Resource) -> tuple[str, dict[str, Any]]:
        """The id and the outputs of a resource; what it was given comes back as it is."""
        digest = hashlib.sha256(resource.urn.encode()).hexdigest()
        service, _, kind = resource.type.partition(":")[2].partition("/")
        fields = self._place | {
            "hex": digest[:17],
            "name": _physical_name(resource, digest),
            "path": resource.inputs.get("path") or "/",  # of roles and policies
            "service": service,
            "kind": kind.partition(":")[0],
        }
        made: dict[str, Any] = {}
        known = CATALOG.get(resource.type)
        for key, template in ((known and known.outputs) or OTHER).items():
            made[key] = _filled(template, fields | made)
        given = {key: value for key, value in resource.inputs.items() if value is not None}
        return made["id"], made | given

    def reference(self, stack: str) -> dict[str, Any]:
        """The outputs of another stack."""
        if stack in self._references:
            return dict(self._references[stack])
        return {name: template.format_map(self._place) for name, template in REFERENCES.items()}

    def function(self, token: str) -> dict[str, Any] | None:
        """What a provider's function answers, or None where there is no answer."""
        answer = FUNCTIONS.get(token)
        return None if answer is None else {key: _filled(value, self._place) for key, value in answer.items()}


def _filled(template: Any, fields: Mapping[str, Any]) -> Any:
    """The template with the fields in its texts filled in, at whatever depth they stand."""
    if isinstance(template, Mapping):
        return {key: _filled(value, fields) for key, value in template.items()}
    if isinstance(template, tuple):
        return [_filled(each, fields) for each in template]
    return str(template).format_map(fields)


def _physical_name(resource: Resource, digest: str) -> str:
    known = CATALOG.get(resource.type)
    keys = (known.name.property,) if known and known.name else _NAMING_INPUTS
    given = (resource.inputs.get(key) for key in keys)
    named = next((name for name in given if isinstance(name, str) and name), None)
    return named or f"{resource.name}-{digest[:7]}"
