"""Rules for networks (rows 54 to 57): who may reach whom, and that it is written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.values import contains, revealed
from trackstack_infra.policy.architecture import is_scheduled
from trackstack_infra.policy.documents import as_list
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import blocks, refers, settings_of

VPC: Final = "aws:ec2/vpc:Vpc"
GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUPS: Final = ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",)
FLOW_LOGS: Final = ("aws:ec2/flowLog:FlowLog",)
INGRESS: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"  # the elder form, for both directions
_RULES: Final = (INGRESS, EGRESS, RULE)
HTTPS: Final = 443
_PRIVATE: Final = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
_NO_DESCRIPTION: Final = ("", "Managed by Pulumi")


@dataclass(frozen=True)
class _Opening:
    """One rule of a security group, however the program writes it."""

    resource: Resource
    inbound: bool
    blocks: tuple[str, ...]
    protocol: str
    ports: tuple[Any, Any]
    description: str

    @property
    def public(self) -> tuple[str, ...]:
        """The address blocks that are not of a private network."""
        return tuple(each for each in self.blocks if not _is_private(each))


def _openings(graph: Graph) -> Iterator[_Opening]:
    for each in graph.all(INGRESS) + graph.all(EGRESS):
        yield _opening(each, each.inputs, inbound=each.type == INGRESS, protocol="ipProtocol")
    for each in graph.all(RULE):
        yield _opening(each, each.inputs, inbound=each.inputs.get("type") == "ingress", protocol="protocol")
    for type_ in (GROUP, *DEFAULT_GROUPS):
        for each in graph.all(type_):
            for key in ("ingress", "egress"):
                for part in blocks(each, key):
                    yield _opening(each, part, inbound=key == "ingress", protocol="protocol")


def _opening(resource: Resource, part: Any, *, inbound: bool, protocol: str) -> _Opening:
    given = [
        revealed(address)
        for key in ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")
        for address in as_list(revealed(part.get(key)))
    ]
    return _Opening(
        resource=resource,
        inbound=inbound,
        blocks=tuple(each for each in given if isinstance(each, str)),
        protocol=str(part.get(protocol)),
        ports=(part.get("fromPort"), part.get("toPort")),
        description=str(part.get("description") or ""),
    )


def _is_private(block: str) -> bool:
    """Python's own `is_private` counts 0.0.0.0/0, of which both ends are reserved, as private."""
    try:
        network = ip_network(block)
    except ValueError:
        return False
    return any(
        network.subnet_of(private)  # type: ignore[arg-type]  # of the same version
        for private in _PRIVATE
        if network.version == private.version
    )


def _default_group(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(VPC):
        groups = settings_of(graph, DEFAULT_GROUPS, "vpcId", each)
        if not groups:
            yield Finding(each.urn, "its default security group allows traffic among its members and all egress")
        for group in groups:
            if group.inputs.get("ingress") or group.inputs.get("egress"):
                yield Finding(group.urn, "it is a default security group, but allows traffic")


def _nothing_public_in(graph: Graph) -> Iterator[Finding]:
    for each in _openings(graph):
        if each.inbound and each.public:
            yield Finding(each.resource.urn, f"it allows ingress from {', '.join(each.public)}")


def _described(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(GROUP):
        if each.inputs.get("description", "") in _NO_DESCRIPTION:
            yield Finding(each.urn, "it has no description")
    for opening in _openings(graph):
        if not opening.description:
            yield Finding(opening.resource.urn, "a rule of it has no description")


def _used(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(GROUP):
        if not any(_names(other, each) for other in graph.resources if other.type not in _RULES and other != each):
            passes = [rule for rule in graph.all(INGRESS) + graph.all(EGRESS) + graph.all(RULE) if _joins(rule, each)]
            if not passes:
                yield Finding(each.urn, "it has no members, and no rule of another group names it")


def _names(other: Resource, group: Resource) -> bool:
    return contains(dict(other.inputs), lambda part: refers(part, group))


def _joins(rule: Resource, group: Resource) -> bool:
    """Whether a rule of another group names this one: its members come with the power."""
    keys = ("referencedSecurityGroupId", "sourceSecurityGroupId")
    return any(refers(revealed(rule.inputs.get(key)), group) for key in keys)


def _egress_ports(graph: Graph) -> Iterator[Finding]:
    for each in _openings(graph):
        if each.inbound:
            continue
        if each.protocol in ("-1", "all"):
            yield Finding(each.resource.urn, "it allows egress on every port")
        elif each.ports[0] != each.ports[1]:
            yield Finding(each.resource.urn, f"it allows egress on ports {each.ports[0]} to {each.ports[1]}")
        elif each.public and each.ports[0] != HTTPS:
            yield Finding(each.resource.urn, f"it allows egress on port {each.ports[0]} to {', '.join(each.public)}")


def _egress_anywhere(graph: Graph) -> Iterator[Finding]:
    for each in _openings(graph):
        if not each.inbound and each.public:
            yield Finding(each.resource.urn, f"it allows HTTPS egress to {', '.join(each.public)}")


def _not_logged(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(VPC):
        logs = settings_of(graph, FLOW_LOGS, "vpcId", each)
        if not any(log.inputs.get("trafficType", "ALL") == "ALL" for log in logs):
            yield Finding(each.urn, "it has no flow log")


def _in(*, scheduled: bool, check: Any) -> Any:
    """The check, for scheduled stacks or for those always on."""
    return lambda graph: check(graph) if is_scheduled(graph) is scheduled else ()


RULES: Final = (
    Rule(
        id="vpc-default-group-closed",
        row=54,
        title="A VPC's default security group allows no traffic.",
        verdict=Verdict.BLOCK,
        fsbp=("EC2.2",),
        checkov=("CKV2_AWS_12",),
        trivy=("AWS-0173",),
        check=_default_group,
    ),
    Rule(
        id="sg-nothing-public-in",
        row=55,
        title="No security group allows ingress from public addresses, except by AWS's prefix list of CloudFront.",
        verdict=Verdict.BLOCK,
        fsbp=("EC2.13", "EC2.18", "EC2.19"),
        checkov=("CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277"),
        trivy=("AWS-0107",),
        check=_nothing_public_in,
    ),
    Rule(
        id="sg-described",
        row=55,
        title="Every security group and each of its rules has a description.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_23",),
        trivy=("AWS-0099", "AWS-0124"),
        check=_described,
    ),
    Rule(
        id="sg-used",
        row=55,
        title="Every security group has members, or a rule of another group names it.",
        verdict=Verdict.BLOCK,
        checkov=("CKV2_AWS_5",),
        check=_used,
    ),
    Rule(
        id="sg-egress-ports",
        row=56,
        title="An egress rule allows one port, and to public addresses only HTTPS.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_382",),
        check=_egress_ports,
    ),
    Rule(
        id="sg-egress-named",
        row=56,
        title="A security group allows egress only to named addresses.",
        verdict=Verdict.ACCEPT,
        trivy=("AWS-0104",),
        reason="AWS APIs have no fixed addresses; only interface endpoints would give them private ones.",
        price="$7.30 per endpoint and zone, for about six endpoints",
        check=_egress_anywhere,
    ),
    Rule(
        id="vpc-flow-log",
        row=57,
        title="Enterprise's VPC has a flow log, kept for three days.",
        verdict=Verdict.BLOCK,
        fsbp=("EC2.6",),
        checkov=("CKV2_AWS_11",),
        trivy=("AWS-0178",),
        check=_in(scheduled=True, check=_not_logged),
    ),
    Rule(
        id="vpc-flow-log-pragmatic",
        row=57,
        title="Pragmatic's VPC has a flow log.",
        verdict=Verdict.ACCEPT,
        fsbp=("EC2.6",),
        checkov=("CKV2_AWS_11",),
        trivy=("AWS-0178",),
        reason="It holds one task, which admits nothing from the internet; API and app log all calls.",
        price="$0.50 a GB",
        check=_in(scheduled=False, check=_not_logged),
    ),
)
