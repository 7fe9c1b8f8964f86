"""What holds of a stack whatever its settings say."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from importlib import import_module
from typing import Any, Final

from catalogued import gaps
from choices import ROOT, Combination
from limits import ACCEPTED, NAMED_BY

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.local.provider import HANDLERS
from trackstack_infra.local.provider.handler import DeclaredType
from trackstack_infra.names import Layer
from trackstack_infra.policy.check import check
from trackstack_infra.policy.rules import RULES
from trackstack_infra.policy.suppressions import load_suppressions

SERVICE: Final = "aws:ecs/service:Service"
TASK: Final = "aws:ecs/taskDefinition:TaskDefinition"
FUNCTION: Final = "aws:lambda/function:Function"
SUBNET: Final = "aws:ec2/subnet:Subnet"
MOUNT: Final = "aws:efs/mountTarget:MountTarget"
NAT_GATEWAY: Final = "aws:ec2/natGateway:NatGateway"
NAT_INSTANCE: Final = "aws:ec2/instance:Instance"
STATUS: Final = "site-status.json"
# Billed by the hour, used or not.
HOURLY: Final = (
    NAT_GATEWAY,
    NAT_INSTANCE,
    SERVICE,
    "aws:ec2/eip:Eip",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:lightsail/instance:Instance",
    "aws:rds/instance:Instance",
)
# The day on which suppressions are held against them: `trackstack policy check` asks for today's.
DAY: Final = date(2026, 12, 1)
_SUPPRESSIONS: Final = load_suppressions(ROOT, RULES)


def hold(combination: Combination) -> None:
    """Everything below, for one combination of settings."""
    if combination.stack == "foundation":
        graph = combination.graph()
        stands(graph)
        a_preview_knows_everything(graph, combination.graph(outputs="unknown"))
        return
    on, off = combination.graph(power="on"), combination.graph(power="off")
    stands(on)
    stands(off)
    a_preview_knows_everything(on, combination.graph(power="on", outputs="unknown"))
    only_runtime_goes(on, off)
    nothing_hourly_stays(on, off)
    files_are_where_tasks_are(on)
    addresses_are_translated_as_chosen(on, combination.settings)


def a_preview_knows_everything(known: Graph, unknown: Graph) -> None:
    """It has the same resources in the same order before its first `up` as after it."""
    assert {each.urn: each.depends_on for each in known.resources} == {
        each.urn: each.depends_on for each in unknown.resources
    }


def stands(known: Graph) -> None:
    """Its resources are catalogued, unique, named as AWS wants, allowed by the policy and known to the local target."""
    missing = gaps(known.resources)
    assert not missing, "\n".join(missing)
    assert [urn for urn, count in Counter(each.urn for each in known.resources).items() if count > 1] == []
    names = Counter((each.type, name_of(each), _scope(each)) for each in known.resources if each.type in NAMED_BY)
    assert [name for name, count in names.items() if count > 1] == []
    for each in known.resources:
        if each.type in NAMED_BY:
            assert re.fullmatch(ACCEPTED[each.type], name_of(each)), (each.type, name_of(each))
    report = check(known, RULES, _SUPPRESSIONS, DAY)
    assert [(each.rule.id, each.resource, each.message) for each in report.violations] == []
    assert report.expired == ()
    known_locally([each for each in known.resources if each.type.startswith("aws:")])


def name_of(resource: Resource) -> str:
    """What AWS calls it."""
    return str(resource.inputs[NAMED_BY[resource.type]])


def _scope(resource: Resource) -> Any:
    """Within what its name is unique, where that is less than an account."""
    return next((resource.inputs[key] for key in ("cluster", "rule", "groupName") if key in resource.inputs), None)


def known_locally(resources: Iterable[Resource]) -> None:
    """The local target can make each type, and understands each input."""
    for each in resources:
        assert each.type in HANDLERS, each.type
        handler = HANDLERS[each.type]
        if isinstance(handler, DeclaredType):
            given = {key for key, value in each.inputs.items() if value is not None}
            assert given <= handler.understood, (each.type, given - handler.understood)


def is_runtime(graph: Graph, resource: Resource) -> bool:
    """Whether it stands below a component of the runtime layer, as the component's class says."""
    above = resource if not resource.custom else graph[resource.parent] if resource.parent else None
    while above is not None:
        _, module, kind = above.type.split(":")
        if getattr(import_module(f"trackstack_infra.components.{module}"), kind).layer is Layer.RUNTIME:
            return True
        above = graph[above.parent] if above.parent else None
    return False


def only_runtime_goes(on: Graph, off: Graph) -> None:
    """What goes with the power is what is of the runtime layer, and tagged so; what stays does not change.

    But for the page's own note of whether the stack is on.
    """
    before = {each.urn: each for each in on.resources}
    after = {each.urn: each for each in off.resources}
    assert after.keys() <= before.keys()
    gone = {urn for urn in before if urn not in after}
    assert gone == {each.urn for each in on.resources if is_runtime(on, each)}
    for each in on.resources:
        if "tags" in each.inputs:
            assert each.inputs["tags"]["layer"] == ("runtime" if each.urn in gone else "persistent"), each.name
    changed = [each for urn, each in after.items() if each.inputs != before[urn].inputs]
    assert [each.name for each in changed] == [STATUS]
    assert {**json.loads(changed[0].inputs["content"]), "power": "on"} == json.loads(
        before[changed[0].urn].inputs["content"]
    )


def nothing_hourly_stays(on: Graph, off: Graph) -> None:
    """Tasks, machines, gateways and addresses that are billed by the hour are only there while the power is on."""
    assert on.all(SERVICE)
    assert [each.name for type_ in HOURLY for each in off.all(type_)] == []


def zones(graph: Graph, subnet_ids: Iterable[str]) -> set[str]:
    """The zones of some subnets."""
    zone = {each.outputs["id"]: each.inputs["availabilityZone"] for each in graph.all(SUBNET)}
    return {zone[id_] for id_ in subnet_ids}


def files_are_where_tasks_are(graph: Graph) -> None:
    """Each zone that tasks or the bridge run in has exactly one mount target, and no other zone has one."""
    mounted = [each.inputs["subnetId"] for each in graph.all(MOUNT)]
    on_files = {each.outputs["arn"] for each in graph.all(TASK) if "efsVolumeConfiguration" in str(each.inputs)}
    users = [
        each.inputs["networkConfiguration"]["subnets"]
        for each in graph.all(SERVICE)
        if each.inputs["taskDefinition"] in on_files
    ]
    users += [
        each.inputs["vpcConfig"]["subnetIds"] for each in graph.all(FUNCTION) if "fileSystemConfig" in each.inputs
    ]
    assert users
    assert len(zones(graph, mounted)) == len(mounted)
    for subnets in users:
        assert zones(graph, subnets) == zones(graph, mounted)


def addresses_are_translated_as_chosen(graph: Graph, settings: Any) -> None:
    """One NAT gateway, or one in each of the tasks' zones, or an instance, or nothing: as `egress` says."""
    gateways, instances = {
        "nat": (1, 0),
        "nat-per-az": (settings["azs"], 0),
        "nat-instance": (0, 1),
        "ipv6": (0, 0),
        None: (0, 0),
    }[settings.get("egress")]
    assert len(graph.all(NAT_GATEWAY)) == gateways
    assert len(graph.all(NAT_INSTANCE)) == instances
