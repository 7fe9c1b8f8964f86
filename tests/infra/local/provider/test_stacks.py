"""The provider knows everything that the stacks register."""

from functools import partial
from pathlib import Path

import pytest

from stacks import PROGRAMS
from trackstack_infra.graph import Resource, record
from trackstack_infra.local.provider import HANDLERS
from trackstack_infra.local.provider.recipe import Recipe
from trackstack_infra.local.provider.stub import Stub
from trackstack_infra.settings import load_settings

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module", params=["foundation", "pragmatic", "enterprise"])
def resources(request: pytest.FixtureRequest) -> list[Resource]:
    """The AWS resources of one stack, with the power on."""
    power = {} if request.param == "foundation" else {"power": "on"}
    program = partial(PROGRAMS[request.param], load_settings(request.param, ROOT, **power))
    graph = record(program, stack=request.param, outputs="fabricated")
    return [resource for resource in graph.resources if resource.type.startswith("aws:")]


def test_each_type_has_a_handler(resources: list[Resource]) -> None:
    """No stack registers a type that the local target cannot create."""
    assert sorted({resource.type for resource in resources} - set(HANDLERS)) == []


def test_each_property_is_known(resources: list[Resource]) -> None:
    """No stack sets a property that the local target would have to refuse."""
    unknown = {
        f"{resource.type} {key}"
        for resource in resources
        for key, value in resource.inputs.items()
        if value is not None
        and isinstance(handler := HANDLERS[resource.type], Recipe | Stub)
        and key not in handler.understood
    }
    assert sorted(unknown) == []
