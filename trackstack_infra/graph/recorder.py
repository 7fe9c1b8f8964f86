"""Records what a program registers, without any engine, account or provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from trackstack_infra.errors import Failed
from trackstack_infra.graph.fabricated import Fabricator
from trackstack_infra.graph.model import Graph, Resource
from trackstack_infra.graph.monitor import STACK_REFERENCE, ProgramMonitor


class Recorder(ProgramMonitor):
    """Keeps every resource. With a fabricator, resources have made-up outputs; without, they stay unknown."""

    def __init__(self, stack: str, project: str, fabricator: Fabricator, *, fabricated: bool) -> None:
        super().__init__(stack, project)
        self._fabricator = fabricator
        self._fabricated = fabricated
        self._resources: dict[str, Resource] = {}

    def register(self, resource: Resource) -> tuple[str, Mapping[str, Any]]:
        id_, outputs = "", {}
        if not resource.custom:
            outputs = dict(resource.inputs)
        elif self._fabricated:
            id_, outputs = self._fabricator.outputs(resource)
        with self._lock:
            self._resources[resource.urn] = replace(resource, outputs=outputs)
        return id_, outputs

    def lookup(self, resource: Resource, id_: str) -> Mapping[str, Any]:
        if not self._fabricated:
            return {}
        if resource.type == STACK_REFERENCE:
            outputs = self._fabricator.reference(id_)
            return {"name": id_, "outputs": outputs, "secretOutputNames": []}
        return self._fabricator.outputs(resource)[1]

    def call(self, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = self._fabricator.function(token)
        if answer is None:
            raise Failed(
                f"the program of {self.stack} calls {token}, for which the recorder has no answer",
                hint="pass the value as a setting, or add the function to FUNCTIONS in graph/fabricated.py",
            )
        return answer

    def finish(self, urn: str, outputs: Mapping[str, Any]) -> None:
        super().finish(urn, outputs)
        with self._lock:
            if urn in self._resources:
                self._resources[urn] = replace(self._resources[urn], outputs=dict(outputs))

    def graph(self) -> Graph:
        """What was recorded, sorted by URN: the order in which a program registers is not the same each time."""
        resources = tuple(self._resources[urn] for urn in sorted(self._resources))
        return Graph(self.stack, resources, dict(sorted(self.outputs.items())))
