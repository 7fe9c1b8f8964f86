"""A plan as people read it: data effects first, then a tree by component; or as JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from trackstack_infra.cli.views.output import NARROWEST_COLUMNS, print_json, stdout

if TYPE_CHECKING:
    from trackstack_infra.local.engine import Change, Plan
    from trackstack_infra.local.engine.fields import Field

SIGNS = {"create": ("+", "green"), "update": ("~", "yellow"), "replace": ("±", "magenta"), "delete": ("-", "red")}
FATES = {
    "refused": ("protected, so `up` will refuse", "bold red"),
    "lost": ("LOST", "bold red"),
    "moved": ("left behind at the old path", "bold yellow"),
    "made": ("new", "green"),
    "kept": ("kept, no longer managed", "yellow"),
}
OUTSIDE = "stack"
"""Stands for the component of resources that belong to none."""
COLUMNS = NARROWEST_COLUMNS
MOST_FIELDS = 6
"""Of one resource; --json has them all."""
LONGEST_VALUE = 24
PLAIN_REASONS = ("new", "changed", "no longer in the program")
"""Those that the sign says already."""
PERHAPS = ", if its dependencies change"
FOLD_FROM = 3
WIDEST_NAME = 20

Line = tuple[str, str]
"""A style and a text."""


def print_plan(plan: "Plan", *, as_json: bool) -> None:
    """Print what would change; resources that stay as they are, are only counted."""
    if as_json:
        print_json(document(plan))
        return
    from rich.text import Text

    out = stdout()
    for style, text in plan_lines(plan):
        out.print(Text(text, style), soft_wrap=True)


def document(plan: "Plan") -> dict[str, Any]:
    """All of a plan: every change with every field, and what it means for data."""
    from dataclasses import asdict

    from trackstack_infra.local.engine.data_effects import effects_of

    return {
        "changes": [
            {
                "urn": change.urn,
                "type": change.type,
                "name": change.name,
                "component": list(change.within),
                "action": change.action,
                "properties": list(change.properties),
                "fields": [asdict(field) for field in change.fields],
                "reason": change.reason,
            }
            for change in plan.actual
        ],
        "data": [asdict(effect) for effect in effects_of(plan)],
        "counts": plan.counts,
    }


def plan_lines(plan: "Plan") -> Iterator[Line]:
    """The plan in lines of 80 columns."""
    yield from _data_lines(plan)
    components: dict[str, list[Change]] = {}
    for change in plan.actual:
        components.setdefault(change.within[0] if change.within else component_of(change), []).append(change)
    width = min(WIDEST_NAME, max(map(len, components), default=0))
    for component, changes in components.items():
        yield from _component_lines(component, changes, width)
    if components:
        yield "", ""
    yield "bold", summary(plan)


def summary(plan: "Plan") -> str:
    """How much would happen, in a line: `125 to create, 3 to update, 12 unchanged`."""
    changed = [f"{count} to {action}" for action, count in plan.counts.items() if action != "same" and count]
    return ", ".join([*(changed or ["no changes"]), f"{plan.count('same')} unchanged"])


def component_of(change: "Change") -> str:
    """Name of the component a resource belongs to, which is the last part of its parent's URN."""
    parts = (change.parent or "").split("::")
    return parts[-1] if len(parts) == 4 and parts[2].startswith("trackstack:") else OUTSIDE


def kind_of(type_: str) -> str:
    """A type's own name: `Queue` of `aws:sqs/queue:Queue`."""
    return type_.rsplit(":", 1)[-1]


def kinds(types: Sequence[str]) -> list[str]:
    """`12 × Route`, the most first."""
    counts = Counter(map(kind_of, types))
    return [f"{count} × {kind}" if count > 1 else kind for kind, count in sorted(counts.items(), key=_most_first)]


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _data_lines(plan: "Plan") -> Iterator[Line]:
    from trackstack_infra.local.engine.data_effects import effects_of

    effects = effects_of(plan)
    if not effects:
        return
    yield "bold", "Data"
    for fate, (meaning, style) in FATES.items():
        of_fate = [effect for effect in effects if effect.fate == fate]
        places: dict[str, list[str]] = {}
        for effect in of_fate:
            places.setdefault(effect.what, []).append(effect.name)
        folded = fate == "made"  # what is lost is named one by one
        texts = [f"{what} of {_named(names, folded=folded)}" for what, names in places.items()]
        yield from ((style, line) for line in wrapped(texts, f"  {meaning}: ", "    "))
    yield "", ""


def _named(names: Sequence[str], *, folded: bool) -> str:
    if folded and len(names) >= FOLD_FROM:
        return f"{len(names)} resources"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _component_lines(component: str, changes: list["Change"], width: int) -> Iterator[Line]:
    """A component that is made or removed as a whole takes one line; else every change takes its own."""
    actions = {change.action for change in changes}
    if len(actions) == 1 and (action := actions.pop()) in ("create", "delete") and not any(map(_reason, changes)):
        sign, style = SIGNS[action]
        for line in wrapped(
            kinds([change.type for change in changes]), f"{sign} {component:<{width}}  ", " " * (width + 4)
        ):
            yield style, line
        return
    yield "bold", component
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.action, change.type, change.fields, _reason(change)), []).append(change)
    for alike in groups.values():
        if len(alike) < FOLD_FROM:
            for change in alike:
                yield from _change_lines(change, f"{kind_of(change.type)} {change.name}")
        else:
            yield from _change_lines(alike[0], f"{len(alike)} × {kind_of(alike[0].type)}")


def _change_lines(change: "Change", what: str) -> Iterator[Line]:
    sign, style = SIGNS[change.action]
    yield style, cut(f"  {sign} {change.action} {what}")
    if reason := _reason(change):
        yield from (("", line) for line in wrapped(reason.split(" "), "      ", "      ", " "))
    if change.fields:
        width = min(44, max(len(field.path) for field in change.fields[:MOST_FIELDS]))
        yield from (("", _field_line(field, width)) for field in change.fields[:MOST_FIELDS])
        if more := len(change.fields) - MOST_FIELDS:
            yield from [("", f"      and {more} more")] if more > 0 else []
    elif change.properties:
        yield from (("", line) for line in wrapped(change.properties, "      ", "      "))


def _field_line(field: "Field", width: int) -> str:
    path = field.path if len(field.path) <= width else f"…{field.path[-width + 1 :]}"
    room = min(LONGEST_VALUE, (COLUMNS - 6 - width - 2 - 3) // 2)
    start = f"      {path:<{width}}  "
    if any(value is not None and (len(value) > room or "\n" in value) for value in (field.old, field.new)):
        return cut(start + _in_words(field))
    return f"{start}{_value(field.old)} → {_value(field.new)}"


def _in_words(field: "Field") -> str:
    if field.old is None:
        return "added"
    return "removed" if field.new is None else "differs"


def _value(value: str | None) -> str:
    return "none" if value is None else value or '""'


def _reason(change: "Change") -> str:
    """The reason in short, where it says more than the sign and the fields do."""
    reason, comma, _ = change.reason.partition(PERHAPS)
    return "" if reason in PLAIN_REASONS else f"{reason}, but may not change" if comma else reason


def wrapped(parts: Sequence[str], first: str, then: str, between: str = ", ") -> list[str]:
    """The parts in lines of 80 columns; nothing where there are none."""
    lines: list[str] = []
    line = first
    for number, part in enumerate(parts):
        text = part + (between.rstrip() if number < len(parts) - 1 else "")
        glue = "" if line in (first, then) else " "
        if len(line) + len(glue) + len(text) > COLUMNS and line not in (first, then):
            lines.append(line)
            line, glue = then, ""
        line += glue + text
    return [cut(each) for each in [*lines, line]] if parts else []


def cut(line: str) -> str:
    """Not wider than 80 columns."""
    return line if len(line) <= COLUMNS else line[: COLUMNS - 1] + "…"
