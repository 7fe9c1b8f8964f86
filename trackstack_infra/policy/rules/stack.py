"""Rules for whole stacks (rows 63, 64 and from 68): the monitoring host, tags, names, regions, layers and secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from trackstack_infra import names
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.values import revealed
from trackstack_infra.names import Layer
from trackstack_infra.policy.literals import secrets_in
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.naming import ENGINE_NAMED, NAMED, UNTAGGED
from trackstack_infra.policy.relations import blocks, refers

HOST: Final = "aws:lightsail/instance:Instance"
PORTS: Final = "aws:lightsail/instancePublicPorts:InstancePublicPorts"
HTTPS: Final = 443
TAGS: Final = ("project", "stack", "layer", "component", "domain")
# Those whose prices are in the price snapshot.
REGIONS: Final = frozenset({"us-east-1", "eu-west-1", "eu-central-1"})
# CloudFront takes certificates from there only, wherever the stack is.
EVERYWHERE: Final = {
    "aws:acm/certificate:Certificate": "us-east-1",
    "aws:acm/certificateValidation:CertificateValidation": "us-east-1",
}
_REGION: Final = re.compile(r"\b[a-z]{2}(?:-[a-z]+){1,2}-\d(?=[a-f]?\b)")


def _open_ports(graph: Graph) -> Iterator[Finding]:
    closed = [revealed(each.inputs.get("instanceName")) for each in graph.all(PORTS)]
    for host in graph.all(HOST):
        if not any(refers(one, host) for one in closed):
            yield Finding(host.urn, "it has Lightsail's default ports: 22 and 80 are open to the internet")
    for each in graph.all(PORTS):
        for port in blocks(each, "portInfos"):
            if (port.get("protocol"), port.get("fromPort"), port.get("toPort")) != ("tcp", HTTPS, HTTPS):
                ports = f"{port.get('protocol')} {port.get('fromPort')} to {port.get('toPort')}"
                yield Finding(each.urn, f"it opens {ports} to the internet")


def _aws(graph: Graph) -> Iterator[Resource]:
    return (each for each in graph.resources if each.custom and each.type.startswith("aws:"))


def _tags(graph: Graph) -> Iterator[Finding]:
    for each in _aws(graph):
        if each.type in UNTAGGED:
            continue
        tags = revealed(each.inputs.get("tags")) or {}
        missing = [key for key in TAGS if not tags.get(key)]
        if missing:
            yield Finding(each.urn, f"it has no tag {', '.join(missing)}")
            continue
        if (tags["project"], tags["stack"]) != (names.PROJECT, graph.stack):
            yield Finding(each.urn, f"its tags say that it belongs to {tags['project']}, {tags['stack']}")
        if tags["layer"] not in set(Layer):
            yield Finding(each.urn, f"its tag layer is {tags['layer']!r}, which is not a layer")
        if tags["domain"] not in (*names.DOMAINS, names.SHARED):
            yield Finding(each.urn, f"its tag domain is {tags['domain']!r}, which is not a domain")


def _regions(graph: Graph) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for each in graph.resources:
        for region in _named_regions(each):
            if EVERYWHERE.get(each.type) == region:
                continue
            seen.setdefault(region, each.urn)
            if region not in REGIONS:
                yield Finding(each.urn, f"it is in {region}, which is not among {', '.join(sorted(REGIONS))}")
    if len(seen) > 1:
        for region, urn in sorted(seen.items()):
            yield Finding(urn, f"the stack is in {', '.join(sorted(seen))}; this one is in {region}")


def _named_regions(each: Resource) -> set[str]:
    keys = ("region", "availabilityZone", "serviceName")
    return {
        found
        for key in keys
        if isinstance(revealed(each.inputs.get(key)), str)
        for found in _REGION.findall(revealed(each.inputs[key]))
    }


def _names(graph: Graph) -> Iterator[Finding]:
    wanted = re.compile(rf"(?:/ts/|/aws/lambda/ts-|/trackstack/|ts-){re.escape(graph.stack)}(?![a-z0-9])")
    for each in _aws(graph):
        key = NAMED.get(each.type)
        if key is not None:
            name = revealed(each.inputs.get(key))
            if not isinstance(name, str) or not wanted.match(name):
                yield Finding(each.urn, f"its name {name!r} does not name ts-{graph.stack}")
        elif each.type in ENGINE_NAMED and each.inputs.get(ENGINE_NAMED[each.type]):
            yield Finding(each.urn, "its name is fixed, but must be globally unique")


def _secrets(graph: Graph) -> Iterator[Finding]:
    for each in graph.resources:
        if each.custom:
            for where in secrets_in({key: value for key, value in each.inputs.items() if key != "tags"}):
                yield Finding(each.urn, f"{where} holds a secret in clear text")


RULES: Final = (
    Rule(
        id="lightsail-ports",
        row=63,
        title="The monitoring host opens only port 443.",
        verdict=Verdict.BLOCK,
        check=_open_ports,
    ),
    Rule(
        id="stack-tags",
        row=64,
        title="Every resource has the tags project, stack, layer, component and domain.",
        verdict=Verdict.BLOCK,
        check=_tags,
    ),
    Rule(
        id="stack-region",
        row=64,
        title="A stack is in one region with known prices; only CloudFront certificates are elsewhere.",
        verdict=Verdict.BLOCK,
        check=_regions,
    ),
    Rule(
        id="stack-names",
        row=64,
        title="Names hold project and stack (`ts-<stack>-…`); the engine chooses globally unique ones.",
        verdict=Verdict.BLOCK,
        check=_names,
    ),
    Rule(
        id="stack-no-secrets",
        row=64,
        title="No property holds a secret in clear text.",
        verdict=Verdict.BLOCK,
        check=_secrets,
    ),
)
