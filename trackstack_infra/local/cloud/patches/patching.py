"""The two ways to patch moto: put something around what it does, or add what it lacks."""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any


def around(owner: type | ModuleType, name: str, wrapper: Callable[..., Any]) -> None:
    """Make OWNER's function NAME call WRAPPER, which gets the original as its first argument."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def patched(*args: Any, **kwargs: Any) -> Any:
        return wrapper(original, *args, **kwargs)

    setattr(owner, name, patched)


def add(owner: type, name: str, method: Callable[..., Any]) -> None:
    """Give OWNER the method NAME, which it does not have."""
    if hasattr(owner, name):
        raise RuntimeError(f"moto has {owner.__name__}.{name} of its own now: take our patch of it out")
    setattr(owner, name, method)
