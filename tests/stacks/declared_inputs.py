"""The inputs that a resource type has, as the pinned pulumi-aws declares them: names on the wire, dotted in objects."""

import importlib
import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

import pulumi_aws
from pulumi._types import input_type_py_to_pulumi_names

_WORD: Final = re.compile(r"[A-Z][a-z0-9]*")
_ARGS: Final = re.compile(r"\b(\w+Args)\b")


def inputs_of(token: str) -> dict[str, type | None]:
    """The top inputs of a type: name -> the class of the object, or of a list's objects; None for a plain value."""
    package, name = _package(token), token.rpartition(":")[2]
    file = "_".join(_WORD.findall(name)).lower()
    module = importlib.import_module(f"{package.__name__}.{file}")
    # Where an object of another type has the name already, Pulumi calls them InitArgs.
    return _properties(getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args"), package)


def paths_of(token: str, objects: frozenset[str]) -> Iterator[str]:
    """All inputs of a type; of the `objects`, each property as well."""
    package = _package(token)

    def walk(properties: dict[str, type | None], above: str) -> Iterator[str]:
        for name, inside in properties.items():
            path = f"{above}{name}"
            if inside is not None and path in objects:
                yield from walk(_properties(inside, package), f"{path}.")
            else:
                yield path

    return walk(inputs_of(token), "")


def _properties(args: type, package: ModuleType) -> dict[str, type | None]:
    names = input_type_py_to_pulumi_names(args)
    found = {}
    for python, wire in names.items():
        annotation = inspect.getattr_static(args, python).fget.__annotations__["return"]
        found[wire] = _object(str(annotation), package)
    return found


def _object(annotation: str, package: ModuleType) -> type | None:
    match = _ARGS.search(annotation)
    inside: Any = getattr(importlib.import_module(f"{package.__name__}._inputs"), match[1], None) if match else None
    return inside if isinstance(inside, type) else None


def _package(token: str) -> ModuleType:
    """A package of the SDK, which loads it when something of it is asked for, and by no other way."""
    name = token.split(":")[1].partition("/")[0]
    package: ModuleType = getattr(pulumi_aws, "lambda_" if name == "lambda" else name)
    assert hasattr(package, token.rpartition(":")[2]), token
    return package
