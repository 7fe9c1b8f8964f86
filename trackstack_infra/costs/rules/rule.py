"""What a billing rule is given, and what it answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from trackstack_infra.costs.meter import Meter
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import Graph, Resource


@dataclass(frozen=True)
class BillingContext:
    """Where a resource stands: its stack's graph, and the stated use."""

    graph: Graph
    usage: Usage

    def by_output(self, type_: str, output: str, value: Any) -> Resource:
        """The resource of a type that has such an output, such as the task definition with an ARN."""
        return next(each for each in self.graph.all(type_) if each.outputs.get(output) == value)

    def share(self, *types: str) -> Decimal:
        """A stack's use is stated once; each of the resources that it is spread over is billed for an equal part."""
        return Decimal(1) / sum(len(self.graph.all(type_)) for type_ in types)

    def assumed(self, id_: str) -> Decimal:
        """A stated figure that goes into a meter's count; 0 where nothing is stated, which leaves it unpriced."""
        return self.usage.of(id_, self.graph.stack) if id_ in self.usage.assumptions else Decimal(0)

    @cached_property
    def running(self) -> bool:
        """Whether anybody can call it: a stack whose cluster has no service was recorded with its power off."""
        types = {each.type for each in self.graph.resources}
        return "aws:ecs/service:Service" in types or "aws:ecs/cluster:Cluster" not in types


Rule = Callable[[Resource, BillingContext], Iterable[Meter]]
