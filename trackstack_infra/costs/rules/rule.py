"""What a billing rule is given, and what it answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from trackstack_infra.costs.meter import Meter
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import Graph, Resource


@dataclass(frozen=True)
class Scene:
    """Where a resource stands: its stack's graph, and the stated use."""

    graph: Graph
    usage: Usage

    def by_output(self, type_: str, output: str, value: Any) -> Resource:
        """The resource of a type that has such an output, such as the task definition with an ARN."""
        return next(each for each in self.graph.all(type_) if each.outputs.get(output) == value)


Rule = Callable[[Resource, Scene], Iterable[Meter]]
