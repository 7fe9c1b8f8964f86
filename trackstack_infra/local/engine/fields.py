"""Which parts of a resource's inputs differ, and from what to what; secrets are named and never shown."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from trackstack_infra.graph.values import Asset, Secret, Unknown

HIDDEN: Final = "[secret]"
LATER: Final = "[known after the run]"
CONTENT: Final = "[content]"
# Nobody marks everything: what is called like a secret is treated as one.
_SECRET_NAME: Final = re.compile(
    r"password|passwd|secret|credential|private_?key|access_?key|token(?!s|_?validity)", re.I
)


@dataclass(frozen=True)
class Field:
    """One differing value, such as `containerDefinitions[gym].cpu`; None where there is none."""

    path: str
    old: str | None
    new: str | None


def changed_fields(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    properties: Sequence[str],
    *,
    secrets: Collection[str] = (),
    files: Collection[str] = (),
) -> tuple[Field, ...]:
    """The differences within these properties. `files` are those that differ by the content of a file."""
    found: list[Field] = []
    for name in properties:
        if name in secrets:
            found.append(Field(name, HIDDEN if name in old else None, HIDDEN if name in new else None))
        elif name in files:
            found.append(Field(name, CONTENT if name in old else None, CONTENT if name in new else None))
        else:
            found += _differences(name, old.get(name), new.get(name))
    return tuple(found)


def _differences(path: str, old: Any, new: Any) -> Iterator[Field]:
    old, new = _parsed(old), _parsed(new)
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            yield from _differences(f"{path}.{key}", old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and (keyed := _keyed(old, new)) is not None:
        before, after = keyed
        for key in dict.fromkeys((*before, *after)):
            yield from _differences(f"{path}[{key}]", before.get(key), after.get(key))
    else:
        hidden = _SECRET_NAME.search(path) is not None
        yield Field(path, _shown(old, hidden=hidden), _shown(new, hidden=hidden))


def _parsed(value: Any) -> Any:
    """The value of a text that is a JSON document, such as a policy; anything else as it is."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _keyed(old: list[Any], new: list[Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Items by what they are called, or else by their place; lists of plain values are one value."""
    items = [*old, *new]
    if not all(isinstance(item, Mapping) for item in items):
        return None
    for key in ("name", "Sid", "id", "key"):
        if all(isinstance(item.get(key), str) for item in items):
            before, after = ({item[key]: item for item in each} for each in (old, new))
            if len(before) == len(old) and len(after) == len(new):
                return before, after
    return {str(place): item for place, item in enumerate(old)}, {str(place): item for place, item in enumerate(new)}


def _shown(value: Any, *, hidden: bool) -> str | None:
    if value is None:
        return None
    if hidden or isinstance(value, Secret):
        return HIDDEN
    if isinstance(value, Unknown):
        return LATER
    if isinstance(value, Asset):
        return CONTENT
    if isinstance(value, str):
        return value
    return json.dumps(_masked(value), sort_keys=True, ensure_ascii=False)


def _masked(value: Any) -> Any:
    """Inside a value that is new or gone as a whole."""
    if isinstance(value, Mapping):
        # An environment variable is a pair: what its name says, holds for its value.
        secret = isinstance(value.get("name"), str) and _SECRET_NAME.search(value["name"]) is not None
        return {
            key: HIDDEN if _SECRET_NAME.search(str(key)) or (secret and key == "value") else _masked(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    if isinstance(value, Unknown | Secret | Asset):
        return _shown(value, hidden=False)
    return value
