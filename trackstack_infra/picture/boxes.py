"""The boxes of a picture: a part of the architecture, with what it is made of in a few words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph import Resource
from trackstack_infra.names import DOMAINS, SHARED, Layer
from trackstack_infra.picture.diagram import Box
from trackstack_infra.picture.homes import Homes, importance
from trackstack_infra.picture.kinds import kind_of

CPU_UNITS: Final = 1024  # of a vCPU
PUT_ASIDE: Final = (("aws:sqs/queue:Queue", "redrivePolicy"), ("aws:lambda/function:Function", "deadLetterConfig"))


def boxes_of(homes: Homes) -> dict[str, Box]:
    """A box for each part that is more than small print."""
    return {part: _box(homes, part) for part in homes.members if homes.drawn(part)}


def box_id(*parts: str) -> str:
    """An id that Mermaid, DOT and SVG all take."""
    return "_".join(re.sub(r"\W+", "_", part) for part in parts).lower()


def _box(homes: Homes, part: str) -> Box:
    main = homes.drawn(part)[0]
    tags = next((tags for each in (main, *homes.members[part]) if (tags := _tags(each))), {})
    owner = homes.owner(part)
    name = owner.name
    domain = tags.get("domain") or (name if name in DOMAINS else SHARED)
    return Box(
        id=box_id(owner.type.rpartition(":")[2], owner.name),
        title=name,
        made_of=tuple(_made_of(homes, part)),
        family=kind_of(main.type).family,
        layer=Layer(tags["layer"]) if tags.get("layer") in set(Layer) else Layer.PERSISTENT,
        domain=str(domain),
    )


def _made_of(homes: Homes, part: str) -> Iterator[str]:
    """`HTTP API`, `3 × image repository`; a detail after what it describes."""
    drawn = homes.drawn(part)
    dead = _dead_letters(homes)
    shown: dict[str, list[Resource]] = {}
    for resource in sorted(drawn, key=lambda each: (each.urn in dead, *importance(each))):
        if resource.type == "aws:ecs/taskDefinition:TaskDefinition" and drawn[0].type == "aws:ecs/service:Service":
            continue
        label = "dead letters" if resource.urn in dead else kind_of(resource.type).label
        shown.setdefault(label, []).append(resource)
    for label, resources in shown.items():
        yield f"{len(resources)} × {label}" if len(resources) > 1 else label
        if len(resources) == 1 and resources[0].type in DETAILS:
            yield from DETAILS[resources[0].type](resources[0], homes)


def _dead_letters(homes: Homes) -> set[str]:
    """Queues that others put aside what they could not handle in."""
    return {
        urn
        for type_, property_ in PUT_ASIDE
        for resource in homes.graph.all(type_)
        for urn in resource.property_dependencies.get(property_, ())
    }


def _tags(resource: Resource) -> Mapping[str, Any]:
    tags = resource.inputs.get("tags")
    return tags if isinstance(tags, Mapping) else {}


def _service(service: Resource, homes: Homes) -> Iterator[str]:
    for urn in service.property_dependencies.get("taskDefinition", ()):
        if homes.of(urn):
            yield from _task(homes.graph[urn], homes)
    providers = {str(each.get("capacityProvider")) for each in service.inputs.get("capacityProviderStrategies") or ()}
    if "FARGATE_SPOT" in providers:
        yield "Spot" if providers == {"FARGATE_SPOT"} else "partly Spot"


def _task(task: Resource, homes: Homes) -> Iterator[str]:
    cpu, memory = str(task.inputs.get("cpu")), task.inputs.get("memory")
    if cpu.isdigit():
        yield f"{int(cpu) / CPU_UNITS:g} vCPU"
    if memory:
        yield f"{memory} MiB"


def _file_system(files: Resource, homes: Homes) -> Iterator[str]:
    points = homes.graph.all("aws:efs/accessPoint:AccessPoint")
    count = sum(files.urn in point.property_dependencies.get("fileSystemId", ()) for point in points)
    if count:
        yield f"{count} director{'y' if count == 1 else 'ies'}"


def _network(vpc: Resource, homes: Homes) -> Iterator[str]:
    yield str(vpc.inputs.get("cidrBlock") or "")
    subnets = homes.graph.all("aws:ec2/subnet:Subnet")
    count = sum(vpc.urn in subnet.property_dependencies.get("vpcId", ()) for subnet in subnets)
    yield f"{count} subnet{'' if count == 1 else 's'}"


DETAILS: Final[Mapping[str, Callable[[Resource, Homes], Iterator[str]]]] = {
    "aws:ecs/service:Service": _service,
    "aws:ecs/taskDefinition:TaskDefinition": _task,
    "aws:efs/fileSystem:FileSystem": _file_system,
    "aws:ec2/vpc:Vpc": _network,
}
