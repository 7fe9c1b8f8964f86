"""docs/settings.md lists every setting that there is, with its type and its default."""

import re
from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin

import pytest
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from trackstack_infra.settings.file import REGION_KEY
from trackstack_infra.settings.load import MODELS

PAGE = Path(__file__).parents[3] / "docs" / "settings.md"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$")
WORDS: Final = {int: "whole number", Decimal: "number", str: "text", time: "time of day"}
NOT_IN_THE_FILES: Final = "root"  # where the checkout lies

Row = tuple[str, str, str]
"""Key, type and default, as the page spells them."""


def rows_of(model: Any, before: str = "", defaults: Any = None) -> Iterator[Row]:
    """Every setting below a model; a group that may be absent has a row of its own."""
    for name, field in model.model_fields.items():
        if name == NOT_IN_THE_FILES:
            continue
        key = REGION_KEY if name == "region" else before + name
        default = getattr(defaults, name) if defaults is not None else field.get_default()
        group = next((each for each in alternatives(field) if hasattr(each, "model_fields")), None)
        if group is None:
            yield key, type_of(field), spelt(default)
        elif default is None or default is PydanticUndefined:
            yield key, "group", spelt(default)
            yield from rows_of(group, f"{key}.")
        else:
            yield from rows_of(type(default), f"{key}.", default)


def alternatives(field: FieldInfo) -> tuple[Any, ...]:
    """The types a value may have, but for none at all."""
    annotation: Any = field.annotation
    if get_origin(annotation) in (Literal, tuple) or not get_args(annotation):
        return (annotation,)
    return tuple(each for each in get_args(annotation) if each is not NoneType)


def type_of(field: FieldInfo) -> str:
    (kind,) = alternatives(field)
    if get_origin(kind) is Literal:
        return ", ".join(f"`{each}`" for each in get_args(kind))
    if get_origin(kind) is tuple:
        return "list of " + ", ".join(f"`{each.value}`" for each in get_args(kind)[0])
    if issubclass(kind, Enum):
        return ", ".join(f"`{each.value}`" for each in kind)
    limits = {name: getattr(each, name) for each in field.metadata for name in ("ge", "le") if hasattr(each, name)}
    return WORDS.get(kind, "network") + (f", {limits['ge']} to {limits['le']}" if len(limits) == 2 else "")


def spelt(default: object) -> str:
    """A default as the file would have it."""
    if default is PydanticUndefined:
        return "must be given"
    if default is None:
        return "none"
    if isinstance(default, tuple):
        return f"`[{', '.join(each.value for each in default)}]`"
    if isinstance(default, time):
        return f'`"{default:%H:%M}"`'
    return f"`{default.value if isinstance(default, Enum) else default}`"


def rows_of_stack(stack: str) -> set[Row]:
    """All services of a stack have the same settings, so they share their rows."""
    return {(re.sub(r"^services\.\w+", "services.NAME", key), *rest) for key, *rest in rows_of(MODELS[stack])}  # type: ignore[misc]


@pytest.fixture(scope="module")
def sections() -> dict[str, list[tuple[str, str, str, str]]]:
    """The page's rows by the heading above them."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    heading = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        elif match := ROW.match(line):
            found.setdefault(heading, []).append(match.groups())  # type: ignore[arg-type]
    return found


def test_every_setting_has_a_row(sections: dict[str, list[tuple[str, str, str, str]]]) -> None:
    """With the type and the default that it really has; a row for what is no setting any more fails too."""
    pragmatic, enterprise = rows_of_stack("pragmatic"), rows_of_stack("enterprise")
    expected = {
        "foundation": rows_of_stack("foundation"),
        "pragmatic and enterprise": pragmatic & enterprise,
        "pragmatic alone": pragmatic - enterprise,
        "enterprise alone": enterprise - pragmatic,
    }
    assert {heading: {row[:3] for row in rows} for heading, rows in sections.items()} == expected


def test_every_row_says_what_the_setting_means(sections: dict[str, list[tuple[str, str, str, str]]]) -> None:
    """No key is listed twice below one heading, and each has a meaning in words."""
    for rows in sections.values():
        assert len({row[0] for row in rows}) == len(rows)
        assert all(len(row[3].split()) >= 3 for row in rows)
