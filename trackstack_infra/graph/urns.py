"""URNs: the names Pulumi gives resources, made of stack, project, the types of all parents, and the logical name."""

from __future__ import annotations


def make_urn(stack: str, project: str, parent: str | None, type_: str, name: str) -> str:
    """The URN of a resource; `parent` is its parent's URN, None below the stack itself."""
    chain = f"{qualified_type(parent)}${type_}" if parent else type_
    return f"urn:pulumi:{stack}::{project}::{chain}::{name}"


def qualified_type(urn: str) -> str:
    """The types of all parents and of the resource itself, joined by `$`."""
    return _parts(urn)[2]


def type_of(urn: str) -> str:
    """The resource's own type."""
    return qualified_type(urn).rpartition("$")[2]


def name_of(urn: str) -> str:
    """The resource's logical name."""
    return _parts(urn)[3]


def is_stack(urn: str) -> bool:
    """Whether the URN names a stack, the parent of all that have no other."""
    return qualified_type(urn) == "pulumi:pulumi:Stack"


def renamed_with_parent(name: str, parent_name: str, parent_alias: str) -> str:
    """What a child was called when its parent had the alias: children carry their parent's name in front of theirs."""
    return name_of(parent_alias) + name.removeprefix(parent_name) if name.startswith(parent_name) else name


def _parts(urn: str) -> list[str]:
    parts = urn.split("::", 3)
    if len(parts) != 4:
        raise ValueError(f"{urn!r} is not a URN: expected urn:pulumi:STACK::PROJECT::TYPE::NAME")
    return parts
