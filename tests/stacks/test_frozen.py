"""What changes on purpose only: how a stack reads, what its resources are called, and which resource is which."""

import difflib
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from frozen import frozen, how_to, lost
from limits import NAMED_BY
from readable import lines

from trackstack_infra.graph import Graph, Resource, Secret, record
from trackstack_infra.names import STACKS


def difference(before: str, after: str) -> str:
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), "frozen", "now", lineterm="", n=0))


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_reads_as_its_snapshot(recorded: Any, stack: str) -> None:
    """Every change of what a stack is made of is a line that a reviewer sees: tests/stacks/snapshots."""
    now = lines(recorded(stack))
    before = frozen("snapshots", stack, now)
    assert now == before, f"{difference(before, now)}\nif that is meant: {how_to('snapshots')}"


@pytest.mark.parametrize("stack", STACKS)
def test_a_resource_keeps_its_name_in_the_account(recorded: Any, stack: str) -> None:
    """A name that changes replaces what it names, so each is written down: tests/stacks/names."""
    graph = recorded(stack)
    named = sorted(
        f"{each.type} {each.inputs[NAMED_BY[each.type]]}\n" for each in graph.resources if each.type in NAMED_BY
    )
    before = frozen("names", stack, "".join(named))
    assert "".join(named) == before, f"{difference(before, ''.join(named))}\nif that is meant: {how_to('names')}"


@pytest.mark.parametrize("stack", STACKS)
def test_a_rename_has_an_alias(recorded: Any, stack: str) -> None:
    """Who deployed the last release keeps what they have: a resource of it is still there, or there under an alias.

    A URN (the parents' types, the own type and the logical name) tells an engine which resource is which. One that
    disappears is a resource deleted, with its data; `aliases` say that it is the same one.
    """
    graph = recorded(stack)
    urns = frozen("urns", stack, "".join(f"{each.urn}\n" for each in graph.resources)).splitlines()
    assert lost(urns, graph) == [], (
        "these are gone; what was renamed or moved needs `ResourceOptions(aliases=[pulumi.Alias(name=…, parent=…)])`, "
        f"and the line of what is meant to go leaves tests/stacks/urns/{stack}.txt "
        f"(at a release, all of them anew: {how_to('urns')})"
    )


def test_a_snapshot_holds_no_secret() -> None:
    """Whatever a program marks secret is masked, also inside of something."""
    image = f"localhost/ts-bridge@sha256:{'0f' * 32}"
    inputs = {"name": Secret("hidden"), "imageUri": image, "memorySize": 128}
    function = Resource(urn="u", type="aws:lambda/function:Function", name="f", parent=None, custom=True, inputs=inputs)
    (line,) = lines(Graph("test", (function,), {})).splitlines()
    assert "name=[secret] imageUri=localhost/ts-bridge@sha256:… memorySize=128" in line
    assert "hidden" not in line


class Part(pulumi.ComponentResource):
    """A component with a queue."""

    def __init__(self, name: str, kind: str = "test:part:Part", opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(kind, name, None, opts)
        aws.sqs.Queue(f"{name}-queue", name="ts-test-queue", opts=pulumi.ResourceOptions(parent=self))


def queue(name: str, *aliases: pulumi.Alias) -> Graph:
    """A stack of one queue."""
    options = pulumi.ResourceOptions(aliases=list(aliases))
    return record(lambda: aws.sqs.Queue(name, opts=options) and None, stack="test", outputs="unknown")


def part(name: str, kind: str = "test:part:Part", *aliases: pulumi.Alias) -> Graph:
    """A stack of one component with its queue."""
    options = pulumi.ResourceOptions(aliases=list(aliases))
    return record(lambda: Part(name, kind, options) and None, stack="test", outputs="unknown")


def urns(graph: Graph) -> list[str]:
    return [each.urn for each in graph.resources]


def test_a_resource_that_was_renamed_is_lost_without_an_alias() -> None:
    """And with one it is not."""
    before = urns(queue("mail"))
    assert before == ["urn:pulumi:test::trackstack::aws:sqs/queue:Queue::mail"]
    assert lost(before, queue("mail")) == []
    assert lost(before, queue("post")) == before
    assert lost(before, queue("post", pulumi.Alias(name="mail"))) == []
    assert lost(before, queue("post", pulumi.Alias(name="letters"))) == before


def test_what_stands_in_a_renamed_component_needs_no_alias_of_its_own() -> None:
    """A component's alias, of its name or its type, is one of everything that stands in it."""
    before = urns(part("mailbox"))
    assert len(before) == 2
    assert lost(before, part("letters")) == before
    assert lost(before, part("letters", "test:part:Part", pulumi.Alias(name="mailbox"))) == []
    assert lost(before, part("mailbox", "test:post:Part", pulumi.Alias(type_="test:part:Part"))) == []
    assert lost(before, part("mailbox", "test:post:Part")) == before


def test_what_is_new_is_not_held_against_a_release() -> None:
    """A release's list says what must still be there, not that nothing may come."""
    assert lost(urns(queue("mail")), part("mailbox")) == urns(queue("mail"))
    assert lost([], part("mailbox")) == []
