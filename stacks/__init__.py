"""The three stacks, each a program one can read from top to bottom."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

_NAMES = ("foundation", "pragmatic", "enterprise")


class _Programs(Mapping[str, Callable[[Any], None]]):
    """A program is imported when it is asked for: it brings Pulumi with it, which takes a second."""

    def __getitem__(self, stack: str) -> Callable[[Any], None]:
        if stack not in _NAMES:
            raise KeyError(stack)
        program: Callable[[Any], None] = import_module(f"stacks.{stack}").program
        return program

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


PROGRAMS: Mapping[str, Callable[[Any], None]] = _Programs()
