"""Runs killed with SIGKILL at every point where something changes: before and after each state write, and before and
after each call to the cloud. Whatever the point, the next run makes it right.

This file is also the program that is killed: it forks a run for each line it reads, see `main`.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[4]


def nothing(bench: Any) -> None:
    """No resources."""


def before(bench: Any) -> None:
    """Six objects of all kinds."""
    net = bench.Thing(bench.NET, "net", name="net", cidr="a")
    bench.Thing(bench.BOX, "box", name="box", net=net.id)
    bench.Thing(bench.LABEL, "label", name="label", text="a", old="a", of=net.arn)
    store = bench.Thing(bench.STORE, "store", name="store", kind="a")
    bench.Thing(bench.BOX, "inner", name="inner", net=store.id)
    bench.Thing(bench.LABEL, "gone", name="gone", of=store.arn)


def after(bench: Any) -> None:
    """The same with two replacements, two that go with them, an update, a creation and a deletion."""
    net = bench.Thing(bench.NET, "net", name="net", cidr="b")
    bench.Thing(bench.BOX, "box", name="box", net=net.id)
    bench.Thing(bench.LABEL, "label", name="label", text="b", new="b", of=net.arn)
    store = bench.Thing(bench.STORE, "store", name="store", kind="b")
    bench.Thing(bench.BOX, "inner", name="inner", net=store.id)
    bench.Thing(bench.LABEL, "fresh", name="fresh", of=store.arn)


PROGRAMS = {program.__name__: program for program in (nothing, before, after)}
Killer = Callable[..., bool]


@pytest.fixture(scope="module")
def killed() -> Iterator[Killer]:
    """Starts a run in a process of its own and kills it at its n-th point; false when it has ended before that."""
    command = [sys.executable, __file__]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as runner:
        assert runner.stdin is not None
        assert runner.stdout is not None
        answers = runner.stdout

        def kill(bench: Any, program: str, point: int) -> bool:
            job = {"home": str(bench.home), "cloud": str(bench.cloud.directory), "program": program, "point": point}
            print(json.dumps(job), file=runner.stdin, flush=True)
            status = int(answers.readline())
            assert status in (0, -signal.SIGKILL), f"the run ended with {status}"
            return status != 0

        yield kill
        runner.stdin.close()


def copied(bench: Any, target: Any) -> Any:
    """Another bench in the same situation."""
    for source, goal in ((bench.home, target.home), (bench.cloud.directory, target.cloud.directory)):
        if source.exists():
            shutil.copytree(source, goal, dirs_exist_ok=True)
    return target


def expect(bench: Any, name: str, wanted: dict[str, Any]) -> None:
    """After an up with the program, the cloud is as if nothing had ever been interrupted."""
    program = PROGRAMS[name]
    bench.up(lambda: program(bench))
    assert normal(bench) == wanted[name]
    assert bench.up(lambda: program(bench)).actual == ()
    assert bench.calls == []
    state = bench.engine.state("dev")
    assert state is None or state.pending == ()


@pytest.fixture(scope="module")
def wanted(new_bench: Callable[[], Any]) -> dict[str, Any]:
    """What each program makes of an empty cloud."""
    made = {}
    for name, program in PROGRAMS.items():
        bench = new_bench()
        bench.up(partial(program, bench))
        made[name] = normal(bench)
    return made


def normal(bench: Any) -> dict[str, Any]:
    """The objects by name, with names in the place of ids."""
    text = json.dumps(bench.cloud.by_name(), sort_keys=True)
    for id_, entry in bench.cloud.objects().items():
        text = text.replace(id_, f"id of {entry['name']}")
    return json.loads(text)  # type: ignore[no-any-return]


@pytest.mark.parametrize(("start", "goal", "at_least"), [("nothing", "before", 25), ("before", "after", 50)])
def test_a_killed_up_is_taken_up(
    new_bench: Callable[[], Any], killed: Killer, wanted: dict[str, Any], start: str, goal: str, at_least: int
) -> None:
    """Killed anywhere, a run is finished by the next one, or undone by it when the program is as it was: nothing is
    there twice, nothing is left over, and nothing is half changed."""
    origin = new_bench()
    origin.up(lambda: PROGRAMS[start](origin))
    point = 0
    while True:
        point += 1
        victim = copied(origin, new_bench())
        if not killed(victim, goal, point):
            break
        undone = copied(victim, new_bench())
        expect(victim, goal, wanted)
        expect(undone, start, wanted)
    assert point > at_least


def test_a_killed_destroy_is_taken_up(new_bench: Callable[[], Any], killed: Killer, wanted: dict[str, Any]) -> None:
    """Killed anywhere, a destroy is finished by the next one; an up instead brings everything back."""
    origin = new_bench()
    origin.up(lambda: before(origin))
    point = 0
    while True:
        point += 1
        victim = copied(origin, new_bench())
        if not killed(victim, "destroy", point):
            break
        undone = copied(victim, new_bench())
        victim.destroy()
        assert victim.cloud.by_name() == {}
        assert victim.engine.state("dev") is None
        expect(undone, "before", wanted)
    assert point > 20


def test_a_destroy_after_a_killed_up_leaves_nothing(new_bench: Callable[[], Any], killed: Killer) -> None:
    """A half-made stack can be destroyed as well."""
    point = 0
    while True:
        point += 1
        victim = new_bench()
        if not killed(victim, "before", point):
            break
        victim.destroy()
        assert victim.cloud.by_name() == {}


RUNS = st.tuples(st.sampled_from([*PROGRAMS, "destroy"]), st.integers(1, 40))


@settings(max_examples=12, deadline=None)
@given(history=st.lists(RUNS, min_size=2, max_size=6), goal=st.sampled_from(sorted(PROGRAMS)))
def test_any_number_of_killed_runs_is_taken_up(
    new_bench: Callable[[], Any],
    killed: Killer,
    wanted: dict[str, Any],
    history: list[tuple[str, int]],
    goal: str,
) -> None:
    """However often runs of whichever programs are killed one after the other, one that is not makes it right."""
    victim = new_bench()
    for program, point in history:
        killed(victim, program, point)
    expect(victim, goal, wanted)


def main() -> None:
    """For each job on stdin, fork a run that kills itself at the asked point, and print how it ended."""
    from conftest import Bench, FileCloud  # this folder, when run as a program

    # Imported once, before forking.
    import trackstack_infra.graph.program
    import trackstack_infra.local.engine.deploy
    import trackstack_infra.local.provider  # noqa: F401

    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            bench = Bench(Path(job["home"]), FileCloud(Path(job["cloud"])))
            die_at(bench, job["point"])
            if job["program"] == "destroy":
                bench.destroy()
            else:
                bench.up(partial(PROGRAMS[job["program"]], bench))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def die_at(bench: Any, point: int) -> None:
    """Count every change of the cloud and of the state, and die when the count is reached."""
    passed = [0]
    replace = Path.replace

    def pass_point(*_: object) -> None:
        passed[0] += 1
        if passed[0] == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def replacing(path: Path, target: Path) -> Path:
        pass_point()
        result = replace(path, target)
        pass_point()
        return result

    Path.replace = replacing  # type: ignore[assignment,method-assign]
    bench.cloud.on_call = bench.cloud.after_call = pass_point


if __name__ == "__main__":
    main()
