"""Directories that stand for the volumes of tasks and functions."""

from collections.abc import Iterable
from pathlib import Path

from trackstack_infra.local.agent.service_definitions import Mount


class Volumes:
    """Below the state directory: efs/<creation token>/<access point path> stays, scratch/<task> ends with its task."""

    def __init__(self, home: Path) -> None:
        self._efs = home / "efs"
        self._scratch = home / "scratch"

    def directories(self, mounts: Iterable[Mount], task: str) -> dict[str, Path]:
        """Return, for each mount path, its directory, made if it is new."""
        found = {mount.path: self._directory(mount, task) for mount in mounts}
        for directory in found.values():
            directory.mkdir(parents=True, exist_ok=True)
        return found

    def scratch(self, task: str) -> Path:
        """Where the volumes are that end with the task."""
        return self._scratch / task

    def _directory(self, mount: Mount, task: str) -> Path:
        if mount.creation_token is None:
            return _below(self.scratch(task), mount.directory)
        return _below(self._efs, mount.creation_token, mount.directory.strip("/"))


def _below(base: Path, *parts: str) -> Path:
    path = base.joinpath(*parts)
    if not path.resolve().is_relative_to(base.resolve()):
        raise ValueError(f"the volume directory {'/'.join(parts)!r} leads out of {base}")
    return path
