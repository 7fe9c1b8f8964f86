"""How programs end: well, or with their own error and nothing else on the terminal."""

import asyncio
import inspect
import subprocess
import sys
import textwrap
from pathlib import Path

import pulumi
import pytest
from pulumi.runtime.resource import register_resource

from trackstack_infra.graph import record

ROOT = Path(__file__).parents[3]


class Thing(pulumi.CustomResource):
    """A resource with one input and one output."""

    made: pulumi.Output[str]

    def __init__(self, name: str, given: pulumi.Input[str] = "x", opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Thing", name, {"given": given, "arn": None}, opts)


def python(script: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "always", "-c", script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)


def works() -> None:
    Thing("a")


def fails_itself() -> None:
    Thing("a")
    raise KeyError("mine")


def fails_in_an_apply() -> None:
    Thing("b", Thing("a").urn.apply(lambda urn: urn[1000]))


def fails_in_an_export() -> None:
    pulumi.export("x", Thing("a").urn.apply(lambda urn: urn[1000]))


@pytest.mark.parametrize(
    ("program", "error"), [(fails_itself, KeyError), (fails_in_an_apply, IndexError), (fails_in_an_export, IndexError)]
)
def test_the_programs_own_error_comes_out(program: object, error: type[Exception]) -> None:
    """An error in a program, in an apply or in an export is raised as it is."""
    assert callable(program)
    with pytest.raises(error) as raised:
        record(program, stack="dev", outputs="unknown")
    assert raised.value.__cause__ is None


def test_a_failed_program_does_not_spoil_the_next() -> None:
    """After an error the same process records the next program as if nothing had been."""
    with pytest.raises(KeyError):
        record(fails_itself, stack="dev", outputs="unknown")
    graph = record(works, stack="other", outputs="unknown")
    assert [resource.urn for resource in graph.resources] == ["urn:pulumi:other::trackstack::test:index:Thing::a"]


def test_it_may_be_called_where_an_event_loop_runs() -> None:
    """A caller inside asyncio can record too; its own loop goes on."""

    async def caller() -> int:
        graph = record(works, stack="dev", outputs="unknown")
        await asyncio.sleep(0)
        return len(graph.resources)

    assert asyncio.run(caller()) == 1


def test_errors_leave_nothing_on_the_terminal() -> None:
    """A failing program prints nothing by itself: no "exception was never retrieved", no warning."""
    script = """
        import gc
        import pulumi
        from trackstack_infra.graph import record

        class Thing(pulumi.CustomResource):
            def __init__(self, name, given="x"):
                super().__init__("test:index:Thing", name, {"given": given, "arn": None})

        def reference(): pulumi.StackReference("organization/trackstack/x").require_output("y"); raise KeyError("mine")
        def apply(): [Thing(f"t{i}", Thing(f"s{i}").urn.apply(lambda urn: urn[1000])) for i in range(5)]
        def own(): apply(); raise KeyError("mine")
        def twice(): one, other = Thing("one"), Thing("one"); Thing("two", other.arn); pulumi.export("x", other.arn)

        for program in (apply, own, twice, reference):
            try:
                record(program, stack="dev", outputs="fabricated")
            except Exception as error:
                print(type(error).__name__)
            gc.collect()
    """
    run = python(textwrap.dedent(script))
    assert run.stdout.split() == ["IndexError", "KeyError", "Failed", "KeyError"]
    assert run.stderr == ""


def test_the_sdk_still_makes_call_stacks() -> None:
    """When it no longer does, what keeps it from doing so is to go: graph/program.py."""
    assert "stack_trace = _get_stack_trace()" in inspect.getsource(register_resource)


def test_importing_the_graph_does_not_import_pulumi() -> None:
    """The command line can name the graph's types without paying for Pulumi."""
    check = "import sys, trackstack_infra.graph; print('pulumi' in sys.modules)"
    run = python(check)
    assert run.stdout == "False\n"
