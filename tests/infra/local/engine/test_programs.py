"""Any sequence of programs: after each, the cloud is what the program says, no matter what was there before."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = tuple("abcdef")


@dataclass(frozen=True)
class Spec:
    """One resource of a made-up program."""

    kind: str
    value: int  # can be changed in place
    fixed: int  # cannot
    inside: str | None  # what it stands in: cannot be changed in place
    about: str | None  # what it refers to: can
    grouped: bool


Program = dict[str, Spec]


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Up to six resources, each referring to earlier ones only. Boxes and stores are referred to by boxes alone, which
    go with them: what is used in place by others can be replaced only if its successor may come first."""
    program: Program = {}
    for name in draw(st.permutations(NAMES))[: draw(st.integers(0, len(NAMES)))]:
        kind = draw(st.sampled_from(["NET", "BOX", "LABEL", "STORE"]))
        earlier = sorted(program)
        usable = [other for other in earlier if program[other].kind in ("NET", "LABEL")]
        program[name] = Spec(
            kind,
            value=draw(st.integers(0, 2)),
            fixed=draw(st.integers(0, 1)),
            inside=draw(st.sampled_from([None, *earlier])) if kind == "BOX" else None,
            about=draw(st.sampled_from([None, *usable])),
            grouped=draw(st.booleans()),
        )
    return program


# A preview may fear more than comes true: what it does not know yet can turn out to be as it was.
NO_WORSE_THAN = {
    "same": ("same",),
    "update": ("same", "update"),
    "replace": ("same", "update", "replace"),
    "create": ("create",),
    "delete": ("delete",),
}
FIXED = {"NET": "cidr", "STORE": "kind"}


def run(bench: Any, program: Program) -> None:
    """The Pulumi program that makes it."""
    group = bench.Group("group")
    made: dict[str, Any] = {}
    for name, spec in program.items():
        inputs: dict[str, Any] = {"name": name, "value": spec.value}
        if spec.kind in FIXED:
            inputs[FIXED[spec.kind]] = spec.fixed
        if spec.inside is not None:
            inputs["net"] = made[spec.inside].id
        if spec.about is not None:
            inputs["about"] = {"arns": [made[spec.about].arn]}
        opts = pulumi.ResourceOptions(parent=group) if spec.grouped else None
        made[name] = bench.Thing(getattr(bench, spec.kind), name, opts, **inputs)


def expected(bench: Any, program: Program) -> dict[str, dict[str, Any]]:
    """The objects that must be there, with the ids they have."""
    ids = {entry["name"]: id_ for id_, entry in bench.cloud.objects().items()}
    objects = {}
    for name, spec in program.items():
        inputs: dict[str, Any] = {"name": name, "value": spec.value}
        if spec.kind in FIXED:
            inputs[FIXED[spec.kind]] = spec.fixed
        if spec.inside is not None:
            inputs["net"] = ids[spec.inside]
        if spec.about is not None:
            inputs["about"] = {"arns": [f"arn:{ids[spec.about]}"]}
        objects[name] = inputs
    return objects


@settings(max_examples=30, deadline=None)
@given(history=st.lists(programs(), min_size=1, max_size=4))
def test_the_cloud_is_what_the_last_program_says(new_bench: Callable[[], Any], history: list[Program]) -> None:
    """No run does more than its preview said; it makes the cloud equal the program; a second one changes nothing; and
    destroy leaves nothing."""
    bench = new_bench()
    for program in history:
        plan = bench.preview(lambda program=program: run(bench, program))
        result = bench.up(lambda program=program: run(bench, program))
        foretold = {change.urn: change.action for change in plan.changes}
        assert set(foretold) == {change.urn for change in result.changes}
        assert all(change.action in NO_WORSE_THAN[foretold[change.urn]] for change in result.changes)
        assert bench.cloud.by_name() == expected(bench, program)
        assert bench.up(lambda program=program: run(bench, program)).actual == ()
        assert bench.calls == []
    bench.destroy()
    assert bench.cloud.by_name() == {}
    assert bench.engine.state("dev") is None
