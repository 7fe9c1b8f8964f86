"""In which availability zones things stand, as far as a graph tells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from trackstack_infra.graph import Graph
from trackstack_infra.graph.values import revealed

SUBNET: Final = "aws:ec2/subnet:Subnet"
MOUNT_TARGET: Final = "aws:efs/mountTarget:MountTarget"


def zones_of(graph: Graph, subnet_ids: Iterable[Any]) -> frozenset[str]:
    """The zones of these subnets; those of other stacks are left out."""
    wanted = {revealed(each) for each in subnet_ids}
    return frozenset(
        str(each.inputs.get("availabilityZone")) for each in graph.all(SUBNET) if each.outputs.get("id") in wanted
    )


def mount_zones(graph: Graph) -> frozenset[str]:
    """The zones in which a file system can be mounted."""
    return zones_of(graph, (each.inputs.get("subnetId") for each in graph.all(MOUNT_TARGET)))
