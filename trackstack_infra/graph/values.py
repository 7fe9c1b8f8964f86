"""What a property can hold besides JSON: a value not known yet, a secret, a file. Printing one never shows a secret."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True)
class Unknown:
    """A value that only a deployment can know, such as the ARN of a queue that does not exist yet."""

    def __repr__(self) -> str:
        return "[unknown]"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value the program marked secret. `value` is it in clear text: compare with it, do not print it."""

    value: Any

    def __repr__(self) -> str:
        return "[secret]"


@dataclass(frozen=True)
class Asset:
    """A file or text that becomes part of a resource: exactly one of path, text, uri and members is set."""

    path: str | None = None
    text: str | None = field(default=None, repr=False)
    uri: str | None = None
    members: dict[str, Any] | None = None
    archive: bool = False

    def digest(self) -> str:
        """SHA-256 over the content, so that an edited file counts as a change."""
        if self.text is not None:
            return hashlib.sha256(self.text.encode()).hexdigest()
        if self.path is not None:
            return _digest_of_path(Path(self.path))
        if self.members is not None:
            parts = (f"{name}={_digest_of_member(member)}" for name, member in sorted(self.members.items()))
            return hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return hashlib.sha256(str(self.uri).encode()).hexdigest()


def contains(value: Any, wanted: Callable[[Any], bool]) -> bool:
    """Whether `wanted` holds for the value or for anything inside it."""
    if wanted(value):
        return True
    if isinstance(value, Secret):
        return contains(value.value, wanted)
    if isinstance(value, dict):
        return any(contains(item, wanted) for item in value.values())
    if isinstance(value, list):
        return any(contains(item, wanted) for item in value)
    return False


def is_unknown(value: Any) -> bool:
    """Whether any part of the value is not known yet."""
    return contains(value, lambda part: isinstance(part, Unknown))


def is_secret(value: Any) -> bool:
    """Whether any part of the value is secret."""
    return contains(value, lambda part: isinstance(part, Secret))


def revealed(value: Any) -> Any:
    """The value with its secrets in clear text, as a provider needs it."""
    if isinstance(value, Secret):
        return revealed(value.value)
    if isinstance(value, dict):
        return {key: revealed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [revealed(item) for item in value]
    return value


def _digest_of_path(path: Path) -> str:
    if path.is_dir():
        parts = (
            f"{entry.relative_to(path).as_posix()}={_digest_of_path(entry)}"
            for entry in sorted(path.rglob("*"))
            if entry.is_file()
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_of_member(member: Any) -> str:
    return member.digest() if isinstance(member, Asset) else repr(member)
