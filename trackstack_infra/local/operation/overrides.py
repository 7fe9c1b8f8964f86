"""The settings a local stack was brought up with that are not its file's: `up --set` leaves them here for `down`."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from trackstack_infra.local.supervisor.run_file import read_json, write_json


@dataclass(frozen=True)
class Given:
    """Settings given by hand."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """By the settings' names, a group of settings whole."""
    pairs: tuple[str, ...] = ()
    """As they were typed: KEY=VALUE."""

    @property
    def options(self) -> tuple[str, ...]:
        """What gives them again on a command line."""
        return tuple(f"--set {shlex.quote(pair)}" for pair in self.pairs)


NOTHING: Final = Given()


def remember(home: Path, stack: str, given: Given) -> None:
    """Keep what this `up` was given; without anything, the file alone counts again."""
    if not given.pairs:
        forget(home, stack)
        return
    _path(home, stack).parent.mkdir(parents=True, exist_ok=True)
    write_json(_path(home, stack), {"values": json.loads(json.dumps(given.values, default=str)), "pairs": given.pairs})


def remembered(home: Path, stack: str) -> Given:
    """What the last `up` of the stack was given."""
    kept = read_json(_path(home, stack))
    if not isinstance(kept, dict):
        return NOTHING
    return Given(values=kept["values"], pairs=tuple(kept["pairs"]))


def forget(home: Path, stack: str) -> None:
    """The file alone counts, as on a fresh machine."""
    _path(home, stack).unlink(missing_ok=True)


def _path(home: Path, stack: str) -> Path:
    return home / "given" / f"{stack}.json"
