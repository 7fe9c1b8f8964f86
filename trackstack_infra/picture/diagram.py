"""A picture before it has a form: boxes, arrows, and which of them exist only while the power is on. Plain data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from trackstack_infra.catalog.resource_type import Family
from trackstack_infra.names import SHARED, Layer

PEOPLE: Final = "people"


class Flow(StrEnum):
    """What moves along an arrow."""

    REQUEST = "request"
    EVENT = "event"
    DATA = "data"
    CONTROL = "control"


@dataclass(frozen=True)
class Box:
    """One part of the architecture. `outside`: it belongs to another stack, or to nobody's stack at all."""

    id: str
    title: str
    made_of: tuple[str, ...]
    """What it consists of, the most telling first, such as `HTTP API`, `VPC link`."""
    family: Family
    layer: Layer = Layer.PERSISTENT
    domain: str = SHARED
    outside: bool = False


@dataclass(frozen=True)
class Arrow:
    """From the box that uses to the box it uses; `forward` and `backward` say which way things move."""

    user: str
    used: str
    flow: Flow
    label: str = ""
    forward: bool = True
    backward: bool = False


@dataclass(frozen=True)
class Diagram:
    """All that a picture shows, in a stable order."""

    stack: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]

    def box(self, id_: str) -> Box:
        """The box of that id."""
        return next(box for box in self.boxes if box.id == id_)

    @property
    def connected(self) -> tuple[Box, ...]:
        """The boxes that something flows to or from."""
        joined = {end for arrow in self.arrows for end in (arrow.user, arrow.used)}
        return tuple(box for box in self.boxes if box.id in joined)

    @property
    def alone(self) -> tuple[Box, ...]:
        """The boxes that stand beside the flow, such as networks and alarms."""
        joined = {box.id for box in self.connected}
        return tuple(box for box in self.boxes if box.id not in joined)

    def only(self, *, layer: Layer | None = None, domain: str | None = None) -> Diagram:
        """The boxes of a layer, and without those of other domains; what is outside stays where it is needed."""

        def wanted(box: Box) -> bool:
            if box.outside:
                return True
            return (layer is None or box.layer is layer) and (domain is None or box.domain in (domain, SHARED))

        kept = self._without_loose_ends([box for box in self.boxes if wanted(box)])
        if domain is None or domain == SHARED:
            return kept
        return kept._near([box.id for box in kept.boxes if box.domain == domain])

    def _near(self, ids: Collection[str]) -> Diagram:
        """The boxes of these ids, what they use, and the ways that lead to them; without what is beside the flow."""
        near = set(ids)
        near |= {arrow.used for arrow in self.arrows if arrow.user in ids}
        before = {arrow.user for arrow in self.arrows if arrow.used in ids}
        while before - near:
            near |= before
            before = {arrow.user for arrow in self.arrows if arrow.used in before}
        near |= {arrow.user for arrow in self.arrows if arrow.used in near and self.box(arrow.user).id == PEOPLE}
        return self._without_loose_ends([box for box in self.boxes if box.id in near])

    def _without_loose_ends(self, boxes: Collection[Box]) -> Diagram:
        ids = {box.id for box in boxes}
        arrows = tuple(arrow for arrow in self.arrows if arrow.user in ids and arrow.used in ids)
        joined = {end for arrow in arrows for end in (arrow.user, arrow.used)}
        return replace(self, boxes=tuple(box for box in boxes if not box.outside or box.id in joined), arrows=arrows)
