"""What a stack's picture shows that is not the stack's: people, other stacks, whoever signs in from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from trackstack_infra.catalog.resource_type import Family
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.picture.boxes import box_id
from trackstack_infra.picture.diagram import PEOPLE, Arrow, Box, Flow
from trackstack_infra.picture.homes import Homes
from trackstack_infra.picture.permissions import accesses

OTHER_STACKS: Final = "other_stacks"
STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"
_BUCKET: Final = re.compile(r"arn:aws:s3:::([^/*]+)")
_MADE_UNIQUE: Final = re.compile(r"-[0-9a-f]{7}$")
DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"
API: Final = "aws:apigatewayv2/api:Api"


def foreign_buckets(graph: Graph) -> dict[str, Box]:
    """Buckets of other stacks that roles of this one may use, by the ARNs in their policies."""
    own = {str(bucket.outputs.get("bucket")) for bucket in graph.all("aws:s3/bucket:Bucket")}
    found: dict[str, Box] = {}
    for access in accesses(graph):
        named = _BUCKET.match(access.resource)
        stack = _referenced_stack(access.actor, "policy")
        if named and stack and named[1] not in own:
            title = _MADE_UNIQUE.sub("", named[1])
            found[access.resource] = Box(
                box_id(stack, title), title, ("S3 bucket", f"in {stack}"), Family.DATA, outside=True
            )
    return found


def token_issuers(homes: Homes) -> Iterator[tuple[Box, Arrow]]:
    """Who issues the tokens that an API checks, where that is another stack's user pool."""
    for authorizer in homes.graph.all("aws:apigatewayv2/authorizer:Authorizer"):
        stack = _referenced_stack(authorizer, "jwtConfiguration")
        api = homes.of(next(iter(authorizer.property_dependencies.get("apiId", ())), ""))
        if stack and api:
            box = Box(box_id(stack, "users"), "users", ("Cognito", f"in {stack}"), Family.ACCESS, outside=True)
            yield box, Arrow(api, box.id, Flow.CONTROL, "checks tokens")


def people(homes: Homes) -> Iterator[tuple[Box, Arrow]]:
    """People open the site, call an API that no site stands before, sign in, and get mail."""
    box = Box(PEOPLE, "people", ("browser, phone",), Family.PEOPLE, outside=True)
    for site in homes.graph.all(DISTRIBUTION):
        yield box, Arrow(PEOPLE, homes.of(site.urn) or "", Flow.REQUEST, "HTTPS")
    forwarded = {urn for site in homes.graph.all(DISTRIBUTION) for urn in site.property_dependencies.get("origins", ())}
    for api in homes.graph.all(API):
        if api.urn not in forwarded:
            yield box, Arrow(PEOPLE, homes.of(api.urn) or "", Flow.REQUEST, "HTTPS")
    for pool in homes.graph.all("aws:cognito/userPool:UserPool"):
        yield box, Arrow(PEOPLE, homes.of(pool.urn) or "", Flow.CONTROL, "sign in")
    for subscription in homes.graph.all("aws:sns/topicSubscription:TopicSubscription"):
        if subscription.inputs.get("protocol") == "email":
            for urn in subscription.property_dependencies.get("topic", ()):
                yield box, Arrow(PEOPLE, homes.of(urn) or "", Flow.EVENT, "mail", forward=False, backward=True)


def strangers(homes: Homes) -> Iterator[tuple[Box, Arrow]]:
    """Those who sign in with another provider's tokens, such as a CI service."""
    for provider in homes.graph.all("aws:iam/openIdConnectProvider:OpenIdConnectProvider"):
        host = urlsplit(str(provider.inputs.get("url"))).hostname or "elsewhere"
        title = "GitHub Actions" if host.endswith("actions.githubusercontent.com") else host
        box = Box(box_id("outside", title), title, ("deploys",), Family.PEOPLE, outside=True)
        yield box, Arrow(box.id, homes.of(provider.urn) or "", Flow.CONTROL, "takes a role")


def other_stacks(homes: Homes) -> Iterator[tuple[Box, Arrow]]:
    """Where a stack reads from no other, it is the one that others read from: what it exports, they use."""
    graph = homes.graph
    if any(
        STACK_REFERENCE in urn
        for each in graph.resources
        for urns in each.property_dependencies.values()
        for urn in urns
    ):
        return
    exported = set(_texts(dict(graph.outputs)))
    box = Box(OTHER_STACKS, "other stacks", ("read its outputs",), Family.PEOPLE, outside=True)
    for part in homes.members:
        for resource in homes.drawn(part):
            if exported & {str(value) for value in resource.outputs.values()}:
                yield box, Arrow(OTHER_STACKS, part, Flow.DATA, "use")


def _referenced_stack(resource: Resource, property_: str) -> str | None:
    """The stack whose outputs a property holds."""
    urns = resource.property_dependencies.get(property_, ())
    return next((urn.rpartition("/")[2] for urn in urns if STACK_REFERENCE in urn), None)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
