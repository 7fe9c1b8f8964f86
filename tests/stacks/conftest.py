"""The graphs of all stacks, each recorded once for all tests. Texts in them are whole: outputs are fabricated."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from stacks import PROGRAMS
from trackstack_infra.graph import Graph, record
from trackstack_infra.settings import load_settings

ROOT = Path(__file__).parents[2]


def graph_of(stack: str, *, unknown: bool = False, **settings: Any) -> Graph:
    program = partial(PROGRAMS[stack], load_settings(stack, ROOT, **settings))
    return record(program, stack=stack, outputs="unknown" if unknown else "fabricated")


@pytest.fixture(scope="session")
def recorded() -> Callable[..., Graph]:
    """Records a stack with other settings than its file's."""
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
