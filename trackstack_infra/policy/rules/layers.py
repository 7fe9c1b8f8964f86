"""Rules for layers and hours (rows 68 to 73): what goes with the power, what must stay, and what may be cut off."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.values import contains, revealed
from trackstack_infra.names import Layer
from trackstack_infra.policy.architecture import is_scheduled
from trackstack_infra.policy.documents import as_list
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import all_of, block, blocks, refers
from trackstack_infra.policy.zones import mount_zones, zones_of

NAT: Final = "aws:ec2/natGateway:NatGateway"
ROUTE: Final = "aws:ec2/route:Route"
SERVICE: Final = "aws:ecs/service:Service"
TASK: Final = "aws:ecs/taskDefinition:TaskDefinition"
INSTANCE: Final = "aws:ec2/instance:Instance"
FUNCTION: Final = "aws:lambda/function:Function"
ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
# Billed by the hour, used or not.
HOURLY: Final = (
    NAT,
    "aws:ec2/eip:Eip",
    INSTANCE,
    "aws:ecs/service:Service",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:lightsail/instance:Instance",
    "aws:lightsail/staticIp:StaticIp",
    "aws:rds/instance:Instance",
    "aws:rds/cluster:Cluster",
)
# A zone is billed in full each time it is made; names of keys and secrets stay taken for days; the others take half an
# hour to go, or hold what one wants to read when the power is off.
LASTING: Final[Mapping[str, str]] = {
    "aws:route53/zone:Zone": "each new zone is billed for a full month",
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": "each new zone is billed for a full month",
    "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace": "each new zone is billed for a full month",
    "aws:servicediscovery/httpNamespace:HttpNamespace": "other resources refer to names in it",
    "aws:kms/key:Key": "AWS deletes a key only after a week, and its data cannot be read meanwhile",
    "aws:secretsmanager/secret:Secret": "its name stays reserved for a week",
    "aws:cloudfront/distribution:Distribution": "deleting it takes up to half an hour, and its address changes",
    "aws:apigatewayv2/vpcLink:VpcLink": "creating it takes minutes, and its integrations must be deleted first",
    "aws:cloudwatch/logGroup:LogGroup": "it is needed while the power is off",
}
# Data that exists once: type -> the property by which AWS itself refuses to delete it, where it has one.
DATA: Final[Mapping[str, tuple[str, Any] | None]] = {
    "aws:efs/fileSystem:FileSystem": None,
    "aws:cognito/userPool:UserPool": ("deletionProtection", "ACTIVE"),
    "aws:dynamodb/table:Table": ("deletionProtectionEnabled", True),
}
# Load balancers of other kinds, and everything else that can listen in the internet by itself.
_PUBLIC: Final[Mapping[str, tuple[str, Any]]] = {
    "aws:elb/loadBalancer:LoadBalancer": ("internal", True),
    "aws:lb/loadBalancer:LoadBalancer": ("internal", True),
    "aws:rds/instance:Instance": ("publiclyAccessible", False),
    "aws:lambda/functionUrl:FunctionUrl": ("authorizationType", "AWS_IAM"),
}
SPOT: Final = "FARGATE_SPOT"
DRAIN_S: Final = 30  # a task needs that long to finish what it does


def _layer(resource: Resource) -> Any:
    tags = revealed(resource.inputs.get("tags"))
    return tags.get("layer") if isinstance(tags, Mapping) else None


def _hourly(graph: Graph) -> Iterator[Finding]:
    if not is_scheduled(graph):
        return
    endpoints = (each for each in graph.all(ENDPOINT) if each.inputs.get("vpcEndpointType") == "Interface")
    for each in (*all_of(graph, HOURLY), *endpoints):
        if _layer(each) != Layer.RUNTIME:
            yield Finding(each.urn, "it is billed by the hour, but power off keeps it")


def _lasting(graph: Graph) -> Iterator[Finding]:
    for type_, why in LASTING.items():
        for each in graph.all(type_):
            if _layer(each) == Layer.RUNTIME:
                yield Finding(each.urn, f"power off deletes it, but {why}")
    in_network = [each for each in graph.all(FUNCTION) if block(each, "vpcConfig")]
    for each in in_network:
        if _layer(each) == Layer.RUNTIME:
            yield Finding(each.urn, "power off deletes it, but AWS takes 20 to 45 minutes to free its addresses")
    held = [group for each in in_network for group in as_list(block(each, "vpcConfig").get("securityGroupIds"))]
    for each in graph.all(GROUP):
        if _layer(each) == Layer.RUNTIME and any(refers(one, each) for one in held):
            yield Finding(each.urn, "power off deletes it, but a function's addresses block that for 20 to 45 minutes")


def _data(graph: Graph) -> Iterator[Finding]:
    for type_, own in DATA.items():
        for each in graph.all(type_):
            if not each.protect:
                yield Finding(each.urn, "it holds data, and the engine may delete it (no `protect`)")
            if own is not None and each.inputs.get(own[0]) != own[1]:
                yield Finding(each.urn, f"it holds data, and AWS may delete it ({own[0]} is not {own[1]})")
            if _layer(each) == Layer.RUNTIME:
                yield Finding(each.urn, "it holds data, and power off deletes it")


def _nat(graph: Graph) -> Iterator[Finding]:
    gateways = graph.all(NAT)
    used = [revealed(each.inputs.get("natGatewayId")) for each in graph.all(ROUTE)]
    where = Counter(zone for each in gateways for zone in zones_of(graph, [each.inputs.get("subnetId")]))
    tasks = _task_zones(graph)
    for each in gateways:
        zones = zones_of(graph, [each.inputs.get("subnetId")])
        if not is_scheduled(graph):
            yield Finding(each.urn, "an always-on stack pays $32.85 a month for it")
        if not any(refers(gateway, each) for gateway in used):
            yield Finding(each.urn, "no route uses it")
        if any(where[zone] > 1 for zone in zones):
            yield Finding(each.urn, "its zone has more than one")
        if tasks and not zones & tasks:
            yield Finding(each.urn, "no task runs in its zone")


def _task_zones(graph: Graph) -> frozenset[str]:
    return frozenset(zone for each in graph.all(SERVICE) for zone in zones_of(graph, _subnets(each)))


def _subnets(service: Resource) -> list[Any]:
    return as_list(revealed(block(service, "networkConfiguration").get("subnets")))


def _spot(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(SERVICE):
        if not any(one.get("capacityProvider") == SPOT for one in blocks(each, "capacityProviderStrategies")):
            continue
        limits = (each.inputs.get("deploymentMinimumHealthyPercent"), each.inputs.get("deploymentMaximumPercent"))
        if limits != (0, 100):
            yield Finding(each.urn, "on Spot a second task may start while another is being interrupted")
        task = next((one for one in graph.all(TASK) if refers(each.inputs.get("taskDefinition"), one)), None)
        if task is None:
            continue
        for container in _containers(task):
            if int(container.get("stopTimeout") or 0) < DRAIN_S:
                yield Finding(task.urn, f"Spot interrupts it sooner than the {DRAIN_S} s it needs to finish")
        if any(volume.get("hostPath") for volume in blocks(task, "volumes")):
            yield Finding(task.urn, "its data on the host is lost when Spot interrupts it")
    for each in graph.all(INSTANCE):
        if block(each, "instanceMarketOptions").get("marketType") == "spot":
            yield Finding(each.urn, "nothing restarts it after a Spot interruption")


def _containers(task: Resource) -> list[Mapping[str, Any]]:
    text = revealed(task.inputs.get("containerDefinitions"))
    found = json.loads(text) if isinstance(text, str) else text
    return [each for each in as_list(found) if isinstance(each, Mapping)]


def _public(graph: Graph) -> Iterator[Finding]:
    for type_, (key, wanted) in _PUBLIC.items():
        for each in graph.all(type_):
            if each.inputs.get(key) != wanted:
                yield Finding(each.urn, f"it is reachable from the internet ({key} is {each.inputs.get(key)})")


def _mounted(graph: Graph) -> Iterator[Finding]:
    mounted = mount_zones(graph)
    for each in graph.all(SERVICE):
        task = next((one for one in graph.all(TASK) if refers(each.inputs.get("taskDefinition"), one)), None)
        on_files = task is not None and contains(dict(task.inputs), lambda part: _is_efs(part))
        missing = zones_of(graph, _subnets(each)) - mounted
        if on_files and missing:
            yield Finding(each.urn, f"its file system has no mount target in {', '.join(sorted(missing))}")


def _is_efs(part: Any) -> bool:
    return isinstance(part, Mapping) and bool(part.get("efsVolumeConfiguration"))


RULES: Final = (
    Rule(
        id="runtime-holds-hourly",
        row=68,
        title="In a scheduled stack, power off deletes everything billed by the hour.",
        verdict=Verdict.BLOCK,
        check=_hourly,
    ),
    Rule(
        id="runtime-holds-nothing-lasting",
        row=69,
        title="The runtime layer holds no hosted zone, key, secret, log group, CDN, VPC link or function in the VPC.",
        verdict=Verdict.BLOCK,
        check=_lasting,
    ),
    Rule(
        id="data-protected",
        row=70,
        title="Files, users and leases are protected: from the engine and, where possible, from AWS API calls.",
        verdict=Verdict.BLOCK,
        check=_data,
    ),
    Rule(
        id="nat-count",
        row=71,
        title="Only a scheduled stack has NAT gateways, only where tasks need them, at most one per zone.",
        verdict=Verdict.BLOCK,
        check=_nat,
    ),
    Rule(
        id="spot-restarts",
        row=72,
        title="Spot runs only what can be interrupted at any time: at most one task, with time to finish.",
        verdict=Verdict.BLOCK,
        check=_spot,
    ),
    Rule(
        id="nothing-listens-in-public",
        row=73,
        title="Only CloudFront, the API and the monitoring host are reachable from the internet.",
        verdict=Verdict.BLOCK,
        check=_public,
    ),
    Rule(
        id="efs-in-every-zone",
        row=36,
        title="The file system has a mount target in every zone where its tasks run.",
        verdict=Verdict.BLOCK,
        checkov=(),
        check=_mounted,
    ),
)
