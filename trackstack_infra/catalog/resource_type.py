"""The form of an entry of the catalog: what is known of one resource type, whoever asks. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from trackstack_infra.catalog.fidelity import FidelityRow


class Family(StrEnum):
    """What a part of an architecture is there for; it gives its box the colour."""

    PEOPLE = "people"
    EDGE = "edge"
    COMPUTE = "compute"
    EVENTS = "events"
    DATA = "data"
    ACCESS = "access"
    WATCH = "watch"
    NETWORK = "network"
    OTHER = "other"


@dataclass(frozen=True)
class Drawn:
    """How a type appears in a picture."""

    label: str
    """What people call it, such as `HTTP API`."""
    family: Family
    rank: int
    """Its place in the order of importance: a component is called after its type of the lowest rank. No two types have
    the same, and they are tens, so that another fits between."""


class ChosenBy(StrEnum):
    """Who chooses a resource's name, and so what the name must say."""

    STACK = "stack"
    """The program: the name begins with project and stack, `ts-<stack>` (policy rule `stack-names`)."""
    OUTSIDE = "outside"
    """The program, after something outside of the stack: a domain that exists, a registry for all stacks."""
    ENGINE = "engine"
    """The engine: the name must be unique in the world or in its pool, so no program may fix it."""


@dataclass(frozen=True)
class Name:
    """What names a resource in the account."""

    property: str
    """The input that holds the name."""
    accepted: str | None
    """A regular expression of the whole name as AWS takes it, from the service's API reference; None: ENGINE's."""
    chosen_by: ChosenBy = ChosenBy.STACK


class DataRole(StrEnum):
    """What a resource has to do with data, and so what a change of it does to them."""

    HOLDS = "holds"
    """The data end with it."""
    POINTS_AT = "points at"
    """Whoever looks through it finds another place after it is replaced; the old one stays."""
    WRITES = "writes"
    """Making it writes data."""


@dataclass(frozen=True)
class Data:
    """The data that a resource holds, points at or writes."""

    role: DataRole
    what: str
    """In the plural, such as `files`."""


@dataclass(frozen=True)
class Terraform:
    """Where Terraform's provider differs from what the rules of spelling give (policy/terraform/names.py)."""

    type: str | None = None
    """Its name of the type; None: as by the rules."""
    properties: Mapping[str, str] = field(default_factory=dict)
    """Pulumi's name of a property -> Terraform's, at whatever depth."""
    absent: tuple[str, ...] = ()
    """Terraform's properties that a plan says are not there, where a scanner takes silence for the worst."""


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """A resource type, and everything that the toolkit's tables know of it.

    How the local target makes one is a recipe (local/provider), how it is billed a rule (costs/rules), what must hold
    of it the policy (policy/rules): those are code, and stay where they are.
    """

    token: str = field(kw_only=False)
    """Pulumi's, such as `aws:sqs/queue:Queue`."""
    drawn: Drawn | None = None
    """None: the small print of a part, such as a policy or a route, which never makes a box of its own."""
    name: Name | None = None
    """None: AWS gives it an id, or it is a setting of something that has a name."""
    tags: bool = True
    """Whether it can have tags, as the provider says."""
    data: Data | None = None
    fidelity: FidelityRow | None = None
    """How faithful the local target is; None: no program makes one, but rules watch for it."""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """Made-up outputs besides the inputs, as templates. Fields: {name} physical name, {hex} 17 hex digits, {region},
    {account}, {path}, and {id}, which each entry defines first. Empty: the general ones (graph/fabricated_answers.py).
    """
    terraform: Terraform = field(default_factory=Terraform)
    free: str | None = None
    """Why it costs nothing, or why it costs nothing where its billing rule finds nothing to bill."""
    costs_with: Mapping[str, str] = field(default_factory=dict)
    """Of a type that is free and has no billing rule: the inputs with which it costs something after all, so that it
    is unpriced: why -> which, as in costs/rules/inputs.py, `protocol=sqs|lambda` being free with these values only."""
    shown: tuple[str, ...] = ()
    """The inputs that tell what it is, and so stand in the snapshots; empty: its name and place say it all."""
