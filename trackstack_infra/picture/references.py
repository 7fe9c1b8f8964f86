"""Arrows that references draw: an integration from the API to its target, a subscription from the topic to a queue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trackstack_infra.graph import Resource
from trackstack_infra.picture.diagram import Arrow, Flow
from trackstack_infra.picture.homes import Homes

ITSELF: Final = ""


@dataclass(frozen=True)
class LinkRule:
    """A resource of this type makes an arrow from what one property references to what another does."""

    type: str
    user: str
    used: str
    flow: Flow
    label: str = ""
    forward: bool = True
    backward: bool = False
    only: str = ""
    """Of the references of `used` those to this type alone."""


RULES: Final = (
    LinkRule("aws:cloudfront/distribution:Distribution", ITSELF, "origins", Flow.REQUEST),
    LinkRule("aws:apigatewayv2/integration:Integration", "apiId", "integrationUri", Flow.REQUEST),
    LinkRule("aws:ecs/service:Service", "loadBalancers", ITSELF, Flow.REQUEST),
    LinkRule("aws:ecs/service:Service", "serviceRegistries", ITSELF, Flow.REQUEST),
    LinkRule("aws:sns/topicSubscription:TopicSubscription", "endpoint", "topic", Flow.EVENT, "", False, True),
    LinkRule(
        "aws:lambda/eventSourceMapping:EventSourceMapping", "functionName", "eventSourceArn", Flow.EVENT, "",
        False, True,
    ),
    LinkRule("aws:cloudwatch/eventTarget:EventTarget", "rule", "arn", Flow.EVENT),
    LinkRule("aws:scheduler/schedule:Schedule", ITSELF, "target", Flow.EVENT),
    LinkRule("aws:cloudwatch/metricAlarm:MetricAlarm", ITSELF, "alarmActions", Flow.EVENT, "alarm"),
    LinkRule("aws:budgets/budget:Budget", ITSELF, "notifications", Flow.EVENT, "warns"),
    LinkRule("aws:efs/accessPoint:AccessPoint", ITSELF, "fileSystemId", Flow.DATA, "files", True, True),
    LinkRule(
        "aws:ecs/taskDefinition:TaskDefinition", ITSELF, "containerDefinitions", Flow.DATA, "SQL", True, True,
        only="aws:rds/instance:Instance",
    ),
)  # fmt: skip


def arrows_of_references(homes: Homes) -> Iterator[Arrow]:
    """Between parts, by their URNs; a part may point at itself, or at one that has no box."""
    for rule in RULES:
        for resource in homes.graph.all(rule.type):
            for user in _ends(homes, resource, rule.user):
                for used in _ends(homes, resource, rule.used, rule.only):
                    yield Arrow(user, used, rule.flow, rule.label, rule.forward, rule.backward)


def _ends(homes: Homes, resource: Resource, property_: str, only: str = "") -> tuple[str, ...]:
    urns = resource.property_dependencies.get(property_, ()) if property_ else (resource.urn,)
    parts = (homes.of(urn) for urn in urns if urn.split("::")[2:3] and (not only or only in urn))
    return tuple(dict.fromkeys(part for part in parts if part))
