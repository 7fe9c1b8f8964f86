"""What the recorded graph of a stack depends on, as one digest: its settings, the program, and all that it reads."""

import hashlib
import os
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from trackstack_infra.settings.models import StackSettings

# What programs are made of and read: components and what lies below them, and what images and sites are made from.
_FOLDERS: Final = ("stacks", "trackstack_infra", "apps")
_FILES: Final = ("Dockerfile", "requirements-app.txt", "requirements.txt")
# Layers above the programs, which none can import: import-linter holds that.
LEFT_OUT: Final = ("cli", "local", "policy", "picture", "costs", "price_refresh")
_PACKAGES: Final = ("pulumi", "pulumi-aws")


def digest_of_stack(stack: str, settings: StackSettings, outputs: str) -> str:
    """64 hex digits, others for any change that can change the graph; raises OSError for a source it cannot read."""
    digest = hashlib.sha256()
    for text in (stack, outputs, settings.model_dump_json(), sys.version, *map(version, _PACKAGES)):
        _add(digest, text.encode())
    for path in _sources(settings.root):
        _add(digest, path.relative_to(settings.root).as_posix().encode())
        _add(digest, path.read_bytes())
    return digest.hexdigest()


def replaced_since(root: Path, moment_s: float) -> bool:
    """Whether a source was edited, replaced or deleted since a moment of the system's clock, so that a process that
    began then may run older code."""
    try:
        # ctime, not mtime: a file that is moved into place, or restored with its times, may be older than that moment.
        found = {str(path): path.stat().st_ctime for path in _sources(root)}
    except OSError:
        return True
    return any(ctime_s >= moment_s for ctime_s in found.values()) or not _imported(root) <= found.keys()


def _imported(root: Path) -> set[str]:
    """The sources among the modules of this process."""
    files = {getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}
    below = tuple(f"{root / name}{os.sep}" for name in _FOLDERS)
    above = tuple(f"{root / 'trackstack_infra' / name}{os.sep}" for name in LEFT_OUT)
    return {file for file in files if file.startswith(below) and not file.startswith(above)}


def _add(digest: "hashlib._Hash", part: bytes) -> None:
    # The length keeps "ab" + "c" apart from "a" + "bc".
    digest.update(f"{len(part)}\0".encode())
    digest.update(part)


def _sources(root: Path) -> Iterator[Path]:
    above = {root / "trackstack_infra" / name for name in LEFT_OUT}
    waiting = [root / name for name in (*_FOLDERS, *_FILES)]
    while waiting:
        path = waiting.pop()
        if path.is_dir():
            waiting += sorted(each for each in path.iterdir() if each.name != "__pycache__" and each not in above)
        elif path.suffix != ".pyc" and path.is_file():  # not a tool's pipe, which never ends
            yield path
