"""Rules for ECS services and clusters (rows 25, 30, 31 and 34): no ingress from the internet, one writer a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.policy.documents import as_list
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import block, blocks, refers
from trackstack_infra.policy.rules.containers import SERVICE, definition_of, mounts, writes_files

CLUSTER: Final = "aws:ecs/cluster:Cluster"
SUBNET: Final = "aws:ec2/subnet:Subnet"
GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
SCALING: Final = "aws:appautoscaling/target:Target"
INGRESS: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ELDER_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
_WAYS_OUT: Final = ("aws:ec2/natGateway:NatGateway", "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway")
_INSTANCE: Final = "aws:ec2/instance:Instance"
_ANYWHERE: Final = frozenset({"0.0.0.0/0", "::/0"})
_BLOCKS: Final = ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")


def _is_public(service: Resource) -> bool:
    return block(service, "networkConfiguration").get("assignPublicIp") is True


def _has_other_egress(graph: Graph) -> bool:
    translates = any(each.inputs.get("sourceDestCheck") is False for each in graph.all(_INSTANCE))
    return translates or any(graph.all(type_) for type_ in _WAYS_OUT)


def _lets_the_net_in(graph: Graph, service: Resource) -> bool:
    """Whether one of its security groups has a rule for everybody, or is none of this stack's."""
    for id_ in as_list(block(service, "networkConfiguration").get("securityGroups")) or [None]:
        group = next((each for each in graph.all(GROUP) if refers(id_, each)), None)
        if group is None or any(_is_for_everybody(rule) for rule in _rules_in(graph, group)):
            return True
    return False


def _rules_in(graph: Graph, group: Resource) -> Iterator[Mapping[str, Any]]:
    yield from blocks(group, "ingress")
    for rule in (*graph.all(INGRESS), *graph.all(ELDER_RULE)):
        if refers(rule.inputs.get("securityGroupId"), group) and rule.inputs.get("type", "ingress") == "ingress":
            yield rule.inputs


def _is_for_everybody(rule: Mapping[str, Any]) -> bool:
    return any(value in _ANYWHERE for key in _BLOCKS for value in as_list(rule.get(key)))


def _public_for_no_reason(graph: Graph) -> Iterator[Finding]:
    for service in graph.all(SERVICE):
        if not _is_public(service):
            continue
        if _has_other_egress(graph):
            yield Finding(service.urn, "its tasks have public IP addresses, though the VPC has other egress")
        if _lets_the_net_in(graph, service):
            yield Finding(service.urn, "its tasks have public IP addresses, and a security group admits the internet")


def _public_to_get_out(graph: Graph) -> Iterator[Finding]:
    for service in graph.all(SERVICE):
        if _is_public(service) and not _has_other_egress(graph) and not _lets_the_net_in(graph, service):
            yield Finding(service.urn, "its tasks have public IP addresses for egress; nothing can connect to them")


def _subnets(graph: Graph) -> Iterator[Finding]:
    for subnet in graph.all(SUBNET):
        if subnet.inputs.get("mapPublicIpOnLaunch"):
            yield Finding(subnet.urn, "it assigns a public IP address to whatever starts in it")


def _platform(graph: Graph) -> Iterator[Finding]:
    for service in graph.all(SERVICE):
        version = service.inputs.get("platformVersion")
        if version not in (None, "LATEST"):
            yield Finding(service.urn, f"it is pinned to Fargate platform version {version} and gets no later patches")


def _insights(graph: Graph) -> Iterator[Finding]:
    for cluster in graph.all(CLUSTER):
        settings = {each.get("name"): each.get("value") for each in blocks(cluster, "settings")}
        if settings.get("containerInsights") not in ("enabled", "enhanced"):
            yield Finding(cluster.urn, "Container Insights is off")


def _breaker(graph: Graph) -> Iterator[Finding]:
    for service in graph.all(SERVICE):
        breaker = block(service, "deploymentCircuitBreaker")
        if breaker.get("enable") is not True or breaker.get("rollback") is not True:
            yield Finding(service.urn, "a failed deployment is retried for ever instead of rolled back")


def _single_writer(graph: Graph) -> Iterator[Finding]:
    writers: dict[str, list[Resource]] = defaultdict(list)
    for service in graph.all(SERVICE):
        definition = definition_of(graph, service)
        if definition is None or not writes_files(definition):
            continue
        yield from (Finding(service.urn, wrong) for wrong in _overlaps(graph, service))
        for efs in mounts(definition):
            place = block(efs, "authorizationConfig").get("accessPointId") or efs.get("fileSystemId")
            writers[str(place)].append(service)
    for services in writers.values():
        for service in services[1:]:
            yield Finding(service.urn, f"it writes to the same directory as {services[0].name}")


def _overlaps(graph: Graph, service: Resource) -> Iterator[str]:
    """In which ways two tasks of a service could write the same database at once."""
    inputs = service.inputs
    if inputs.get("desiredCount", 1) not in (0, 1):
        yield f"it runs {inputs['desiredCount']} tasks on one database"
    if inputs.get("schedulingStrategy", "REPLICA") != "REPLICA":
        yield "it runs one task per host on one database"
    lowest, highest = inputs.get("deploymentMinimumHealthyPercent", 100), inputs.get("deploymentMaximumPercent", 200)
    if (lowest, highest) != (0, 100):
        yield f"a deployment runs old and new tasks at once ({lowest:.0f} and {highest:.0f} %, not 0 and 100)"
    if block(service, "deploymentConfiguration").get("strategy", "ROLLING") != "ROLLING":
        yield "a deployment runs old and new tasks at once (it is not rolling)"
    # Since 2025 ECS switches it on where the service does not say.
    if inputs.get("availabilityZoneRebalancing") != "DISABLED":
        yield "Availability Zone rebalancing is on, which runs a second task for a while"
    for target in graph.all(SCALING):
        name = str(target.inputs.get("resourceId")).rpartition("/")[2]
        if name == service.outputs.get("name") and target.inputs.get("maxCapacity", 2) > 1:
            yield f"it can scale to {target.inputs.get('maxCapacity')} tasks on one database"


RULES: Final = (
    Rule(
        id="ecs-no-public-address",
        row=25,
        title="Tasks have no public IP address if the VPC has other egress or a security group admits the internet.",
        verdict=Verdict.BLOCK,
        fsbp=("ECS.2",),
        checkov=("CKV_AWS_333",),
        check=_public_for_no_reason,
    ),
    Rule(
        id="ecs-address-instead-of-nat",
        row=25,
        title="Tasks reach AWS without a public IP address.",
        verdict=Verdict.ACCEPT,
        fsbp=("ECS.2",),
        checkov=("CKV_AWS_333",),
        reason="Without a NAT gateway the address is the egress; its security group admits nothing from outside.",
        price="$32.85 a NAT gateway, less $3.65 for the address",
        check=_public_to_get_out,
    ),
    Rule(
        id="subnet-no-public-address",
        row=25,
        title="No subnet assigns public IP addresses by default.",
        verdict=Verdict.BLOCK,
        fsbp=("EC2.15",),
        checkov=("CKV_AWS_130",),
        trivy=("AWS-0164",),
        check=_subnets,
    ),
    Rule(
        id="ecs-latest-platform",
        row=30,
        title="Services run on the latest Fargate platform version.",
        verdict=Verdict.BLOCK,
        fsbp=("ECS.10",),
        checkov=("CKV_AWS_332",),
        check=_platform,
    ),
    Rule(
        id="ecs-container-insights",
        row=31,
        title="A cluster has Container Insights.",
        verdict=Verdict.ACCEPT,
        fsbp=("ECS.12",),
        checkov=("CKV_AWS_65",),
        trivy=("AWS-0034",),
        reason="The services export their own metrics to Prometheus; counts of running tasks are free.",
        price="$0.30 a metric, several per service and task",
        check=_insights,
    ),
    Rule(
        id="ecs-circuit-breaker",
        row=34,
        title="A failed deployment is rolled back.",
        verdict=Verdict.BLOCK,
        check=_breaker,
    ),
    Rule(
        id="ecs-single-writer",
        row=34,
        title="A service that writes to EFS runs one task at a time, and no other writes to its directory.",
        verdict=Verdict.BLOCK,
        check=_single_writer,
    ),
)
