"""Hand-made resources and graphs: a rule is tested on the few resources it is about."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from trackstack_infra.graph import Graph, Options, Resource
from trackstack_infra.graph.fabricated import Fabricator
from trackstack_infra.graph.urns import make_urn
from trackstack_infra.policy.model import Rule
from trackstack_infra.policy.rules import RULES

STACK = "pragmatic"

Made = Callable[..., Resource]
GraphOf = Callable[..., Graph]


def _resource(
    type_: str,
    name: str = "it",
    inputs: Mapping[str, Any] | None = None,
    *,
    outputs: Mapping[str, Any] | None = None,
    protect: bool = False,
    parent: Resource | None = None,
    depends_on: tuple[Resource, ...] = (),
    stack: str = STACK,
) -> Resource:
    urn = make_urn(stack, "trackstack", parent.urn if parent else None, type_, name)
    custom = not type_.startswith("trackstack:")
    made = Resource(
        urn=urn,
        type=type_,
        name=name,
        parent=parent.urn if parent else None,
        custom=custom,
        inputs=dict(inputs or {}),
        depends_on=tuple(each.urn for each in depends_on),
        options=Options(protect=protect),
    )
    fabricated = Fabricator("us-east-1", {}).outputs(made)[1] if custom else {}
    return Resource(**{**vars(made), "outputs": {**fabricated, **(outputs or {})}})


@pytest.fixture
def resource() -> Made:
    """Make one as `resource("aws:s3/bucket:Bucket", "photos", {"forceDestroy": True}, protect=False)`.

    Inputs have their wire names. Its outputs are fabricated as in a recorded graph (`.outputs["arn"]`), and those given
    come on top. `trackstack:…` makes a component, to be the `parent` of others.
    """
    return _resource


@pytest.fixture
def graph_of() -> GraphOf:
    """A graph of these resources: `graph_of(bucket, policy)`; `stack="enterprise"` names the stack."""

    def make(*resources: Resource, stack: str = STACK) -> Graph:
        return Graph(stack, tuple(sorted(resources, key=lambda each: each.urn)), {})

    return make


@pytest.fixture
def broken() -> Callable[[Sequence[Rule], str, Graph], list[str]]:
    """What one rule finds: `broken(storage.RULES, "s3-tls-only", graph)` is `["photos: its policy does not …"]`."""

    def find(rules: Sequence[Rule], id_: str, graph: Graph) -> list[str]:
        (rule,) = (each for each in rules if each.id == id_)
        return sorted(f"{graph[found.urn].name}: {found.message}" for found in rule.check(graph))

    return find


@pytest.fixture
def broken_by(graph_of: GraphOf) -> Callable[..., list[str]]:
    """What a rule, by its id, finds in parts such as `("aws:sqs/queue:Queue", "mailbox", {...}, {"protect": True})`."""
    rules = {rule.id: rule for rule in RULES}

    def find(rule: str, parts: Sequence[Any], stack: str = STACK) -> list[str]:
        made = [
            _resource(each[0], each[1], each[2], stack=stack, **(each[3] if len(each) > 3 else {})) for each in parts
        ]
        return [found.message for found in rules[rule].check(graph_of(*made, stack=stack))]

    return find
