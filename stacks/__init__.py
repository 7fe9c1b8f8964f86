"""The three stacks, each a program one can read from top to bottom."""

import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from trackstack_infra.names import STACKS


class _Programs(Mapping[str, Callable[[Any], None]]):
    """A program is imported when it is asked for: it brings Pulumi with it, which takes a second."""

    def __getitem__(self, stack: str) -> Callable[[Any], None]:
        if stack not in STACKS:
            raise KeyError(stack)
        program: Callable[[Any], None] = _module(f"stacks.{stack}").program
        return program

    def __iter__(self) -> Iterator[str]:
        return iter(STACKS)

    def __len__(self) -> int:
        return len(STACKS)


def _module(name: str) -> Any:
    """Import a program, and keep the garbage collector away from what it brings.

    Pulumi's SDK is some hundred thousand objects that stay for good. Looking through them again and again costs a
    fifth of the CPU seconds of enterprise's graph: 2.1 s without this, 1.6 with it (docs/figures.md).
    """
    if name in sys.modules:
        return sys.modules[name]
    collecting = gc.isenabled()
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


PROGRAMS: Mapping[str, Callable[[Any], None]] = _Programs()
