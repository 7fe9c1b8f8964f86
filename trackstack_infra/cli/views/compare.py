"""Two stacks, or two settings of one, side by side: what differs in settings, in kinds and in their numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trackstack_infra.cli.overrides import overridden_settings, record_stack
from trackstack_infra.cli.views.output import print_json
from trackstack_infra.cli.views.plan import COLUMNS, cut, wrapped
from trackstack_infra.errors import UsageError
from trackstack_infra.names import STACKS, Layer
from trackstack_infra.settings.load import SettingsFiles

NUMBER_COLUMNS = 12


@dataclass(frozen=True)
class Side:
    """One of the two: its settings, flat, and how many resources of each kind it has in each layer."""

    stack: str
    overrides: tuple[str, ...]
    settings: Mapping[str, str]
    kinds: Mapping[Layer, Mapping[str, int]]

    @property
    def title(self) -> str:
        return ", ".join([self.stack, *self.overrides])

    @property
    def total(self) -> Counter[str]:
        """The kinds of both layers."""
        return sum((Counter(kinds) for kinds in self.kinds.values()), Counter())


@dataclass(frozen=True)
class Comparison:
    """Two sides."""

    one: Side
    other: Side

    @property
    def settings(self) -> dict[str, tuple[str | None, str | None]]:
        """Those that differ, or that only one has."""
        names = sorted({*self.one.settings, *self.other.settings})
        values = {name: (self.one.settings.get(name), self.other.settings.get(name)) for name in names}
        return {name: pair for name, pair in values.items() if pair[0] != pair[1]}

    @property
    def differs(self) -> bool:
        """Whether the two declare different numbers of anything, or anything with other settings."""
        return bool(self.settings) or self.one.kinds != self.other.kinds


def parse_side(text: str, stack: str) -> tuple[str, list[str]]:
    """`enterprise`, `enterprise,azs=3`, or only `azs=3` for the same stack; commas within brackets stay."""
    parts = re.split(r",(?![^\[{]*[\]}])", text)
    if "=" not in parts[0]:
        stack = parts.pop(0)
        if stack not in STACKS:
            raise UsageError(f"there is no stack {stack!r}", hint=f"the stacks are {', '.join(STACKS)}")
    return stack, parts


def side(stack: str, pairs: Sequence[str], files: SettingsFiles) -> Side:
    """Record a stack with its power on and off: what is only in the first is the runtime layer. Nothing is touched."""
    settings = overridden_settings(stack, pairs, files)
    on = {resource.urn: resource.type for resource in record_stack(stack, pairs, files).resources if resource.custom}
    stays = set(on)
    if "power" in type(settings).model_fields:
        off = record_stack(stack, [*(pair for pair in pairs if not pair.startswith("power=")), "power=off"], files)
        stays = {resource.urn for resource in off.resources}
    kinds = {
        Layer.PERSISTENT: dict(Counter(_kind(on[urn]) for urn in on if urn in stays)),
        Layer.RUNTIME: dict(Counter(_kind(on[urn]) for urn in on if urn not in stays)),
    }
    return Side(stack, tuple(pairs), dict(_flat(settings.model_dump(mode="json", exclude={"root"}))), kinds)


def print_comparison(comparison: Comparison, *, as_json: bool) -> None:
    """Print both sides: a table in 80 columns, or all of it as JSON."""
    if as_json:
        print_json(document(comparison))
    else:
        print("\n".join(comparison_lines(comparison)))


def document(comparison: Comparison) -> dict[str, Any]:
    """Both sides, the settings that differ, and which kinds only one of them has."""
    one, other = comparison.one, comparison.other
    return {
        "sides": [
            {
                "stack": each.stack,
                "overrides": list(each.overrides),
                "resources": each.total.total(),
                "kinds": {layer.value: dict(sorted(kinds.items())) for layer, kinds in each.kinds.items()},
            }
            for each in (one, other)
        ],
        "settings": {name: list(pair) for name, pair in comparison.settings.items()},
        "only": [sorted(one.total.keys() - other.total.keys()), sorted(other.total.keys() - one.total.keys())],
    }


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """The table, line by line."""
    one, other = comparison.one, comparison.other
    names = ("A", "B") if one.overrides or other.overrides else (one.stack, other.stack)
    if names == ("A", "B"):
        yield cut(f"A  {one.title}")
        yield cut(f"B  {other.title}")
        yield ""
    yield _row("", *names)
    yield _row("resources", one.total.total(), other.total.total())
    yield _row("  persistent layer", *(sum(each.kinds[Layer.PERSISTENT].values()) for each in (one, other)))
    yield _row(
        "  runtime layer (only while power is on)", *(sum(each.kinds[Layer.RUNTIME].values()) for each in (one, other))
    )
    if comparison.settings:
        yield ""
        yield "settings that differ"
        yield from _setting_lines(names, comparison.settings)
    for layer, heading in (
        (Layer.PERSISTENT, "resource types, persistent layer"),
        (Layer.RUNTIME, "resource types, runtime layer"),
    ):
        yield from _kind_lines(heading, names, one.kinds[layer], other.kinds[layer])


def _kind_lines(
    heading: str, names: tuple[str, str], one: Mapping[str, int], other: Mapping[str, int]
) -> Iterator[str]:
    """Those in both with their numbers; those that only one has, and those of equal numbers, in a few lines."""
    if not (one or other):
        return
    yield ""
    yield heading
    for kind in sorted(one.keys() & other.keys()):
        if one[kind] != other[kind]:
            yield _row(f"  {kind}", one[kind], other[kind])
    same = [_times(kind, one[kind]) for kind in sorted(one.keys() & other.keys()) if one[kind] == other[kind]]
    for label, kinds in (
        ("same number in both", same),
        (f"only {names[0]}", [_times(kind, one[kind]) for kind in sorted(one.keys() - other.keys())]),
        (f"only {names[1]}", [_times(kind, other[kind]) for kind in sorted(other.keys() - one.keys())]),
    ):
        yield from wrapped(kinds, f"  {label}: ", "    ")


def _row(label: str, one: object, other: object) -> str:
    width = COLUMNS - 2 * NUMBER_COLUMNS
    return f"{cut(label):<{width}}{one!s:>{NUMBER_COLUMNS}}{other!s:>{NUMBER_COLUMNS}}".rstrip()


def _setting_lines(names: tuple[str, str], settings: Mapping[str, tuple[str | None, str | None]]) -> Iterator[str]:
    for name, (one, other) in settings.items():
        if one is not None and other is not None:
            yield cut(f"  {name:<30} {one:>22} {other:>22}".rstrip())
    only_one = [f"{name} {one}" for name, (one, other) in settings.items() if other is None]
    only_other = [f"{name} {other}" for name, (one, other) in settings.items() if one is None]
    yield from wrapped(only_one, f"  only {names[0]}: ", "    ")
    yield from wrapped(only_other, f"  only {names[1]}: ", "    ")


def _times(kind: str, count: int) -> str:
    return f"{count} × {kind}" if count > 1 else kind


def _kind(type_: str) -> str:
    """`ecs.Service` of `aws:ecs/service:Service`: two kinds may share their last name."""
    package, _, rest = type_.partition(":")
    return f"{rest.partition('/')[0]}.{type_.rpartition(':')[2]}" if package == "aws" else type_


def _flat(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{name}.")
        elif value is not None:
            yield f"{path}{name}", ", ".join(map(str, value)) if isinstance(value, list) else str(value)
