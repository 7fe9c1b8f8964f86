"""Which files of a folder become a site, of which type they are, and how long a browser may keep them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from trackstack_infra.errors import PrerequisiteMissing

CONTENT_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_FIRST: Final = "no-cache"

# What bundlers put before the suffix: eight characters of base64url, or a longer hexadecimal digest.
_HASH: Final = re.compile(r"[.-](?P<hash>[\w-]{8}|[0-9a-f]{9,64})\.[a-z0-9]+", re.ASCII)
_ALWAYS_ASKED: Final = (".html", ".json", ".webmanifest")


def site_files(folder: Path) -> Iterator[Path]:
    """The files that belong on the web, in a stable order: those of a known type, none of them hidden."""
    if not (folder / "index.html").is_file():
        raise PrerequisiteMissing(
            f"the site has no index.html: {folder}", hint=f"restore it with `git checkout -- {folder}`"
        )
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and path.suffix in CONTENT_TYPES and not hidden:
            yield path


def cache_control(name: str) -> str:
    """For ever where the name holds a hash of the content; else a browser keeps it, but asks whether it still holds.

    A word of eight letters is no hash: one has a letter, and a digit or a capital. A hash that has neither (one in a
    thousand) is only asked about more often than needed.
    """
    found = _HASH.search(name)
    if found is None or not name.endswith(found[0]) or name.endswith(_ALWAYS_ASKED):
        return ASK_FIRST
    letters = [each for each in found["hash"] if each.isalpha()]
    marked = any(each.isdigit() or each.isupper() for each in found["hash"])
    return FOR_EVER if letters and marked else ASK_FIRST
