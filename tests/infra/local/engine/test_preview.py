"""Previews: what a run would do, without a call and without a trace."""

from typing import Any

import pulumi

Options = pulumi.ResourceOptions


def actions(plan: Any) -> dict[str, str]:
    return {change.name: change.action for change in plan.changes}


def test_a_preview_changes_and_asks_nothing(bench: Any) -> None:
    """The preview of a new stack lists every resource, calls nothing and writes nothing."""

    def program() -> None:
        net = bench.Thing(bench.NET, "net", cidr="a")
        bench.Thing(bench.BOX, "box", net=net.id, opts=Options(parent=bench.Group("group")))

    plan = bench.preview(program)
    assert actions(plan) == {"net": "create", "box": "create"}
    box = next(change for change in plan.changes if change.name == "box")
    assert (box.type, box.reason) == ("file:x:Box", "new")
    assert box.parent == "urn:pulumi:dev::trackstack::test:index:Group::group"
    assert bench.calls == []
    assert not bench.home.exists()


def test_a_preview_says_what_up_then_does(bench: Any) -> None:
    """Updates, replacements, deletions and what stays are the same in the preview and in the run."""

    def program(cidr: str, text: str, *, extra: bool) -> None:
        net = bench.Thing(bench.NET, "net", name="net", cidr=cidr)
        bench.Thing(bench.BOX, "box", name="box", net=net.id)
        label = bench.Thing(bench.LABEL, "label", name="label", text=text)
        bench.Thing(bench.BOX, "other", name="other", net=label.id)
        if extra:
            bench.Thing(bench.LABEL, "extra", name="extra")

    bench.up(lambda: program("a", "a", extra=True))
    plan = bench.preview(lambda: program("b", "b", extra=False))
    assert bench.calls == []
    assert actions(plan) == actions(bench.up(lambda: program("b", "b", extra=False)))
    assert actions(plan) == {
        "net": "replace",
        "box": "replace",
        "label": "update",
        "other": "same",
        "extra": "delete",
    }


def test_unknown_values_are_said_to_be_unknown(bench: Any) -> None:
    """What depends on a resource yet to be made shows as a change that may turn out to be none."""

    def program(cidr: str) -> None:
        net = bench.Thing(bench.NET, "net", name="net", cidr=cidr)
        bench.Thing(bench.LABEL, "label", name="label", of=net.arn)

    bench.up(lambda: program("a"))
    changes = {change.name: change for change in bench.preview(lambda: program("b")).changes}
    assert (changes["label"].action, changes["label"].properties) == ("update", ("of",))
    assert changes["label"].reason == "changed, if its dependencies change"
    assert changes["net"].reason == "cidr cannot be changed in place"


def test_a_protected_deletion_is_announced(bench: Any) -> None:
    """The preview says that the run is going to refuse, and what stays although it is no longer managed."""

    def program() -> None:
        bench.Thing(bench.LABEL, "data", opts=Options(protect=True))
        bench.Thing(bench.LABEL, "kept", opts=Options(retain_on_delete=True))

    bench.up(program)
    reasons = {change.name: change.reason for change in bench.preview(lambda: None).changes}
    assert reasons == {
        "data": "no longer in the program, but protected: the run will refuse to delete it",
        "kept": "no longer in the program; the object itself is kept",
    }


def test_a_preview_before_the_stack_it_reads_from(bench: Any) -> None:
    """A stack can be previewed before the stack whose outputs it reads is up."""

    def program() -> None:
        reference = pulumi.StackReference("organization/trackstack/foundation")
        bench.Thing(bench.LABEL, "label", of=reference.require_output("bucket"))

    assert actions(bench.preview(program)) == {"label": "create"}


def test_the_preview_of_a_destroy_lists_the_objects(bench: Any) -> None:
    """Every object of the stack is listed as to be deleted; components are not."""

    def program() -> None:
        bench.Thing(bench.LABEL, "label", opts=Options(parent=bench.Group("group")))

    assert bench.engine.preview_destroy("dev").changes == ()
    bench.up(program)
    assert actions(bench.engine.preview_destroy("dev")) == {"label": "delete"}


def test_a_preview_shows_values_but_no_secret(bench: Any) -> None:
    """An update says from what to what; a secret only that it differs."""

    def program(text: str, key: str) -> None:
        bench.Thing(bench.LABEL, "label", name="label", text=text, key=pulumi.Output.secret(key))

    bench.up(lambda: program("a", "hush"))
    (change,) = bench.preview(lambda: program("b", "hush2")).actual
    assert [(field.path, field.old, field.new) for field in change.fields] == [
        ("key", "[secret]", "[secret]"),
        ("text", "a", "b"),
    ]
    assert "hush" not in repr(change)


def test_a_preview_says_in_which_components_a_resource_lies(bench: Any) -> None:
    """From the outermost inwards, for what is new and for what goes."""

    def program(*, inner: bool) -> None:
        outer = bench.Group("outer")
        if inner:
            bench.Thing(bench.LABEL, "label", opts=Options(parent=bench.Group("inner", opts=Options(parent=outer))))

    assert [change.within for change in bench.preview(lambda: program(inner=True)).actual] == [("outer", "inner")]
    bench.up(lambda: program(inner=True))
    assert [change.within for change in bench.preview(lambda: program(inner=False)).actual] == [("outer", "inner")]
