"""The settings a local stack was brought up with that are not its file's: `up --set` leaves them here for `down`."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from trackstack_infra.local.state_dir.run_file import read_json, write_json


@dataclass(frozen=True)
class Overrides:
    """Settings that replace those of the stack's file."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """By the settings' names, a group of settings whole."""
    pairs: tuple[str, ...] = ()
    """As they were typed: KEY=VALUE."""

    @property
    def options(self) -> tuple[str, ...]:
        """What gives them again on a command line."""
        return tuple(f"--set {shlex.quote(pair)}" for pair in self.pairs)


NO_OVERRIDES: Final = Overrides()


def keep_overrides(home: Path, stack: str, overrides: Overrides) -> None:
    """Keep those of this `up`; without any, the file alone counts again."""
    if not overrides.pairs:
        forget_overrides(home, stack)
        return
    _path(home, stack).parent.mkdir(parents=True, exist_ok=True)
    values = json.loads(json.dumps(overrides.values, default=str))
    write_json(_path(home, stack), {"values": values, "pairs": overrides.pairs})


def kept_overrides(home: Path, stack: str) -> Overrides:
    """Those of the stack's last `up`."""
    kept = read_json(_path(home, stack))
    if not isinstance(kept, dict):
        return NO_OVERRIDES
    return Overrides(values=kept["values"], pairs=tuple(kept["pairs"]))


def forget_overrides(home: Path, stack: str) -> None:
    """The file alone counts, as on a fresh machine."""
    _path(home, stack).unlink(missing_ok=True)


def _path(home: Path, stack: str) -> Path:
    return home / "overrides" / f"{stack}.json"
