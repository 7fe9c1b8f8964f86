"""What `up` does with programs that change from one run to the next."""

from typing import Any

import pulumi
import pytest

from trackstack_infra.errors import Failed

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .Output:RuntimeWarning")  # of programs that fail on purpose
Options = pulumi.ResourceOptions


def actions(plan: Any) -> dict[str, str]:
    """Resource names and what happened to them, without what stayed."""
    return {change.name: change.action for change in plan.actual}


def test_up_creates_what_the_program_describes(bench: Any) -> None:
    """The first run creates every resource, with references resolved, and returns the stack's outputs."""

    def program() -> None:
        net = bench.Thing(bench.NET, "net", cidr="10.0.0.0/16")
        bench.Thing(bench.BOX, "box", name="the-box", net=net.id)
        pulumi.export("arn", net.arn)

    result = bench.up(program)
    objects = bench.cloud.by_name()
    net_id = objects["the-box"]["net"]
    assert actions(result) == {"net": "create", "box": "create"}
    assert bench.cloud.objects()[net_id]["inputs"]["cidr"] == "10.0.0.0/16"
    assert result.outputs == {"arn": f"arn:{net_id}"}


def test_a_second_up_without_changes_calls_nothing(bench: Any) -> None:
    """Bringing up what is up already costs no call to the emulator and no write."""

    def program() -> None:
        net = bench.Thing(bench.NET, "net", cidr="10.0.0.0/16", ports=[80, 443], ratio=0.5)
        bench.Thing(bench.BOX, "box", net=net.id, opts=Options(parent=bench.Group("group"), depends_on=[net]))
        pulumi.export("arn", net.arn)

    first = bench.up(program)
    written = (bench.home / "stacks" / "dev.json").stat().st_mtime_ns
    second = bench.up(program)
    assert bench.calls == []
    assert actions(second) == {}
    assert second.outputs == first.outputs
    assert (bench.home / "stacks" / "dev.json").stat().st_mtime_ns == written


def test_a_changed_input_updates_in_place(bench: Any) -> None:
    """A change that the type can take in place is an update; the id stays, and dependents stay as they are."""

    def program(text: str) -> None:
        label = bench.Thing(bench.LABEL, "label", text=text)
        bench.Thing(bench.BOX, "box", net=label.id)

    bench.up(lambda: program("old"))
    before = bench.cloud.by_name()
    result = bench.up(lambda: program("new"))
    after = bench.cloud.by_name()
    assert actions(result) == {"label": "update"}
    assert result.actual[0].properties == ("text",)
    assert [call[0] for call in bench.calls] == ["update"]
    assert [entry.get("text") for entry in before.values() if "text" in entry] == ["old"]
    assert [entry.get("text") for entry in after.values() if "text" in entry] == ["new"]


def test_a_replacement_comes_before_the_old_one_goes(bench: Any) -> None:
    """What cannot change in place is made anew, then everything that used it, and last the old ones go."""

    def program(cidr: str) -> None:
        net = bench.Thing(bench.NET, "net", name="net", cidr=cidr)
        bench.Thing(bench.BOX, "box", name="box", net=net.id)
        bench.Thing(bench.LABEL, "label", name="label", of=net.arn)

    bench.up(lambda: program("10.0.0.0/16"))
    result = bench.up(lambda: program("10.1.0.0/16"))
    assert actions(result) == {"net": "replace", "box": "replace", "label": "update"}
    assert bench.calls[0] == ("create", "net")
    assert sorted(bench.calls[1:3]) == [("create", "box"), ("update", "label")]
    assert bench.calls[3:] == [("delete", "box"), ("delete", "net")]
    net_id = next(id_ for id_, entry in bench.cloud.objects().items() if entry["name"] == "net")
    objects = bench.cloud.by_name()
    assert objects["net"]["cidr"] == "10.1.0.0/16"
    assert objects["box"]["net"] == net_id
    assert objects["label"]["of"] == f"arn:{net_id}"


def test_what_has_a_fixed_name_goes_before_its_replacement(bench: Any) -> None:
    """Two stores of one name cannot exist, so the old one goes first; what references it in place is updated."""

    def program(kind: str) -> None:
        store = bench.Thing(bench.STORE, "store", name="data", kind=kind)
        bench.Thing(bench.LABEL, "label", name="label", of=store.id)

    bench.up(lambda: program("a"))
    bench.up(lambda: program("b"))
    assert bench.calls == [("delete", "data"), ("create", "data"), ("update", "label")]
    assert bench.cloud.by_name()["data"]["kind"] == "b"


def test_what_cannot_live_without_it_goes_and_comes_with_it(bench: Any) -> None:
    """A box inside a store that is replaced is deleted before it and created after it, as is the box in that box."""

    def program(kind: str) -> None:
        store = bench.Thing(bench.STORE, "store", name="data", kind=kind)
        box = bench.Thing(bench.BOX, "box", name="box", net=store.id)
        bench.Thing(bench.BOX, "inner", name="inner", net=box.id)

    bench.up(lambda: program("a"))
    result = bench.up(lambda: program("b"))
    assert bench.calls == [
        ("delete", "inner"),
        ("delete", "box"),
        ("delete", "data"),
        ("create", "data"),
        ("create", "box"),
        ("create", "inner"),
    ]
    assert actions(result) == {"store": "replace", "box": "replace", "inner": "replace"}


def test_the_program_decides_the_order_of_a_replacement(bench: Any) -> None:
    """`delete_before_replace` wins over what the type does by itself."""

    def program(cidr: str) -> None:
        bench.Thing(bench.NET, "net", name="net", cidr=cidr, opts=Options(delete_before_replace=True))

    bench.up(lambda: program("10.0.0.0/16"))
    bench.up(lambda: program("10.1.0.0/16"))
    assert bench.calls == [("delete", "net"), ("create", "net")]


def test_what_the_program_drops_is_deleted(bench: Any) -> None:
    """Resources that are no longer registered go, dependents first; components go from the state with them."""

    def program() -> None:
        group = Options(parent=bench.Group("group"))
        net = bench.Thing(bench.NET, "net", name="net", opts=group)
        bench.Thing(bench.BOX, "box", name="box", net=net.id, opts=group)

    bench.up(program)
    result = bench.up(lambda: None)
    assert bench.calls == [("delete", "box"), ("delete", "net")]
    assert actions(result) == {"net": "delete", "box": "delete"}
    assert bench.engine.state("dev").resources == ()


def test_depends_on_orders_creation_and_deletion(bench: Any) -> None:
    """An explicit dependency without a reference is honoured both ways."""

    def program() -> None:
        first = bench.Thing(bench.LABEL, "z", name="first")
        bench.Thing(bench.LABEL, "a", name="second", opts=Options(depends_on=[first]))

    bench.up(program)
    assert bench.calls == [("create", "first"), ("create", "second")]
    bench.destroy()
    assert bench.calls == [("delete", "second"), ("delete", "first")]


def test_an_alias_keeps_the_object(bench: Any) -> None:
    """Renaming a component with an alias keeps every object below it, and dependents do not change."""

    def program(name: str, *aliases: pulumi.Alias) -> None:
        group = bench.Group(name, Options(aliases=list(aliases)))
        net = bench.Thing(bench.NET, f"{name}-net", opts=Options(parent=group))
        bench.Thing(bench.BOX, "box", net=net.id)

    bench.up(lambda: program("old"))
    before = bench.cloud.objects()
    result = bench.up(lambda: program("new", pulumi.Alias(name="old")))
    assert bench.calls == []
    assert actions(result) == {}
    assert bench.cloud.objects() == before
    assert bench.up(lambda: program("new")).actual == ()


def test_an_alias_of_something_still_there_is_refused(bench: Any) -> None:
    """One object cannot be two resources."""

    def alone(name: str) -> None:
        bench.Thing(bench.LABEL, name)

    def program() -> None:
        first = bench.Thing(bench.LABEL, "new", opts=Options(aliases=[pulumi.Alias(name="old")]))
        bench.Thing(bench.LABEL, "old", opts=Options(depends_on=[first]))

    bench.up(lambda: alone("old"))
    with pytest.raises(Failed, match="an alias gives that same object to another resource"):
        bench.up(program)


def test_ignored_changes_are_ignored(bench: Any) -> None:
    """A property, or a part of one, whose changes the program ignores keeps its value, whatever else changes."""

    def program(text: str, owner: str) -> None:
        options = Options(ignore_changes=["text", "tags.owner"])
        bench.Thing(bench.LABEL, "label", name="label", text=text, tags={"owner": owner, "env": owner}, opts=options)

    bench.up(lambda: program("a", "me"))
    result = bench.up(lambda: program("b", "you"))
    assert result.actual[0].properties == ("tags",)
    assert bench.cloud.by_name()["label"] == {"name": "label", "text": "a", "tags": {"owner": "me", "env": "you"}}


def test_the_program_may_ask_for_replacement(bench: Any) -> None:
    """`replace_on_changes` replaces where an update would do; `replace_with` joins another's replacement."""

    def program(text: str) -> None:
        options = Options(replace_on_changes=["text"])
        label = bench.Thing(bench.LABEL, "label", name="label", text=text, opts=options)
        bench.Thing(bench.LABEL, "companion", name="companion", opts=Options(replace_with=[label], depends_on=[label]))

    bench.up(lambda: program("a"))
    assert actions(bench.up(lambda: program("b"))) == {"label": "replace", "companion": "replace"}
    assert sorted(bench.cloud.by_name()) == ["companion", "label"]


def test_retained_objects_stay(bench: Any) -> None:
    """`retain_on_delete` forgets the resource and leaves the object."""

    def program() -> None:
        bench.Thing(bench.LABEL, "label", name="kept", opts=Options(retain_on_delete=True))

    bench.up(program)
    result = bench.up(lambda: None)
    assert bench.calls == []
    assert actions(result) == {"label": "delete"}
    assert result.actual[0].reason == "no longer in the program; the object itself is kept"
    assert list(bench.cloud.by_name()) == ["kept"]


def test_what_goes_with_another_is_not_deleted_by_itself(bench: Any) -> None:
    """`deleted_with` saves the call for a part when the whole goes, and only then."""

    def program(*, whole: bool) -> None:
        net = bench.Thing(bench.NET, "net", name="net") if whole else None
        bench.Thing(bench.LABEL, "part", name="part", opts=Options(deleted_with=net))

    bench.up(lambda: program(whole=True))
    bench.up(lambda: None)
    assert bench.calls == [("delete", "net")]


def test_protected_resources_are_not_deleted(bench: Any) -> None:
    """Dropping a protected resource is refused before anything is deleted; taking the protection off first works."""

    def program(*, protect: bool) -> None:
        net = bench.Thing(bench.NET, "net", name="net", opts=Options(protect=protect))
        bench.Thing(bench.BOX, "box", name="box", net=net.id)

    bench.up(lambda: program(protect=True))
    with pytest.raises(Failed, match=r"nothing was deleted, because protected .*: net \(file:x:Net\)"):
        bench.up(lambda: None)
    assert sorted(bench.cloud.by_name()) == ["box", "net"]
    bench.up(lambda: program(protect=False))
    assert bench.calls == []
    bench.up(lambda: None)
    assert bench.cloud.by_name() == {}


def test_protected_components_may_go(bench: Any) -> None:
    """Protection is for objects: a component that only groups others may be renamed around them."""

    def program(group: str) -> None:
        parent = bench.Group(group, Options(protect=True))
        alias = pulumi.Alias(parent="urn:pulumi:dev::trackstack::test:index:Group::old")
        bench.Thing(bench.NET, "net", name="net", opts=Options(parent=parent, aliases=[alias]))

    bench.up(lambda: program("old"))
    assert bench.up(lambda: program("new")).actual == ()
    assert [entry.name for entry in bench.engine.state("dev").protected] == ["net"]


def test_protected_resources_are_not_replaced(bench: Any) -> None:
    """A change that would replace a protected resource is refused by name and reason."""

    def program(cidr: str) -> None:
        bench.Thing(bench.NET, "net", name="net", cidr=cidr, opts=Options(protect=True))

    bench.up(lambda: program("a"))
    with pytest.raises(Failed, match=r"net \(file:x:Net\) is protected and would be replaced: cidr cannot be changed"):
        bench.up(lambda: program("b"))
    assert bench.cloud.by_name()["net"]["cidr"] == "a"


def test_an_object_moves_with_its_fixed_name(bench: Any) -> None:
    """A resource that moves into a component without an alias keeps its object, when only one of that name can be."""

    def program(group: str | None) -> None:
        options = Options(parent=bench.Group(group)) if group else None
        bench.Thing(bench.STORE, "store", name="data", opts=options)

    bench.up(lambda: program(None))
    before = bench.cloud.objects()
    result = bench.up(lambda: program("group"))
    assert sorted(change.action for change in result.actual) == ["create", "delete"]
    assert bench.calls == [("create", "data")]
    assert bench.cloud.objects() == before
    bench.destroy()
    assert bench.cloud.objects() == {}


def test_two_resources_cannot_be_one_object(bench: Any) -> None:
    """Two resources with one fixed name are refused by both their names."""

    def program() -> None:
        first = bench.Thing(bench.STORE, "first", name="data")
        bench.Thing(bench.STORE, "second", name="data", opts=Options(depends_on=[first]))

    with pytest.raises(Failed, match=r"second and first \(file:x:Store\) are one object, store-"):
        bench.up(program)


def test_names_are_made_up_once(bench: Any) -> None:
    """A resource without a name gets one from its URN and keeps it."""

    def program(text: str) -> None:
        bench.Thing(bench.LABEL, "label", text=text)

    bench.up(lambda: program("a"))
    (name,) = bench.cloud.by_name()
    assert name.startswith("label-")
    assert len(name) == len("label-") + 7
    bench.up(lambda: program("b"))
    assert list(bench.cloud.by_name()) == [name]


def test_explicit_providers_are_accepted(bench: Any) -> None:
    """A program with a provider of its own runs; the local target has one endpoint and one region for all."""

    class Provider(pulumi.ProviderResource):
        def __init__(self) -> None:
            super().__init__("file", "virginia", {"region": "us-east-1"})

    def program() -> None:
        bench.Thing(bench.LABEL, "label", name="label", opts=Options(provider=Provider()))

    assert actions(bench.up(program)) == {"label": "create"}
    assert bench.up(program).actual == ()
    assert bench.calls == []


def test_files_are_compared_by_content(bench: Any, tmp_path: Any) -> None:
    """A file counts as changed when its content does; the provider gets its absolute path, or the text."""

    def program(path: Any) -> None:
        bench.Thing(bench.LABEL, "page", name="page", source=pulumi.FileAsset(str(path)))
        bench.Thing(bench.LABEL, "note", name="note", source=pulumi.StringAsset("hello"))

    first, second = tmp_path / "first.html", tmp_path / "second.html"
    first.write_text("<p>one")
    second.write_text("<p>one")
    bench.up(lambda: program(first))
    assert bench.cloud.by_name() == {
        "page": {"name": "page", "source": {"path": str(first)}},
        "note": {"name": "note", "source": {"text": "hello"}},
    }
    assert bench.up(lambda: program(second)).actual == ()
    second.write_text("<p>two")
    assert actions(bench.up(lambda: program(second))) == {"page": "update"}
    with pytest.raises(Failed, match=r"cannot read .*third.html for page's source: No such file"):
        bench.up(lambda: program(tmp_path / "third.html"))


def test_secrets_reach_the_provider_and_nothing_else(bench: Any) -> None:
    """A secret is sent in clear text; the program gets it back marked, and errors do not show it."""

    def program(password: str) -> None:
        label = bench.Thing(bench.LABEL, "label", name="label", password=pulumi.Output.secret(password))
        pulumi.export("password", label.password)
        pulumi.export("plain", "x")

    result = bench.up(lambda: program("hunter2"))
    assert bench.cloud.by_name()["label"]["password"] == "hunter2"
    assert result.outputs == {"password": "hunter2", "plain": "x"}
    assert result.secret_outputs == ("password",)
    assert bench.engine.state("dev").resources[0].secrets == ("password",)
    assert (bench.home / "stacks" / "dev.json").stat().st_mode & 0o777 == 0o600

    def refuse(operation: str, name: str) -> None:
        raise bench.CloudError("Invalid", "the password hunter3 is too short")

    bench.cloud.on_call = refuse
    with pytest.raises(Failed, match=r"could not update label \(file:x:Label\): the password \[secret\] is too short"):
        bench.up(lambda: program("hunter3"))


def test_another_stacks_outputs_can_be_read(bench: Any) -> None:
    """A stack reads what another exported; when that is not up, the error says which and how to change that."""

    def foundation() -> None:
        pulumi.export("bucket", bench.Thing(bench.LABEL, "bucket", name="backups").arn)
        pulumi.export("key", pulumi.Output.secret("k"))

    def pragmatic() -> None:
        reference = pulumi.StackReference("organization/trackstack/foundation")
        bench.Thing(bench.LABEL, "label", name="label", of=reference.require_output("bucket"))
        pulumi.export("key", reference.require_output("key"))

    with pytest.raises(Failed, match="pragmatic reads outputs of foundation, which is not up"):
        bench.up(pragmatic, "pragmatic")
    bucket = bench.up(foundation, "foundation").outputs["bucket"]
    result = bench.up(pragmatic, "pragmatic")
    assert bench.cloud.by_name()["label"]["of"] == bucket
    assert result.secret_outputs == ("key",)


def test_existing_objects_can_be_read(bench: Any) -> None:
    """`get` reads an object that the program does not own; one that is not there is an error."""

    class Read(pulumi.CustomResource):
        arn: pulumi.Output[str]

        def __init__(self, id_: str) -> None:
            super().__init__(bench.LABEL, "read", {"arn": None}, Options(id=id_))

    bench.cloud.put("label-1", bench.LABEL, {"name": "by hand"})
    result = bench.up(lambda: pulumi.export("arn", Read("label-1").arn))
    assert result.outputs == {"arn": "arn:label-1"}
    bench.up(lambda: None)
    assert list(bench.cloud.by_name()) == ["by hand"]
    with pytest.raises(Failed, match="there is no label-2 in the emulator"):
        bench.up(lambda: pulumi.export("arn", Read("label-2").arn))


def test_a_type_without_a_handler_is_named(bench: Any) -> None:
    """The local target says which type it cannot make, and creates nothing in its place."""

    def program() -> None:
        bench.Thing("file:x:Moon", "moon")

    with pytest.raises(Failed, match="cannot create a file:x:Moon: its provider has no handler"):
        bench.up(program)
