"""How a run goes on while it runs: in parallel, with progress, to a stop, and into errors."""

import threading
from typing import Any

import pulumi
import pytest

from trackstack_infra.errors import DataNotVerified, Failed, Interrupted
from trackstack_infra.local.engine import ComponentName, Plan

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .Output:RuntimeWarning")  # of programs that fail on purpose
Options = pulumi.ResourceOptions


def two_groups(bench: Any) -> None:
    """A net, and a box in a component in a component."""
    net = bench.Thing(bench.NET, "net", name="net")
    inner = bench.Group("inner", Options(parent=bench.Group("outer")))
    bench.Thing(bench.BOX, "box", name="box", net=net.id, opts=Options(parent=inner))


def test_independent_resources_are_created_at_once(bench: Any) -> None:
    """Twelve resources that do not need each other are all being created at the same time, and deleted so too."""
    meeting = threading.Barrier(12, timeout=10)
    bench.cloud.on_call = lambda operation, name: meeting.wait()

    def program() -> None:
        for number in range(12):
            bench.Thing(bench.LABEL, f"label-{number}", name=f"label-{number}")

    bench.up(program)
    assert len(bench.cloud.by_name()) == 12
    bench.destroy()
    assert bench.cloud.by_name() == {}


def test_progress_is_told_by_component(bench: Any) -> None:
    """Each step is reported when it starts and ends, with the component it belongs to."""
    bench.up(lambda: two_groups(bench))
    told = [(event.name, event.component, event.action, event.status) for event in bench.events]
    inner = ComponentName("inner", "test:index:Group")
    assert told == [
        ("net", None, "create", "started"),
        ("net", None, "create", "done"),
        ("box", inner, "create", "started"),
        ("box", inner, "create", "done"),
    ]
    assert all(event.seconds >= 0 for event in bench.events)
    bench.up(lambda: two_groups(bench))
    assert [(event.name, event.action, event.status) for event in bench.events] == [
        ("net", "same", "done"),
        ("box", "same", "done"),
    ]
    bench.destroy()
    told = [(event.name, event.component, event.action, event.status) for event in bench.events]
    assert told[:2] == [("box", inner, "delete", "started"), ("box", inner, "delete", "done")]


def test_a_resource_below_a_resource_belongs_to_the_component_above(bench: Any) -> None:
    """A part of a part is counted to the component around both."""

    def program() -> None:
        whole = bench.Thing(bench.NET, "whole", opts=Options(parent=bench.Group("group")))
        bench.Thing(bench.LABEL, "part", opts=Options(parent=whole))

    bench.up(program)
    assert {event.component for event in bench.events} == {ComponentName("group", "test:index:Group")}


def test_a_busy_emulator_is_asked_again(bench: Any) -> None:
    """A throttled call is repeated three times, after longer and longer pauses."""
    left = [3]

    def throttle(operation: str, name: str) -> None:
        if left[0]:
            left[0] -= 1
            raise bench.CloudError("ThrottlingException", "slow down")

    bench.cloud.on_call = throttle
    bench.up(lambda: two_groups(bench))
    assert bench.pauses == [0.2, 0.8, 3.2]
    assert sorted(bench.cloud.by_name()) == ["box", "net"]


def test_an_emulator_that_stays_busy_fails(bench: Any) -> None:
    """The fourth throttled answer in a row is a failure."""

    def throttle(operation: str, name: str) -> None:
        raise bench.CloudError("Throttling", "slow down")

    bench.cloud.on_call = throttle
    with pytest.raises(Failed, match=r"could not create net \(file:x:Net\): slow down"):
        bench.up(lambda: two_groups(bench))
    assert len(bench.calls) == 4


def test_a_failure_names_everything_and_the_next_run_goes_on(bench: Any) -> None:
    """The error says which resource, which operation, why, and what to run; that run does the rest."""

    def refuse(operation: str, name: str) -> None:
        if name == "box":
            raise bench.CloudError("Quota", "too many boxes")

    bench.cloud.on_call = refuse
    with pytest.raises(Failed) as raised:
        bench.up(lambda: two_groups(bench))
    assert raised.value.message == "could not create box (file:x:Box): too many boxes"
    assert raised.value.hint == "completed operations are recorded: run `trackstack up dev` to continue"
    assert isinstance(raised.value.__cause__, bench.CloudError)
    assert bench.events[-1].status == "failed"
    bench.cloud.on_call = lambda operation, name: None
    bench.up(lambda: two_groups(bench))
    assert bench.pauses == [1.0]  # for calls of the broken run that may still be under way
    assert bench.calls == [("find", "box"), ("create", "box")]


def test_what_runs_when_another_fails_is_finished_and_kept(bench: Any) -> None:
    """After the first failure nothing new starts; what was running finishes, and the state has it."""
    failed = threading.Event()

    def on_call(operation: str, name: str) -> None:
        if name == "slow":
            assert failed.wait(10)
        elif name == "bad":
            raise bench.CloudError("Quota", "no")

    def on_event(event: Any) -> None:
        if event.status == "failed":
            failed.set()

    def program() -> None:
        slow = bench.Thing(bench.LABEL, "slow", name="slow")
        bench.Thing(bench.LABEL, "bad", name="bad")
        bench.Thing(bench.LABEL, "after", name="after", of=slow.arn)

    bench.cloud.on_call = on_call
    with pytest.raises(Failed, match="could not create bad"):
        bench.engine.up("dev", program, on_event=on_event, stop=bench.stop)
    assert list(bench.cloud.by_name()) == ["slow"]
    assert [entry.name for entry in bench.engine.state("dev").resources] == ["slow"]


def test_an_interrupted_update_is_made_whole(bench: Any) -> None:
    """An update that failed half way is undone or finished by the next run, even if the program is as it was."""

    def program(text: str) -> None:
        bench.Thing(bench.LABEL, "label", name="label", text=text)

    bench.up(lambda: program("a"))

    def fail_late(operation: str, name: str) -> None:
        raise bench.CloudError("Broken", "the connection broke after the change")

    bench.cloud.after_call = fail_late
    with pytest.raises(Failed, match="could not update label"):
        bench.up(lambda: program("b"))
    assert bench.cloud.by_name()["label"]["text"] == "b"
    bench.cloud.on_call = fail_late
    with pytest.raises(Failed, match="could not update label"):  # this time before the change
        bench.up(lambda: program("a"))
    assert bench.cloud.by_name()["label"]["text"] == "b"
    bench.cloud.on_call = bench.cloud.after_call = lambda operation, name: None
    assert bench.preview(lambda: program("a")).actual[0].reason == "an earlier run was interrupted at its update"
    bench.up(lambda: program("a"))
    assert bench.cloud.by_name()["label"]["text"] == "a"
    assert bench.up(lambda: program("a")).actual == ()


def test_stop_finishes_what_runs_and_starts_nothing(bench: Any) -> None:
    """Ctrl-C ends a run between operations, with the exit code of an interruption; the next run goes on."""

    def on_call(operation: str, name: str) -> None:
        bench.stop.set()

    bench.cloud.on_call = on_call
    with pytest.raises(Interrupted) as raised:
        bench.up(lambda: two_groups(bench))
    assert raised.value.exit_code == 130
    assert raised.value.hint == "run `trackstack up dev` to continue"
    assert list(bench.cloud.by_name()) == ["net"]
    bench.stop.clear()
    bench.up(lambda: two_groups(bench))
    assert bench.calls == [("create", "box")]
    bench.stop.clear()
    with pytest.raises(Interrupted):
        bench.destroy()
    assert list(bench.cloud.by_name()) == ["net"]


def test_refused_data_has_its_own_exit_code(bench: Any) -> None:
    """When code of ours refuses the data it is given, the run ends as `DataNotVerified`."""

    class RefusedError(Exception):
        kind = "data"

    def refuse(operation: str, name: str) -> None:
        raise RefusedError("row 3 of heating does not add up")

    bench.cloud.on_call = refuse
    with pytest.raises(DataNotVerified, match="row 3 of heating does not add up"):
        bench.up(lambda: two_groups(bench))


def test_the_programs_own_error_comes_out(bench: Any) -> None:
    """A bug in a program keeps its own error, and what was created before it is in the state."""

    def program() -> None:
        bench.Thing(bench.LABEL, "label", name="label").arn.apply(lambda arn: arn[1000])

    with pytest.raises(IndexError):
        bench.up(program)
    assert [entry.name for entry in bench.engine.state("dev").resources] == ["label"]


def test_an_answer_that_cannot_be_kept_is_a_failure(bench: Any) -> None:
    """A provider that answers with something the state file cannot hold is told so, by resource."""

    def strange(operation: str, name: str) -> None:
        bench.cloud.put = lambda id_, type_, inputs: {"when": threading.Lock()}

    bench.cloud.on_call = strange
    with pytest.raises(Failed, match=r"could not create net \(file:x:Net\): Object of type lock is not JSON"):
        bench.up(lambda: two_groups(bench))


def test_plans_count_by_action(bench: Any) -> None:
    """A plan counts what is created, changed, replaced, deleted and left alone."""
    plan: Plan = bench.preview(lambda: two_groups(bench))
    assert (plan.count("create"), plan.count("same"), len(plan.changes)) == (2, 0, 2)


def test_an_object_that_cannot_be_told_from_the_old_one_is_found_later(bench: Any) -> None:
    """A replacement that broke after its creation, of a kind that is found by name alone: the next run replaces again,
    and when the old object is gone, the one left by the broken run is found and deleted."""

    def program(text: str) -> None:
        options = Options(replace_on_changes=["text"])
        bench.Thing(bench.LABEL, "label", name="label", text=text, opts=options)

    bench.up(lambda: program("a"))

    def fail_late(operation: str, name: str) -> None:
        raise bench.CloudError("Broken", "the connection broke after the creation")

    bench.cloud.after_call = fail_late
    with pytest.raises(Failed, match="could not create label"):
        bench.up(lambda: program("b"))
    assert len(bench.cloud.objects()) == 2
    bench.cloud.after_call = lambda operation, name: None
    bench.up(lambda: program("b"))
    assert bench.cloud.by_name() == {"label": {"name": "label", "text": "b"}}
    assert bench.engine.state("dev").pending == ()


def test_the_provider_is_not_quoted_twice(bench: Any) -> None:
    """An error that already names type and operation is shown by its code and message alone."""

    class ProviderError(bench.CloudError):  # type: ignore[misc]
        kind = "failed"

        def __init__(self) -> None:
            super().__init__("BucketNotEmpty", "file:x:Net: delete failed: BucketNotEmpty: the bucket is not empty")
            self.message = "the bucket is not empty"

    def refuse(operation: str, name: str) -> None:
        raise ProviderError

    bench.cloud.on_call = refuse
    with pytest.raises(Failed) as raised:
        bench.up(lambda: two_groups(bench))
    assert raised.value.message == "could not create net (file:x:Net): BucketNotEmpty: the bucket is not empty"
