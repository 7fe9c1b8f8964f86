"""The state of a stack on disk: what exists, under which id, made from which inputs, and what a dead run had begun.

One JSON file a stack, one resource a line, replaced atomically. Reading it needs neither Pulumi nor a running emulator.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from trackstack_infra.errors import Failed
from trackstack_infra.graph.model import Resource

VERSION: Final = 1


class StateDamaged(Failed):
    """The state file is not what TrackStack wrote."""


class StateNewer(Failed):
    """A newer TrackStack wrote the state file; it stays as it is."""


@dataclass(frozen=True)
class ResourceState:
    """One resource, or one component (`custom` is false, there is no id)."""

    urn: str
    type: str
    name: str
    parent: str | None
    custom: bool
    id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    """Of inputs that hold files or texts: the SHA-256 of the content."""
    secrets: tuple[str, ...] = ()
    """Properties that are not to be shown."""
    auto_named: bool = False
    protect: bool = False
    retain_on_delete: bool = False
    deleted_with: str | None = None
    condemned: bool = False
    """Replaced by another of the same URN, and still to be deleted."""

    @cached_property
    def text(self) -> str:
        """Its line in the state file."""
        return json.dumps(_without_defaults(self), sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True)
class Pending:
    """An operation that was begun. While the file holds it, nobody knows whether it happened."""

    operation: Literal["create", "update", "delete"]
    resource: ResourceState
    """With the inputs the operation was going to set; a create has no id."""

    @property
    def text(self) -> str:
        return f'{{"operation": "{self.operation}", "resource": {self.resource.text}}}'


@dataclass(frozen=True)
class StackState:
    """A stack as the last run left it, in the emulator that had this boot id."""

    stack: str
    boot_id: str
    saved_at: datetime
    resources: tuple[ResourceState, ...] = ()
    pending: tuple[Pending, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    secret_outputs: tuple[str, ...] = ()

    @property
    def protected(self) -> tuple[ResourceState, ...]:
        """What only an explicit wish deletes: the resources that hold data."""
        return tuple(one for one in self.resources if one.protect and is_object(one) and not one.condemned)


def is_object(resource: Resource | ResourceState) -> bool:
    """Whether something exists in the emulator for it: not for components, nor for explicit providers, because the
    local target has one endpoint and one region for all."""
    return resource.custom and not resource.type.startswith("pulumi:providers:")


def state_path(home: Path, stack: str) -> Path:
    return home / "stacks" / f"{stack}.json"


def read_state(home: Path, stack: str) -> StackState | None:
    """The state of a stack, None when it was never brought up, or destroyed."""
    path = state_path(home, stack)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise _damaged(path, error) from error
    return _parse(path, text)


def take_state(home: Path, stack: str, now: datetime) -> StackState | None:
    """Like `read_state`, for a run that is going to write: a damaged file is moved aside, so that it is kept."""
    try:
        return read_state(home, stack)
    except StateDamaged as error:
        path = state_path(home, stack)
        kept = path.with_name(f"{path.name}.corrupt-{now:%Y%m%dT%H%M%SZ}")
        path.rename(kept)
        raise StateDamaged(
            f"{error.message}; it was moved to {kept.name}",
            hint=f"run `trackstack local stop`, then `trackstack up {stack}`: it recreates everything and keeps data",
        ) from error


def write_state(path: Path, state: StackState) -> None:
    """Replace the file by this state: after a crash it is either the old or the new one."""
    head = json.dumps({"version": VERSION, "stack": state.stack, "boot_id": state.boot_id})[1:-1]
    outputs = json.dumps(dict(state.outputs), sort_keys=True, ensure_ascii=False)
    text = (
        f'{{{head}, "saved_at": "{state.saved_at.isoformat()}",\n'
        f'"outputs": {outputs},\n"secret_outputs": {json.dumps(list(state.secret_outputs))},\n'
        f'"pending": {_lines(pending.text for pending in state.pending)},\n'
        f'"resources": {_lines(resource.text for resource in state.resources)}}}\n'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    # Only its owner may read it: a stack's inputs can hold secrets.
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _parse(path: Path, text: str) -> StackState:
    try:
        document = json.loads(text)
        version = document["version"]
        if version == VERSION:
            return StackState(
                stack=document["stack"],
                boot_id=document["boot_id"],
                saved_at=datetime.fromisoformat(document["saved_at"]),
                resources=tuple(_resource(entry) for entry in document["resources"]),
                pending=tuple(
                    Pending(entry["operation"], _resource(entry["resource"])) for entry in document["pending"]
                ),
                outputs=document["outputs"],
                secret_outputs=tuple(document["secret_outputs"]),
            )
        if not isinstance(version, int) or version < VERSION:
            raise ValueError(f"version {version!r}")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(path, error) from error
    raise StateNewer(
        f"{path} has version {version}, but this TrackStack reads version {VERSION} only",
        hint="use the TrackStack that wrote it",
    )


def _resource(entry: dict[str, Any]) -> ResourceState:
    known = dict(entry)
    known |= {name: tuple(entry[name]) for name in ("dependencies", "secrets") if name in entry}
    known["property_dependencies"] = {
        name: tuple(urns) for name, urns in entry.get("property_dependencies", {}).items()
    }
    return ResourceState(**known)


def _without_defaults(resource: ResourceState) -> dict[str, Any]:
    entry = {name: getattr(resource, name) for name in _DEFAULTS}
    return {name: value for name, value in entry.items() if value != _DEFAULTS[name]}


_DEFAULTS: Final[Mapping[str, Any]] = {
    item.name: item.default if item.default_factory is MISSING else item.default_factory()
    for item in fields(ResourceState)
}


def _lines(texts: Iterable[str]) -> str:
    return "[\n" + ",\n".join(texts) + "\n]"


def _damaged(path: Path, error: Exception) -> StateDamaged:
    return StateDamaged(
        f"{path} is damaged ({type(error).__name__}: {error})",
        hint="run `trackstack up`: it moves the file aside and shows what to do next",
    )
