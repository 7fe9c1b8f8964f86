"""`--set KEY=VALUE`: settings that override the stack's file, and are checked like it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from trackstack_infra.errors import UsageError

if TYPE_CHECKING:
    from trackstack_infra.graph import Graph
    from trackstack_infra.settings.load import AnySettings, SettingsFiles


def record_stack(stack: str, pairs: Sequence[str] | None, files: "SettingsFiles") -> "Graph":
    """The graph of a stack with its file's settings, the overrides and made-up outputs; nothing is touched."""
    from trackstack_infra.graph.kept import graph_of_stack

    return graph_of_stack(stack, overridden_settings(stack, pairs, files), outputs="fabricated")


def overridden_settings(stack: str, pairs: Sequence[str] | None, files: "SettingsFiles") -> "AnySettings":
    """The stack's settings: its file's values, over them the pairs."""
    return files.settings(stack, read_overrides(stack, pairs, files))


def read_overrides(stack: str, pairs: Sequence[str] | None, files: "SettingsFiles") -> dict[str, object]:
    """The pairs as values by the settings' names; a dotted key leaves the other values of its group."""
    overrides = parse_pairs(pairs or ())
    of_the_file = files.values(stack) if overrides else {}
    return {key: _merged(of_the_file.get(key), value) for key, value in overrides.items()}


def parse_pairs(pairs: Iterable[str]) -> dict[str, object]:
    """`services.gym.cpu=512` becomes `{"services": {"gym": {"cpu": 512}}}`; values are read as YAML, as in the file."""
    overrides: dict[str, object] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        steps = key.strip().split(".")
        if not equals or not all(steps):
            raise UsageError(f"{pair!r} is not KEY=VALUE", hint="write it like services.gym.cpu=512")
        _put(overrides, steps, _value(pair, text), pair)
    return overrides


def _value(pair: str, text: str) -> object:
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        raise UsageError(f"the value of {pair!r} is not valid YAML", hint="put the value in quotes") from None


def _put(overrides: dict[str, object], steps: list[str], value: object, pair: str) -> None:
    group = overrides
    for step in steps[:-1]:
        inner = group.setdefault(step, {})
        if not isinstance(inner, dict):
            raise UsageError(
                f"{pair!r} conflicts with another --set that sets {step} as a whole", hint="remove one of them"
            )
        group = inner
    group[steps[-1]] = value


def _merged(old: object, new: object) -> object:
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return new
    return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}
