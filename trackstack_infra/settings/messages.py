"""Says in words what is wrong with a setting: its file, key and value, what it must be, and what to change."""

from collections.abc import Collection, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trackstack_infra.errors import SettingsError
from trackstack_infra.names import PROJECT
from trackstack_infra.settings.file import REGION_KEY, closest

_Path = Sequence[str | int]


def settings_error(
    file: str, model: type[BaseModel], error: ValidationError, by_hand: Collection[str]
) -> SettingsError:
    """One SettingsError for all that pydantic found, one line each; `by_hand` names what did not come from the file."""
    problems = [_problem(file, model, each, by_hand) for each in error.errors(include_url=False)]
    return SettingsError("\n".join(message for message, _ in problems), hint=problems[0][1])


def unknown_setting(file: str, model: type[BaseModel], path: _Path, value: object) -> SettingsError:
    """A key that no stack, or not this one, has."""
    message, hint = _unknown(file, model, path, value)
    return SettingsError(message, hint=hint)


def _problem(file: str, model: type[BaseModel], error: ErrorDetails, by_hand: Collection[str]) -> tuple[str, str]:
    path = error["loc"]
    where = "override" if path and path[0] in by_hand else file
    if error["type"] == "extra_forbidden":
        return _unknown(where, model, path, error["input"])
    key = _key(path)
    if error["type"] == "missing":
        return f"{where}: {key} is missing", f"add a line `{key}: …`"
    fix = f"change {key} in {file}" if where == file else "give another value"
    if error["type"] == "model_type":
        return (
            f"{where}: {key} is {error['input']!r}: must be a mapping",
            f"{fix}; it has {', '.join(_known(model, path))}",
        )
    what = error["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    if not path:
        return f"{where}: {what}", f"change one of them in {file}"
    return f"{where}: {key} is {error['input']!r}: {what}", fix


def _unknown(where: str, model: type[BaseModel], path: _Path, value: object) -> tuple[str, str]:
    known = _known(model, path[:-1])
    near = closest(str(path[-1]), known)
    suggestion = f"; did you mean {_key([*path[:-1], near])}?" if near else ""
    return (
        f"{where}: unknown key {_key(path)} (value {value!r}){suggestion}",
        f"rename or remove it; {_key(path[:-1]) if path[:-1] else 'this stack'} has {', '.join(known)}",
    )


def _known(model: type[BaseModel], path: _Path) -> list[str]:
    """The keys there are at a path of nested settings."""
    current: Any = model
    for step in path:
        current = _group(current.model_fields[step].annotation)
    return sorted(set(current.model_fields) - {"root", "region"})


def _group(annotation: Any) -> Any:
    """The model among a field's types: an optional group is one or None."""
    return next((each for each in get_args(annotation) if hasattr(each, "model_fields")), annotation)


def _key(path: _Path) -> str:
    """The key as the file spells it."""
    if path and path[0] == "region":
        return REGION_KEY
    return f"{PROJECT}:{'.'.join(map(str, path))}"
