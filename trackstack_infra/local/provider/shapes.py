"""From Pulumi's property names to a request of boto3: the service's own model says how a member is spelt and typed.

Pulumi's names are Terraform's in camelCase, with lists in the plural; AWS's differ in capitals and in the plural only,
and CloudFront wraps lists as {Quantity, Items}. What differs by more is written out in the handler.
"""

from collections.abc import Mapping
from typing import Any

from botocore import xform_name
from botocore.model import ListShape, MapShape, Shape, StructureShape

from trackstack_infra.local.provider.clients import Client

Inputs = Mapping[str, Any]

# Every service wants tags in a shape of its own, and `region` is the SDK's.
_BY_HAND = frozenset({"tags", "tagsAll", "region"})


def call(client: Client, operation: str, inputs: Inputs | None = None, **given: Any) -> Any:
    """Call OPERATION with those INPUTS that it has a member for, and with GIVEN, in AWS's spelling, as it stands."""
    shape = client.meta.service_model.operation_model(operation).input_shape
    fitting = members({key: value for key, value in (inputs or {}).items() if key not in _BY_HAND}, shape)
    return getattr(client, xform_name(operation))(**{**fitting, **{k: v for k, v in given.items() if v is not None}})


def members(inputs: Inputs, shape: StructureShape) -> dict[str, Any]:
    """Those of INPUTS that SHAPE has a member for, spelt and typed as in SHAPE."""
    by_key = {_key(name): name for name in shape.members}
    found = {by_key[_key(k)]: (k, v) for k, v in inputs.items() if v is not None and _key(k) in by_key}
    return {name: typed(value, shape.members[name], where=key) for name, (key, value) in found.items()}


def typed(value: Any, shape: Shape, *, where: str) -> Any:
    """VALUE as SHAPE wants it; raises ValueError for a nested property that AWS has no member for."""
    if isinstance(shape, StructureShape):
        return _structure(value, shape, where)
    if isinstance(shape, ListShape):
        items = value if isinstance(value, list | tuple) else [value]
        return [typed(item, shape.member, where=where) for item in items]
    if isinstance(shape, MapShape):
        return {str(k): typed(v, shape.value, where=f"{where}.{k}") for k, v in value.items()}
    return scalar(value, shape.type_name)


def scalar(value: Any, kind: str) -> Any:
    """VALUE as a KIND: numbers arrive from Pulumi as floats, and numbers and booleans at times as text."""
    if kind in ("integer", "long"):
        return int(float(value))
    if kind in ("float", "double"):
        return float(value)
    if kind == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if kind == "string":
        return text(value)
    return value


def text(value: Any) -> str:
    """VALUE as AWS writes it in text attributes: true, 30, 0.5."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _structure(value: Any, shape: StructureShape, where: str) -> dict[str, Any]:
    if {"Quantity", "Items"} <= set(shape.members) and isinstance(value, list | tuple):
        items = typed(value, shape.members["Items"], where=where)
        return {"Quantity": len(items), "Items": items}
    unknown = {_key(k) for k, v in value.items() if v is not None} - {_key(name) for name in shape.members}
    if unknown:
        strangers = ", ".join(sorted(k for k in value if _key(k) in unknown))
        raise ValueError(f"{where}: the local provider does not know {strangers} (AWS has {', '.join(shape.members)})")
    return members(value, shape)


def _key(name: str) -> str:
    """What is left of a name when capitals and the plural do not count."""
    small = name.lower()
    if small.endswith("ies"):
        return small[:-3] + "y"
    return small.removesuffix("s")


def attributes(inputs: Inputs, names: Mapping[str, str]) -> dict[str, str]:
    """INPUTS as one of AWS's maps of text attributes; NAMES says what each is called there."""
    return {aws: text(inputs[ours]) for ours, aws in names.items() if inputs.get(ours) is not None}
