"""The comparison of what exists with what is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from trackstack_infra.graph import UNKNOWN, Options, Resource
from trackstack_infra.local.engine.desired import Desired
from trackstack_infra.local.engine.diff import Decision, decide, keep_ignored, segments
from trackstack_infra.local.engine.state import Pending, ResourceState

URN = "urn:pulumi:dev::trackstack::t:x:T::one"


@dataclass(frozen=True)
class Rules:
    """What `decide` asks of a handler."""

    replace_on: frozenset[str] = frozenset({"fixed"})
    delete_first: bool = False
    name_property: None = None
    token: str = field(default="t:x:T")


def old(inputs: Mapping[str, Any], digests: Mapping[str, str] | None = None) -> ResourceState:
    return ResourceState(URN, "t:x:T", "one", None, custom=True, id="t-1", inputs=inputs, digests=digests or {})


def new(inputs: Mapping[str, Any], digests: Mapping[str, str] | None = None, **options: Any) -> Desired:
    resource = Resource(URN, "t:x:T", "one", None, custom=True, inputs=inputs, options=Options(**options))
    return Desired(resource, inputs, digests or {}, ())


def decided(before: ResourceState | None, after: Desired, rules: Rules | None = None, **more: Any) -> Decision:
    return decide(before, after, rules or Rules(), **more)  # type: ignore[arg-type]  # asks for the rules only


def test_new_resources_are_created() -> None:
    """What is not in the state is created."""
    assert decided(None, new({"a": 1})).action == "create"


@pytest.mark.parametrize(
    ("before", "after", "action", "properties"),
    [
        ({"a": 1}, {"a": 1}, "same", ()),
        ({"a": 1}, {"a": 1.0}, "same", ()),
        ({"a": 1, "b": [1, {"c": 2}]}, {"a": 1, "b": [1, {"c": 3}]}, "update", ("b",)),
        ({"a": 1, "b": 2}, {"c": 3}, "update", ("a", "b", "c")),
        ({"a": 1, "fixed": 1}, {"a": 2, "fixed": 2}, "replace", ("a", "fixed")),
        ({"fixed": 1}, {}, "replace", ("fixed",)),
        ({"a": None}, {}, "same", ()),
    ],
)
def test_changed_inputs_decide(before: dict[str, Any], after: dict[str, Any], action: str, properties: object) -> None:
    """Same inputs: nothing. Others: an update, unless one of them cannot be changed in place."""
    decision = decided(old(before), new(after))
    assert (decision.action, decision.properties) == (action, properties)


def test_unknown_counts_as_different() -> None:
    """In a preview, a value that is not known yet is taken for a change."""
    decision = decided(old({"fixed": "x"}), new({"fixed": ["y", UNKNOWN]}))
    assert decision.action == "replace"
    assert decision.reason == "fixed cannot be changed in place, if its dependencies change"


def test_files_differ_by_digest() -> None:
    """A moved file with the same content is the same; an edited one at the same place is not."""
    before = old({"source": {"path": "/a"}}, {"source": "d1"})
    assert decided(before, new({"source": {"path": "/b"}}, {"source": "d1"})).action == "same"
    assert decided(before, new({"source": {"path": "/a"}}, {"source": "d2"})).properties == ("source",)
    assert decided(before, new({"source": "no file"})).properties == ("source",)


def test_ignored_files_keep_their_digest() -> None:
    """What the program ignores is neither seen nor recorded, so that it is seen once it is no longer ignored."""
    before = old({"source": {"path": "/a"}, "a": 1}, {"source": "d1"})
    decision = decided(before, new({"source": {"path": "/a"}, "a": 2}, {"source": "d2"}, ignore_changes=("source",)))
    assert decision.properties == ("a",)
    assert decision.digests == {"source": "d1"}


def test_the_type_may_change_under_an_alias() -> None:
    """A resource that becomes another type is replaced."""
    before = ResourceState("urn:old", "t:x:Old", "one", None, custom=True, id="o-1", inputs={})
    assert decided(before, new({})).reason == "was a t:x:Old"


def test_an_unfinished_operation_is_redone() -> None:
    """Same inputs, but an earlier run was killed in between: the update runs again."""
    pending = Pending("update", old({"a": 2}))
    decision = decided(old({"a": 1}), new({"a": 1}), unfinished=[pending])
    assert (decision.action, decision.properties) == ("update", ())


@pytest.mark.parametrize(
    ("by_type", "asked", "first"), [(False, None, False), (True, None, True), (True, False, False), (False, True, True)]
)
def test_who_decides_what_goes_first(by_type: bool, asked: bool | None, first: bool) -> None:
    """The program's `delete_before_replace` wins over the type's rule."""
    options: dict[str, Any] = {} if asked is None else {"delete_before_replace": asked}
    decision = decided(old({"fixed": 1}), new({"fixed": 2}, **options), Rules(delete_first=by_type))
    assert decision.delete_first is first


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("tags", ["tags"]),
        ("tags.owner", ["tags", "owner"]),
        ('tags["a.b"]', ["tags", "a.b"]),
        ("routes[0].cidr", ["routes", "0", "cidr"]),
        ("routes[*].cidr", ["routes", "*", "cidr"]),
    ],
)
def test_property_paths(path: str, steps: list[str]) -> None:
    """Paths are written as Pulumi writes them."""
    assert segments(path) == steps


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("a", {"a": 1, "l": [{"x": 8, "y": 9}, {"x": 8}], "t": {"n": 2, "o": 9}}),
        ("t", {"a": 7, "l": [{"x": 8, "y": 9}, {"x": 8}], "t": {"o": 1}}),
        ("t.o", {"a": 7, "l": [{"x": 8, "y": 9}, {"x": 8}], "t": {"n": 2, "o": 1}}),
        ("t.n", {"a": 7, "l": [{"x": 8, "y": 9}, {"x": 8}], "t": {"o": 9}}),
        ("l[0].x", {"a": 7, "l": [{"x": 1, "y": 9}, {"x": 8}], "t": {"n": 2, "o": 9}}),
        ("l[*].x", {"a": 7, "l": [{"x": 1, "y": 9}, {"x": 8}], "t": {"n": 2, "o": 9}}),
        ("gone", {"a": 7, "gone": 1, "l": [{"x": 8, "y": 9}, {"x": 8}], "t": {"n": 2, "o": 9}}),
        ("a.b.c", {"a": 7, "l": [{"x": 8, "y": 9}, {"x": 8}], "t": {"n": 2, "o": 9}}),
        ("*", {"a": 1, "gone": 1, "l": [{"x": 1}], "t": {"o": 1}}),
    ],
)
def test_ignored_paths_keep_the_old_value(path: str, kept: dict[str, Any]) -> None:
    """At an ignored path the old value stays: also when it is gone now, or was not there before."""
    before = {"a": 1, "gone": 1, "l": [{"x": 1}], "t": {"o": 1}}
    after = {"a": 7, "l": [{"x": 8, "y": 9}, {"x": 8}], "t": {"n": 2, "o": 9}}
    assert keep_ignored(before, after, [path]) == kept
