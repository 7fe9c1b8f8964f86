"""The state file: what it survives, what it refuses, and which emulator it speaks of."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.local.engine import ResourceState, StateDamaged, StateNewer, read_state
from trackstack_infra.local.engine.state import Pending, StackState, write_state

ROOT = Path(__file__).parents[4]
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def program(bench: Any) -> None:
    net = bench.Thing(bench.NET, "net", name="net", cidr="a")
    bench.Thing(bench.BOX, "box", name="box", net=net.id)


def test_a_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Everything in a state, pending operations included, is the same after a round trip."""
    entry = ResourceState(
        urn="urn:pulumi:dev::trackstack::file:x:Net::nét",
        type="file:x:Net",
        name="nét",
        parent="urn:pulumi:dev::trackstack::test:index:Group::group",
        custom=True,
        id="net-1",
        inputs={"cidr": "a", "ports": [80, 443.5], "on": True, "none": None},
        outputs={"arn": "arn:net-1"},
        dependencies=("urn:a", "urn:b"),
        property_dependencies={"cidr": ("urn:a",)},
        digests={"source": "00ff"},
        secrets=("cidr",),
        auto_named=True,
        protect=True,
        retain_on_delete=True,
        deleted_with="urn:c",
        condemned=True,
    )
    plain = ResourceState("urn:x", "t", "x", None, custom=False)
    state = StackState("dev", "boot-1", NOW, (entry, plain), (Pending("create", plain),), {"a": [1]}, ("a",))
    path = tmp_path / "stacks" / "dev.json"
    write_state(path, state)
    assert read_state(tmp_path, "dev") == state


def test_reading_a_state_needs_no_pulumi() -> None:
    """`trackstack status` can read a state without paying for Pulumi or boto3."""
    script = (
        "import sys, pathlib; from trackstack_infra.local.engine import read_state; "
        "read_state(pathlib.Path('nowhere'), 'dev'); print({'pulumi', 'boto3', 'google'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_a_restarted_emulator_is_empty(bench: Any) -> None:
    """State written under another boot id counts as gone: nothing is deleted, everything is created again."""
    bench.up(lambda: program(bench))
    for path in bench.cloud.directory.iterdir():
        path.unlink()
    bench.boot_id = "boot-2"
    assert bench.preview(lambda: program(bench)).count("create") == 2
    bench.up(lambda: program(bench))
    assert bench.calls == [("create", "net"), ("create", "box")]
    assert bench.engine.state("dev").boot_id == "boot-2"
    bench.boot_id = "boot-3"
    assert bench.destroy().changes == ()
    assert bench.calls == []
    assert bench.engine.state("dev") is None


def test_a_damaged_state_is_kept_and_reported(bench: Any) -> None:
    """A state that is not what TrackStack wrote is moved aside with the date, never overwritten."""
    path = bench.home / "stacks" / "dev.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"version": 1, "stack"')
    with pytest.raises(StateDamaged, match=r"dev.json is damaged \(JSONDecodeError"):
        bench.engine.state("dev")
    assert path.exists()
    with pytest.raises(StateDamaged, match=r"it was moved to dev.json.corrupt-20261124T080000Z") as raised:
        bench.up(lambda: program(bench))
    assert "trackstack local stop" in str(raised.value.hint)
    assert not path.exists()
    assert (path.parent / "dev.json.corrupt-20261124T080000Z").read_text() == '{"version": 1, "stack"'
    assert bench.calls == []
    bench.up(lambda: program(bench))
    assert sorted(bench.cloud.by_name()) == ["box", "net"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", '{"version": "one"}', '{"version": 0}', '{"version": 1, "stack": "dev"}', "\udcff"],
    ids=["empty", "list", "null", "text", "zero", "half", "bytes"],
)
def test_every_kind_of_damage_is_seen(tmp_path: Path, text: str) -> None:
    """Whatever is wrong with the file, the error is the same kind and names the file."""
    path = tmp_path / "stacks" / "dev.json"
    path.parent.mkdir()
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(StateDamaged, match=r"dev\.json is damaged"):
        read_state(tmp_path, "dev")


def test_an_unknown_field_is_damage(bench: Any) -> None:
    """A state of this version with a field nobody knows is not read in part."""
    bench.up(lambda: program(bench))
    path = bench.home / "stacks" / "dev.json"
    document = json.loads(path.read_text())
    document["resources"][0]["colour"] = "red"
    path.write_text(json.dumps(document))
    with pytest.raises(StateDamaged, match="colour"):
        bench.engine.state("dev")


def test_a_newer_state_is_left_alone(bench: Any) -> None:
    """A state of a newer TrackStack is neither read nor moved nor overwritten."""
    path = bench.home / "stacks" / "dev.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"version": 2}')
    for run in (lambda: bench.up(lambda: program(bench)), bench.destroy, lambda: bench.engine.state("dev")):
        with pytest.raises(StateNewer, match="has version 2, but this TrackStack reads version 1 only"):
            run()
    assert path.read_text() == '{"version": 2}'
    assert bench.calls == []


def test_the_file_is_written_for_people_too(bench: Any) -> None:
    """One resource a line, so that two states can be compared with `diff`."""
    bench.up(lambda: program(bench))
    lines = (bench.home / "stacks" / "dev.json").read_text().splitlines()
    assert lines[0] == '{"version": 1, "stack": "dev", "boot_id": "boot-1", "saved_at": "2026-11-24T08:00:00+00:00",'
    assert [json.loads(line.rstrip("]},") + "}")["name"] for line in lines if '"urn"' in line] == ["net", "box"]
