"""Questions to a graph of four resources: a queue, its policy in a component, and a bucket apart."""

import pytest

from trackstack_infra.graph import Graph, Resource

QUEUE = Resource("urn:pulumi:dev::p::t:Queue::mailbox", "t:Queue", "mailbox", None, True, {})
BOX = Resource("urn:pulumi:dev::p::t:Box::box", "t:Box", "box", None, False, {}, depends_on=(QUEUE.urn,))
POLICY = Resource("urn:pulumi:dev::p::t:Box$t:Policy::policy", "t:Policy", "policy", BOX.urn, True, {})
BUCKET = Resource("urn:pulumi:dev::p::t:Bucket::site", "t:Bucket", "site", None, True, {})
GRAPH = Graph("dev", (BOX, POLICY, BUCKET, QUEUE), {})


def test_one_finds_by_type_and_name() -> None:
    """A resource is found by its type and logical name."""
    assert GRAPH.one("t:Queue", "mailbox") is QUEUE
    assert GRAPH[QUEUE.urn] is QUEUE


def test_one_says_what_there_is_instead() -> None:
    """A wrong name lists the right ones."""
    with pytest.raises(LookupError, match=r"graph of dev holds 0 resources of type t:Queue named 'outbox'.*: mailbox"):
        GRAPH.one("t:Queue", "outbox")


def test_all_lists_a_type() -> None:
    """All resources of a type, and none of a type that is not there."""
    assert GRAPH.all("t:Bucket") == (BUCKET,)
    assert GRAPH.all("t:Nothing") == ()


def test_children_are_direct() -> None:
    """A component's children are those right below it."""
    assert GRAPH.children(BOX) == (POLICY,)
    assert GRAPH.children(POLICY.urn) == ()


def test_a_path_leads_through_parents_and_dependencies() -> None:
    """The policy waits for the queue, because its component does; the queue waits for nobody."""
    assert GRAPH.path(POLICY, QUEUE)
    assert not GRAPH.path(QUEUE, POLICY)
    assert not GRAPH.path(POLICY, BUCKET)
