"""Texts that only change on purpose: read beside a graph, and written anew with `TRACKSTACK_FREEZE`."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from trackstack_infra.graph import Graph

HERE: Final = Path(__file__).parent
AGAIN: Final = "TRACKSTACK_FREEZE"


def frozen(kind: str, stack: str, text: str) -> str:
    """What tests/stacks/KIND/STACK.txt holds; with `TRACKSTACK_FREEZE=KIND` it is TEXT from now on."""
    path = HERE / kind / f"{stack}.txt"
    if os.environ.get(AGAIN) == kind:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def how_to(kind: str) -> str:
    """The command that writes a kind of them anew."""
    return f"{AGAIN}={kind} .venv/bin/python -m pytest -q tests/stacks/test_frozen.py"


def lost(urns: Iterable[str], graph: Graph) -> list[str]:
    """Those of URNS that neither a resource of the graph has nor an alias of one."""
    known = {each.urn for each in graph.resources}
    known |= {alias for each in graph.resources for alias in each.options.aliases}
    return sorted(set(urns) - known)
