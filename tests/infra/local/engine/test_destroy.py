"""Destroying a stack."""

from typing import Any

import pulumi
import pytest

from trackstack_infra.errors import Failed

Options = pulumi.ResourceOptions


def program(bench: Any, *, protect: bool = False) -> None:
    """A net, a box in it, a label that refers to both."""
    net = bench.Thing(bench.NET, "net", name="net", opts=Options(protect=protect))
    box = bench.Thing(bench.BOX, "box", name="box", net=net.id, opts=Options(parent=bench.Group("group")))
    bench.Thing(bench.LABEL, "label", name="label", of=[net.arn, box.arn])


def test_destroy_leaves_nothing(bench: Any) -> None:
    """All objects go, dependents first, and the state file with them; a second destroy has nothing to do."""
    bench.up(lambda: program(bench))
    result = bench.destroy()
    assert bench.calls == [("delete", "label"), ("delete", "box"), ("delete", "net")]
    assert [change.name for change in result.changes] == ["label", "net", "box"]
    assert bench.cloud.by_name() == {}
    assert bench.engine.state("dev") is None
    assert bench.destroy().changes == ()


def test_destroy_refuses_data_without_a_word(bench: Any) -> None:
    """With a protected resource nothing at all is deleted, unless the data is said to go too."""
    bench.up(lambda: program(bench, protect=True))
    with pytest.raises(Failed, match="dev holds data: net are protected, so nothing was deleted"):
        bench.destroy()
    assert bench.calls == []
    bench.destroy(data=True)
    assert bench.cloud.by_name() == {}


def test_a_failed_destroy_goes_on(bench: Any) -> None:
    """What is gone already is no error, and a destroy that failed half way can be run again."""
    bench.up(lambda: program(bench))

    def refuse(operation: str, name: str) -> None:
        if name == "net":
            raise bench.CloudError("Busy", "try later")

    bench.cloud.on_call = refuse
    with pytest.raises(Failed, match="could not delete net") as raised:
        bench.destroy()
    assert raised.value.hint == "completed operations are recorded: run `trackstack destroy dev` to continue"
    assert list(bench.cloud.by_name()) == ["net"]
    bench.cloud.on_call = lambda operation, name: None
    for path in bench.cloud.directory.iterdir():
        path.unlink()
    bench.destroy()
    assert bench.engine.state("dev") is None


def test_what_a_failed_destroy_deleted_comes_back(bench: Any) -> None:
    """After a destroy that failed, `up` looks again at what was being deleted and makes what is missing."""
    bench.up(lambda: program(bench))

    def fail_late(operation: str, name: str) -> None:
        raise bench.CloudError("Broken", "the connection broke after the deletion")

    bench.cloud.after_call = fail_late
    with pytest.raises(Failed, match="could not delete label"):
        bench.destroy()
    assert sorted(bench.cloud.by_name()) == ["box", "net"]
    bench.cloud.after_call = lambda operation, name: None
    bench.up(lambda: program(bench))
    assert bench.calls == [("read", "label"), ("create", "label")]
