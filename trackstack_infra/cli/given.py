"""Settings given on the command line, `--set KEY=VALUE`: laid over the stack's file, and checked like it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trackstack_infra.errors import UsageError

if TYPE_CHECKING:
    from trackstack_infra.graph import Graph
    from trackstack_infra.settings import AnySettings


def record_stack(
    stack: str, pairs: Sequence[str] | None, root: Path, *, outputs: Literal["unknown", "fabricated"] = "fabricated"
) -> "Graph":
    """The graph of a stack with the settings of its file and those given; nothing is touched."""
    from trackstack_infra.graph.kept import graph_of_stack

    return graph_of_stack(stack, settings_given(stack, pairs, root), outputs=outputs)


def settings_given(stack: str, pairs: Sequence[str] | None, root: Path) -> "AnySettings":
    """The stack's settings: its file's values, over them the pairs."""
    from trackstack_infra.settings import load_settings

    return load_settings(stack, root, **overrides_given(stack, pairs, root))


def overrides_given(stack: str, pairs: Sequence[str] | None, root: Path) -> dict[str, object]:
    """The pairs as values by the settings' names; a dotted key leaves the other values of its group."""
    from trackstack_infra.settings_file import read_settings

    given = parse_pairs(pairs or ())
    of_the_file = read_settings(root / f"Pulumi.{stack}.yaml") if given else {}
    return {key: _merged(of_the_file.get(key), value) for key, value in given.items()}


def parse_pairs(pairs: Iterable[str]) -> dict[str, object]:
    """`services.gym.cpu=512` becomes `{"services": {"gym": {"cpu": 512}}}`; values are read as YAML, as in the file."""
    given: dict[str, object] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        steps = key.strip().split(".")
        if not equals or not all(steps):
            raise UsageError(f"{pair!r} sets nothing", hint="write KEY=VALUE, as in services.gym.cpu=512")
        _put(given, steps, _value(pair, text), pair)
    return given


def _value(pair: str, text: str) -> object:
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        raise UsageError(f"the value of {pair!r} cannot be read as YAML", hint="put it in quotes") from None


def _put(given: dict[str, object], steps: list[str], value: object, pair: str) -> None:
    group = given
    for step in steps[:-1]:
        inner = group.setdefault(step, {})
        if not isinstance(inner, dict):
            raise UsageError(f"{pair!r} sets a part of {step}, which another --set gives as a whole", hint="drop one")
        group = inner
    group[steps[-1]] = value


def _merged(old: object, new: object) -> object:
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return new
    return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}
