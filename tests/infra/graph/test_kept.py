"""Graphs kept on disk, and when one that is kept may be used."""

import json
import os
import shutil
import sys
import time
import tomllib
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from socket import AF_UNIX, socket
from types import ModuleType
from typing import Any, Literal

import pytest

from stacks import PROGRAMS
from trackstack_infra.graph import Asset, Graph, Resource, Secret, kept, record, sources
from trackstack_infra.graph.as_json import HoldsSecret, graph_as_json, graph_from_json
from trackstack_infra.graph.kept import Shelf, graph_of_stack
from trackstack_infra.graph.sources import digest_of_stack
from trackstack_infra.graph.values import UNKNOWN, contains
from trackstack_infra.settings.load import load_settings
from trackstack_infra.settings.models import FoundationSettings, PragmaticSettings

CHECKOUT = Path(__file__).resolve().parents[3]
LONG_AGO_S = 1_700_000_000
IPV6: dict[str, object] = {"ingress": "ipv6", "domain": {"name": "track.example.org", "zone": "example.org"}}

IT = Resource(urn="urn:pulumi:dev::trackstack::a:b:C::it", type="a:b:C", name="it", parent=None, custom=True, inputs={})
SMALL = Graph("dev", (IT,), {"url": "here"})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with one source of each kind, none of them edited lately."""
    for name in (
        "Dockerfile",
        "requirements-app.txt",
        "requirements.txt",
        "stacks/enterprise.py",
        "trackstack_infra/names.py",
        "trackstack_infra/cli/up.py",
        "trackstack_infra/components/network.py",
        "trackstack_infra/components/index_pages.js",
        "trackstack_infra/graph/model.py",
        "apps/gym/routes.py",
        "apps/web/index.html",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the programs read of a checkout, none of it edited lately."""
    for name in ("stacks", "trackstack_infra", "apps"):
        shutil.copytree(CHECKOUT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Dockerfile", "requirements-app.txt", "requirements.txt"):
        shutil.copy(CHECKOUT / name, tmp_path / name)
    # As if the process had begun after the copying.
    monkeypatch.setattr(kept, "LOADED_AT_S", time.time() + kept.CLOCKS_DIFFER_S + 0.1)
    time.sleep(0.2)
    return tmp_path


@pytest.mark.parametrize("outputs", ["unknown", "fabricated"])
@pytest.mark.parametrize(("stack", "given"), [("foundation", {}), ("pragmatic", {"azs": 3}), ("enterprise", {})])
def test_a_graph_comes_back_equal(
    tmp_path: Path, stack: str, given: dict[str, object], outputs: Literal["unknown", "fabricated"]
) -> None:
    """Files and values that are not known yet included."""
    settings = load_settings(stack, CHECKOUT, **given)
    graph = record(partial(PROGRAMS[stack], settings), stack=stack, outputs=outputs)
    shelf = Shelf(tmp_path)
    shelf.put("it", graph)
    assert shelf.get("it") == graph


def test_each_kind_of_value_comes_back() -> None:
    """Also inside of each other, and numbers as what they were."""
    inputs: dict[str, Any] = {
        "group": {"a": [UNKNOWN, 1, 1.5, True, None]},
        "archive": Asset(members={"main.py": Asset(path="/x/main.py"), "note": Asset(text="hello")}, archive=True),
        "list": [UNKNOWN, [{"s": "t"}]],
    }
    graph = replace(SMALL, resources=(replace(IT, inputs=inputs),))
    back = graph_from_json(json.loads(json.dumps(graph_as_json(graph))))
    assert back == graph
    assert type(back.resources[0].inputs["group"]["a"][1]) is int
    assert contains(back.resources[0].inputs, lambda value: value is UNKNOWN)


def test_a_program_that_has_not_changed_is_not_run_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time the graph comes from the disk; other settings are another graph."""
    settings = load_settings("pragmatic", CHECKOUT).model_copy(update={"root": checkout})
    first = graph_of_stack("pragmatic", settings, outputs="fabricated")
    assert first == record(partial(PROGRAMS["pragmatic"], settings), stack="pragmatic", outputs="fabricated")
    monkeypatch.setattr(kept, "record", lambda *_, **__: pytest.fail("it was run again"))
    assert graph_of_stack("pragmatic", settings, outputs="fabricated") == first
    for other in ({"settings": settings.model_copy(update={"azs": 1})}, {"outputs": "unknown"}):
        with pytest.raises(pytest.fail.Exception):
            graph_of_stack("pragmatic", **{"settings": settings, "outputs": "fabricated", **other})  # type: ignore[arg-type]


def replaced_by_an_older_file(path: Path) -> None:
    older = path.with_suffix(".older")
    older.write_text("# older")
    os.utime(older, (LONG_AGO_S, LONG_AGO_S))
    older.replace(path)


@pytest.mark.parametrize("change", [Path.touch, replaced_by_an_older_file])
def test_a_source_edited_since_the_process_began_keeps_nothing(checkout: Path, change: Callable[[Path], None]) -> None:
    """The digest would be of the new text, and the graph of the old: also if the new file is older by its date."""
    settings = load_settings("foundation", CHECKOUT).model_copy(update={"root": checkout})
    change(checkout / "stacks" / "foundation.py")
    graph_of_stack("foundation", settings, outputs="unknown")
    assert not (checkout / ".trackstack").exists()


def test_a_deleted_source_that_was_imported_keeps_nothing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on the disk tells when it went, but the process runs it."""
    imported = ModuleType("stacks.gone")
    imported.__file__ = str(checkout / "stacks" / "gone.py")
    monkeypatch.setitem(sys.modules, "stacks.gone", imported)
    settings = load_settings("foundation", CHECKOUT).model_copy(update={"root": checkout})
    graph_of_stack("foundation", settings, outputs="unknown")
    assert not (checkout / ".trackstack").exists()
    (checkout / "stacks" / "gone.py").touch()
    monkeypatch.setattr(kept, "LOADED_AT_S", time.time() + 60)
    graph_of_stack("foundation", settings, outputs="unknown")
    assert (checkout / ".trackstack").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "apps" / "web" / "index.html").unlink(),
        lambda root: replaced_by_an_older_file(root / "apps" / "gym" / "__init__.py"),
        lambda root: shutil.rmtree(root / "apps" / "web"),
    ],
)
def test_a_source_that_changes_while_the_program_runs_keeps_nothing(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    """Deleted or replaced between the digest and the last line of the program."""
    settings = load_settings("foundation", CHECKOUT).model_copy(update={"root": checkout})

    def record_meanwhile(*arguments: Any, **options: Any) -> Graph:
        graph = record(*arguments, **options)
        change(checkout)
        return graph

    monkeypatch.setattr(kept, "record", record_meanwhile)
    monkeypatch.setattr(kept, "LOADED_AT_S", time.time() + 60)  # the digests alone must tell
    graph_of_stack("foundation", settings, outputs="unknown")
    assert not (checkout / ".trackstack").exists()


@pytest.mark.parametrize("method", ["read_bytes", "stat", "iterdir"])
def test_a_source_that_vanishes_while_it_is_read_is_no_error(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """An editor saves by replacing: a file that was listed is gone when it is read. The graph is made and not kept."""
    settings = load_settings("foundation", CHECKOUT).model_copy(update={"root": checkout})
    victim = checkout / "apps" / "web" / ("" if method == "iterdir" else "index.html")
    plain = getattr(Path, method)

    def vanished(self: Path, *arguments: Any, **options: Any) -> Any:
        if self == victim and sys._getframe(1).f_code.co_filename == sources.__file__:
            raise FileNotFoundError(self)
        return plain(self, *arguments, **options)

    monkeypatch.setattr(Path, method, vanished)
    assert graph_of_stack("foundation", settings, outputs="unknown").resources
    assert not (checkout / ".trackstack").exists()


def test_a_graph_with_a_secret_is_not_kept(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a program marks secret reaches no file of the cache, neither in clear text nor packed."""
    import pulumi
    import pulumi_aws as aws

    settings = load_settings("pragmatic", CHECKOUT, **IPV6).model_copy(update={"root": checkout})

    def program(settings: PragmaticSettings) -> None:
        assert settings.domain is not None
        aws.ssm.Parameter("key", type="SecureString", value=pulumi.Output.secret(f"key of {settings.domain.name}"))

    monkeypatch.setattr(kept, "PROGRAMS", {"pragmatic": program})
    for _ in range(2):
        graph = graph_of_stack("pragmatic", settings, outputs="fabricated")
        (key,) = (each for each in graph.resources if each.name == "key")
        assert key.inputs["value"] == Secret("key of track.example.org")
    kept_files = [path for path in (checkout / ".trackstack").rglob("*") if path.is_file()]
    assert not any(
        b"track.example.org" in content
        for path in kept_files
        for content in (path.read_bytes(), zlib.decompress(path.read_bytes()))
    )
    with pytest.raises(HoldsSecret):
        graph_as_json(graph)


def edit(name: str) -> Callable[[Path], object]:
    return lambda root: (root / name).write_text("edited")


@pytest.mark.parametrize(
    "change",
    [
        edit("Dockerfile"),
        edit("requirements-app.txt"),
        edit("requirements.txt"),
        edit("stacks/enterprise.py"),
        edit("stacks/new.py"),
        edit("trackstack_infra/names.py"),
        edit("trackstack_infra/components/network.py"),
        edit("trackstack_infra/components/index_pages.js"),
        edit("trackstack_infra/graph/model.py"),
        edit("apps/gym/routes.py"),
        edit("apps/web/index.html"),
        lambda root: (root / "apps/web/index.html").unlink(),
        lambda root: (root / "apps/web/index.html").rename(root / "apps/web/start.html"),
    ],
)
def test_whatever_a_program_is_made_of_or_reads_makes_another_digest(
    root: Path, change: Callable[[Path], object]
) -> None:
    """An edited, new, renamed or deleted source: the program runs again."""
    settings = PragmaticSettings(root=root, region="us-east-1")
    before = digest_of_stack("pragmatic", settings, "unknown")
    change(root)
    assert digest_of_stack("pragmatic", settings, "unknown") != before


def test_what_is_no_file_is_no_source(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket or a pipe that a tool leaves beside the sources is not read: it might never end."""
    settings = PragmaticSettings(root=root, region="us-east-1")
    before = digest_of_stack("pragmatic", settings, "unknown")
    monkeypatch.chdir(root / "apps" / "gym")  # the address of a socket may have a hundred letters
    with socket(AF_UNIX) as listening:
        listening.bind("tool.sock")
        assert digest_of_stack("pragmatic", settings, "unknown") == before


def test_settings_stack_outputs_and_libraries_make_another_digest(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them changes what is recorded."""
    settings = PragmaticSettings(root=root, region="us-east-1")
    digests = [
        digest_of_stack("pragmatic", settings, "unknown"),
        digest_of_stack("pragmatic", settings, "fabricated"),
        digest_of_stack("enterprise", settings, "unknown"),
        digest_of_stack("pragmatic", settings.model_copy(update={"azs": 3}), "unknown"),
        digest_of_stack("pragmatic", FoundationSettings(root=root, region="us-east-1"), "unknown"),
    ]
    for package in ("pulumi", "pulumi-aws"):
        monkeypatch.setattr(sources, "version", lambda name, package=package: "9.9" if name == package else "1.0")
        digests.append(digest_of_stack("pragmatic", settings, "unknown"))
    assert len(set(digests)) == len(digests)


def test_what_no_program_can_import_leaves_the_digest(root: Path) -> None:
    """The command line and what else lies above the programs, and compiled modules."""
    settings = PragmaticSettings(root=root, region="us-east-1")
    before = digest_of_stack("pragmatic", settings, "unknown")
    edit("trackstack_infra/cli/up.py")(root)
    (root / "stacks" / "__pycache__").mkdir()
    edit("stacks/__pycache__/enterprise.cpython-311.pyc")(root)
    assert digest_of_stack("pragmatic", settings, "unknown") == before


def test_what_is_left_out_lies_above_the_programs() -> None:
    """import-linter's layers: none of the folders left out of the digest may be imported by a program."""
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if "toolkit" in each["name"])
    above = {name.strip() for layer in layers[: layers.index("graph")] for name in layer.split("|")}
    assert set(sources.LEFT_OUT) <= above
