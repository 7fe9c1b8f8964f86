"""Directories that stand for volumes."""

from pathlib import Path

import pytest

from trackstack_infra.local.agent.service_definitions import Mount
from trackstack_infra.local.agent.volumes import Volumes


def test_efs_data_is_kept_by_the_names_the_program_gives(tmp_path: Path) -> None:
    """File system ids change with each start of the emulator; the creation token and the path do not."""
    found = Volumes(tmp_path).directories([Mount("/data", "ts-enterprise-data", "/gym")], "task-1")
    assert found == {"/data": tmp_path / "efs" / "ts-enterprise-data" / "gym"}
    assert found["/data"].is_dir()


def test_the_access_point_of_the_root_sees_the_others(tmp_path: Path) -> None:
    """The bridge mounts / and writes into the services' directories."""
    volumes = Volumes(tmp_path)
    root = volumes.directories([Mount("/mnt/data", "ts-enterprise-data", "/")], "bridge")["/mnt/data"]
    gym = volumes.directories([Mount("/data", "ts-enterprise-data", "/gym")], "task-1")["/data"]
    assert gym.parent == root


def test_a_volume_without_a_file_system_belongs_to_one_task(tmp_path: Path) -> None:
    """Two tasks do not share what ends with them."""
    volumes = Volumes(tmp_path)
    first = volumes.directories([Mount("/tmp", None, "tmp")], "task-1")["/tmp"]
    second = volumes.directories([Mount("/tmp", None, "tmp")], "task-2")["/tmp"]
    assert first != second
    assert first.is_relative_to(volumes.scratch("task-1"))


@pytest.mark.parametrize(("token", "path"), [("data", "/../../etc"), ("..", "/x")])
def test_no_volume_lies_outside_the_state_directory(tmp_path: Path, token: str, path: str) -> None:
    """A path with dots in it does not lead to the user's other files."""
    with pytest.raises(ValueError, match="leads out of"):
        Volumes(tmp_path / "home").directories([Mount("/data", token, path)], "task-1")
