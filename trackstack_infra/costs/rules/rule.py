"""What a billing rule is given, and what it answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from trackstack_infra.costs.meter import Meter
from trackstack_infra.costs.rules.inputs import Inputs
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import Graph, Resource


class CannotPrice(Exception):  # noqa: N818 (it says what happened)
    """What a rule raises for a resource that it has no price for: the reason, after `the resource is unpriced:`."""


@dataclass(frozen=True)
class BillingContext:
    """Where a resource stands: its stack's graph, and the stated use."""

    graph: Graph
    usage: Usage

    def by_output(self, type_: str, output: str, value: Any) -> Resource:
        """The resource of a type that has such an output, such as the task definition with an ARN.

        Raises CannotPrice where the program has none: what it points at was made elsewhere, and cannot be read.
        """
        for each in self.graph.all(type_):
            if each.outputs.get(output) == value:
                return each
        raise CannotPrice(
            f"its price depends on the {type_.rpartition(':')[2]} {value}, which this program does not make"
        )

    def share(self, *types: str) -> Decimal:
        """A stack's use is stated once; each of the resources that it is spread over is billed for an equal part."""
        return Decimal(1) / sum(len(self.graph.all(type_)) for type_ in types)

    def assumed(self, id_: str) -> Decimal:
        """A stated figure that goes into a meter's count; 0 where nothing is stated, which leaves it unpriced."""
        return self.usage.of(id_, self.graph.stack) if id_ in self.usage.assumptions else Decimal(0)

    def sizes(self, id_: str) -> tuple[tuple[Decimal, Decimal], ...]:
        """Stated sizes, each with the share of requests that have it; one of 0 where nothing is stated."""
        return self.usage.sizes(id_, self.graph.stack) if id_ in self.usage.assumptions else ((Decimal(0), Decimal(1)),)

    @cached_property
    def running(self) -> bool:
        """Whether anybody can call it: a stack whose cluster has no service was recorded with its power off."""
        types = {each.type for each in self.graph.resources}
        return "aws:ecs/service:Service" in types or "aws:ecs/cluster:Cluster" not in types


@dataclass(frozen=True)
class Rule:
    """How a resource type is billed."""

    meters: Callable[[Resource, BillingContext], Iterable[Meter]]
    """What a resource is billed by. Raises CannotPrice for one that is billed in a way that it does not know."""
    inputs: Inputs
    """Which inputs it has thought of."""
