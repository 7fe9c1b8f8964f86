"""What all readers share: every page of a listing, and which stack a resource belongs to."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

PREFIX = "ts-"


class Aws(Protocol):
    """Clients of the emulator."""

    def client(self, name: str) -> Any:
        """Return the boto3 client of a service."""
        ...


def pages(client: Any, operation: str, key: str, **parameters: Any) -> Iterator[Any]:
    """Yield each item of a listing, with or without pages."""
    if client.can_paginate(operation):
        for page in client.get_paginator(operation).paginate(**parameters):
            yield from page.get(key, ())
    else:
        yield from getattr(client, operation)(**parameters).get(key, ())


def stack_of(tags: Mapping[str, str], name: str) -> str:
    """The stack a resource says it belongs to; by its name `ts-<stack>-…` when it has no tag."""
    if "stack" in tags:
        return tags["stack"]
    return name.removeprefix(PREFIX).split("-")[0] if name.startswith(PREFIX) else ""


def tags_of(pairs: list[Mapping[str, str]]) -> dict[str, str]:
    """[{"Key": …, "Value": …}] as a mapping."""
    return {pair["Key"]: pair["Value"] for pair in pairs}
