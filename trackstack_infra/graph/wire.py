"""Pulumi's wire format in plain Python values, both ways. The marker strings are part of Pulumi's protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import struct_pb2  # type: ignore[import-untyped]  # it ships no types

from trackstack_infra.graph.values import UNKNOWN, Asset, Secret, Unknown

UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
MARK: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (a marker, no secret)
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"


def read_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """The properties of a message."""
    return {key: read_value(value) for key, value in struct.fields.items()}


def read_value(value: struct_pb2.Value) -> Any:
    """One property; whole numbers come back as int, because the wire has only floats."""
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value == UNKNOWN_TEXT else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [read_value(item) for item in value.list_value.values]
        case "struct_value":
            return _read_marked(read_struct(value.struct_value))
        case _:
            return None


def write_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """A message holding the properties."""
    struct = struct_pb2.Struct()
    struct.update({key: _plain(value) for key, value in properties.items()})
    return struct


def _read_marked(fields: dict[str, Any]) -> Any:
    match fields.get(MARK):
        case None:
            return fields
        case mark if mark == SECRET:
            return Secret(fields.get("value"))
        case mark if mark in (ASSET, ARCHIVE):
            path, text, uri, members = (fields.get(key) for key in ("path", "text", "uri", "assets"))
            return Asset(path, text, uri, members, archive=mark == ARCHIVE)
        case mark if mark == RESOURCE:
            # A provider takes a resource as its id; a component has only its URN.
            return (fields["id"] or UNKNOWN) if "id" in fields else fields["urn"]
        case other:
            raise ValueError(f"the Pulumi SDK sent a value marked {other!r}, which TrackStack does not know")


def _plain(value: Any) -> Any:
    match value:
        case Unknown():
            return UNKNOWN_TEXT
        case Secret():
            return {MARK: SECRET, "value": _plain(value.value)}
        case Asset():
            parts = {"path": value.path, "text": value.text, "uri": value.uri, "assets": value.members}
            marked = {MARK: ARCHIVE if value.archive else ASSET}
            return marked | {key: _plain(part) for key, part in parts.items() if part is not None}
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value
