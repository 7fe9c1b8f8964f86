"""Old against new: what has to happen to a resource, decided from values alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trackstack_infra.graph.values import is_unknown
from trackstack_infra.local.engine.desired import Desired
from trackstack_infra.local.engine.plan import Action
from trackstack_infra.local.engine.state import Pending, ResourceState

if TYPE_CHECKING:
    from trackstack_infra.local.provider import Handler


@dataclass(frozen=True)
class Decision:
    """What happens to a resource, because of which properties, and with which inputs it goes on."""

    action: Action
    inputs: Mapping[str, Any]
    digests: Mapping[str, str]
    properties: tuple[str, ...] = ()
    reason: str = ""
    delete_first: bool = False


def decide(
    old: ResourceState | None,
    new: Desired,
    handler: Handler,
    *,
    replaced: Collection[str] = (),
    unfinished: Sequence[Pending] = (),
) -> Decision:
    """Compare. `replaced` holds the URNs replaced in this run; `unfinished` is what dead runs had begun with it."""
    options = new.resource.options
    if old is None:
        return Decision("create", new.inputs, new.digests, reason="new")
    inputs = keep_ignored(old.inputs, new.inputs, options.ignore_changes)
    digests = {
        **new.digests,
        **{name: old.digests[name] for name in old.digests if inputs.get(name) is old.inputs[name]},
    }
    changed = changed_properties(old, inputs, digests)
    companions = sorted(set(options.replace_with) & set(replaced))
    fixed = [name for name in changed if name in handler.replace_on or _listed(name, options.replace_on_changes)]
    if old.type != new.resource.type:
        reason = f"was a {old.type}"
    elif fixed:
        reason = f"{', '.join(fixed)} cannot be changed in place" + _if_unknown(inputs, fixed)
    elif companions:
        reason = "is replaced together with " + ", ".join(urn.rpartition("::")[2] for urn in companions)
    elif changed:
        return Decision("update", inputs, digests, changed, "changed" + _if_unknown(inputs, changed))
    elif unfinished:
        reason = f"an earlier run was interrupted at its {unfinished[-1].operation}"
        return Decision("update", inputs, digests, reason=reason)
    else:
        return Decision("same", old.inputs, old.digests)
    asked = options.delete_before_replace
    return Decision("replace", inputs, digests, changed, reason, handler.delete_first if asked is None else asked)


def changed_properties(old: ResourceState, inputs: Mapping[str, Any], digests: Mapping[str, str]) -> tuple[str, ...]:
    """The inputs that differ, sorted. A file differs by its content, not by its path."""

    def differs(name: str) -> bool:
        if name in old.digests or name in digests:
            return old.digests.get(name) != digests.get(name)
        return bool(old.inputs.get(name) != inputs.get(name))

    return tuple(sorted(name for name in {*old.inputs, *inputs} if differs(name)))


def keep_ignored(old: Mapping[str, Any], new: Mapping[str, Any], paths: Collection[str]) -> dict[str, Any]:
    """The new inputs, with the old values at the paths whose changes are ignored, such as `tags.owner` or `a[0].b`."""
    kept = dict(new)
    for path in paths:
        kept = _kept(old, kept, segments(path))
    return kept


def segments(path: str) -> list[str]:
    """The steps of a property path."""
    return [quoted or index or name for quoted, index, name in _SEGMENT.findall(path)]


_SEGMENT = re.compile(r'\["([^"]*)"\]|\[(\d+|\*)\]|([^.\[\]]+)')


def _kept(old: Any, new: Any, path: list[str]) -> Any:
    if not path:
        return old
    head, rest = path[0], path[1:]
    if isinstance(new, list) and isinstance(old, list):
        wanted = range(len(new)) if head == "*" else [int(head)] if head.isdigit() else []
        return [
            _kept(old[index], item, rest) if index in wanted and index < len(old) else item
            for index, item in enumerate(new)
        ]
    if not isinstance(new, dict) or not isinstance(old, Mapping):
        return new
    result = dict(new)
    for key in {*old, *new} if head == "*" else {head}:
        if key in old and (key in new or not rest):
            result[key] = _kept(old[key], new.get(key), rest)
        elif not rest:
            result.pop(key, None)
    return result


def _listed(name: str, paths: Collection[str]) -> bool:
    return any(segments(path)[:1] in (["*"], [name]) for path in paths)


def _if_unknown(inputs: Mapping[str, Any], names: Collection[str]) -> str:
    unknown = any(is_unknown(inputs.get(name)) for name in names)
    return ", if its dependencies change" if unknown else ""
