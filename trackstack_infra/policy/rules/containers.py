"""Task definitions as rules read them: their containers, and the services that run them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.values import revealed
from trackstack_infra.policy.relations import block, blocks

TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE: Final = "aws:ecs/service:Service"


def containers(definition: Resource) -> list[Mapping[str, Any]]:
    """The containers of a task definition, which AWS takes as JSON text; none when it is not known."""
    text = revealed(definition.inputs.get("containerDefinitions"))
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return []
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def definition_of(graph: Graph, service: Resource) -> Resource | None:
    """The task definition that a service runs, when it is in the same graph."""
    name = service.inputs.get("taskDefinition")
    for each in graph.all(TASK_DEFINITION):
        known = {each.outputs.get(key) for key in ("arn", "arnWithoutRevision", "id", "family")}
        if isinstance(name, str) and name in known:
            return each
    return None


def mounts(definition: Resource) -> Iterator[Mapping[str, Any]]:
    """The volumes of a task definition that are EFS file systems."""
    for volume in blocks(definition, "volumes"):
        efs = block(volume, "efsVolumeConfiguration")
        if efs:
            yield {**efs, "volume": volume.get("name")}


def writes_files(definition: Resource) -> bool:
    """Whether any of its containers mounts an EFS file system in order to write: there is SQLite's database."""
    shared = {each["volume"] for each in mounts(definition)}
    return any(
        point.get("sourceVolume") in shared and point.get("readOnly") is not True
        for container in containers(definition)
        for point in container.get("mountPoints") or ()
    )
