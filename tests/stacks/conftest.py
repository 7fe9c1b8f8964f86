"""The graphs of all stacks, each recorded once for all tests. Texts in them are whole: outputs are fabricated."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from stacks import PROGRAMS
from trackstack_infra.graph import Graph, record
from trackstack_infra.settings.load import load_settings

ROOT = Path(__file__).parents[2]

pytest.register_assert_rewrite("invariants")  # not a test module, but full of asserts

_RECORDED: dict[str, Graph] = {}


def graph_of(stack: str, *, unknown: bool = False, **settings: Any) -> Graph:
    key = repr((stack, unknown, sorted(settings.items())))
    if key not in _RECORDED:
        program = partial(PROGRAMS[stack], load_settings(stack, ROOT, **settings))
        _RECORDED[key] = record(program, stack=stack, outputs="unknown" if unknown else "fabricated")
    return _RECORDED[key]


@pytest.fixture(scope="session")
def recorded() -> Callable[..., Graph]:
    """A stack with other settings than its file's; recorded once for each set of settings."""
    return graph_of


@pytest.fixture(scope="session")
def foundation() -> Graph:
    return graph_of("foundation")


@pytest.fixture(scope="session")
def pragmatic() -> Graph:
    return graph_of("pragmatic")


@pytest.fixture(scope="session")
def enterprise() -> Graph:
    return graph_of("enterprise")


@pytest.fixture(scope="session")
def pragmatic_off() -> Graph:
    return graph_of("pragmatic", power="off")


@pytest.fixture(scope="session")
def enterprise_off() -> Graph:
    return graph_of("enterprise", power="off")


@pytest.fixture(scope="session", params=["foundation", "pragmatic", "enterprise"])
def any_stack(request: pytest.FixtureRequest) -> Graph:
    """Each stack in turn, with the power on."""
    graph: Graph = request.getfixturevalue(request.param)
    return graph


@pytest.fixture(scope="session", params=["pragmatic", "enterprise"])
def architecture(request: pytest.FixtureRequest) -> Graph:
    """Each of the two architectures in turn, with the power on."""
    graph: Graph = request.getfixturevalue(request.param)
    return graph
