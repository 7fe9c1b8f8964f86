"""The folder of kept graphs: damage, many at once, age, and places that nobody may write to."""

import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.kept import Shelf

LONG_AGO_S = 1_700_000_000
IT = Resource(urn="urn:pulumi:dev::trackstack::a:b:C::it", type="a:b:C", name="it", parent=None, custom=True, inputs={})
SMALL = Graph("dev", (IT,), {"url": "here"})


@pytest.mark.parametrize(
    "content",
    [b"", b"no graph", zlib.compress(b"{}"), zlib.compress(b'{"stack": "dev", "resources": [{}], "outputs": {}}')],
)
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    """Whatever is in it."""
    shelf = Shelf(tmp_path)
    (tmp_path / "it").write_bytes(content)
    assert shelf.get("it") is None
    shelf.put("it", SMALL)
    assert shelf.get("it") == SMALL
    whole = (tmp_path / "it").read_bytes()
    (tmp_path / "it").write_bytes(whole[: len(whole) // 2])
    assert shelf.get("it") is None


def test_many_write_and_read_the_same_graph_at_once(tmp_path: Path) -> None:
    """Nobody ever reads half of one."""
    shelf = Shelf(tmp_path)
    shelf.put("it", SMALL)

    def write_and_read(_: int) -> Graph | None:
        shelf.put("it", SMALL)
        return shelf.get("it")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(write_and_read, range(200))) == [SMALL] * 200
    assert [path.name for path in tmp_path.iterdir()] == ["it"]


def test_the_graphs_used_last_are_kept(tmp_path: Path) -> None:
    """Of four, the one that was neither written nor read lately goes."""
    shelf = Shelf(tmp_path, at_most=3)
    for age, name in enumerate(("first", "second", "third")):
        shelf.put(name, SMALL)
        os.utime(tmp_path / name, (LONG_AGO_S + age, LONG_AGO_S + age))
    assert shelf.get("first") == SMALL
    shelf.put("fourth", SMALL)
    assert {path.name for path in tmp_path.iterdir()} == {"first", "third", "fourth"}


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """A command that only looks works in a checkout that is somebody else's."""
    (tmp_path / "file").write_text("in the way")
    shelf = Shelf(tmp_path / "file" / "graphs")
    shelf.put("it", SMALL)
    assert shelf.get("it") is None


def test_a_kept_graph_is_its_owners(tmp_path: Path) -> None:
    """What a stack is made of is nobody else's business."""
    Shelf(tmp_path).put("it", SMALL)
    assert (tmp_path / "it").stat().st_mode & 0o777 == 0o600
