"""Which sources each container image holds, and one digest over them.

The digest stands for the image in the graph and in the local target: the same sources give the same digest on every
computer, and a change that does not reach an image leaves its service alone.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from trackstack_infra.errors import SettingsError
from trackstack_infra.names import DOMAINS

# What every image copies; the Dockerfile is in it because a changed build step makes another image of the same code.
_COMMON: Final = ("Dockerfile", "requirements-app.txt", "apps/__init__.py", "apps/common", "apps/contracts")

SOURCES: Final = {
    "monolith": (*_COMMON, *(f"apps/{domain}" for domain in DOMAINS), "apps/bridge", "apps/monolith"),
    **{domain: (*_COMMON, f"apps/{domain}") for domain in DOMAINS},
    "bridge": (*_COMMON, *(f"apps/{domain}" for domain in DOMAINS), "apps/sample", "apps/bridge"),
}


_REGISTRY: Final = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?P<path>/.*)?")


def dual_stack_registry(reference: str) -> str:
    """The same registry, repository or image under the name that ECR answers to over IPv6; others stay as they are."""
    found = _REGISTRY.fullmatch(reference)
    if found is None:
        return reference
    return f"{found['account']}.dkr-ecr.{found['region']}.on.aws{found['path'] or ''}"


def content_digest(root: Path, image: str) -> str:
    """`sha256:<64 hex>` over the path and the bytes of every file that the image copies."""
    if image not in SOURCES:
        raise SettingsError(f"there is no image {image!r}", hint=f"the images are {', '.join(SOURCES)}")
    digest = hashlib.sha256(image.encode())
    for path in _files(root, image):
        content = path.read_bytes()
        # Lengths keep "ab" + "c" apart from "a" + "bc".
        digest.update(f"\0{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return f"sha256:{digest.hexdigest()}"


def _files(root: Path, image: str) -> Iterator[Path]:
    found: list[Path] = []
    waiting = [root / source for source in SOURCES[image]]
    for path in waiting:
        if not path.exists():
            source = path.relative_to(root).as_posix()
            raise SettingsError(
                f"image {image} cannot be built: {source} is missing in {root}",
                hint=f"restore it with `git checkout -- {source}`",
            )
    while waiting:
        path = waiting.pop()
        if path.is_dir():
            waiting += (each for each in path.iterdir() if each.name != "__pycache__")
        elif path.suffix != ".pyc":
            found.append(path)
    yield from sorted(found, key=lambda each: each.relative_to(root).as_posix())
