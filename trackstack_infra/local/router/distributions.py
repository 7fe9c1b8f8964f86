"""CloudFront distributions: behaviours, origins, error pages, and who may read a bucket. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from trackstack_infra.local.router.globs import matches

SERVICE = "cloudfront.amazonaws.com"


@dataclass(frozen=True)
class Origin:
    """Where content comes from: a bucket (`bucket` is set), or a host."""

    id: str
    host: str
    path: str
    bucket: str | None
    signed: bool
    """Whether an origin access control signs the requests to the bucket."""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    """Sent with every request, in place of what the viewer sent under these names."""


@dataclass(frozen=True)
class Behaviour:
    """What is done with the paths that fit the pattern."""

    pattern: str
    origin: str
    methods: frozenset[str]
    headers_policy: str
    request_policy: str = ""
    function: str = ""
    """The source of the function that sees each request first."""


class AddedHeader(NamedTuple):
    """A header of a response-headers policy."""

    name: bytes
    value: bytes
    override: bool = True
    """Whether it wins over the origin's."""


@dataclass(frozen=True)
class ErrorPage:
    """What is shown instead of an error of the origin."""

    path: str
    status: int


@dataclass(frozen=True)
class Distribution:
    """One distribution; the default behaviour is the last one."""

    id: str
    arn: str
    name: str
    stack: str
    host: str
    enabled: bool
    root_object: str
    behaviours: tuple[Behaviour, ...]
    origins: Mapping[str, Origin]
    error_pages: Mapping[int, ErrorPage]
    header_policies: Mapping[str, Sequence[AddedHeader]] = field(default_factory=dict)
    """The account's own, by id."""
    aliases: tuple[str, ...] = ()
    """Its own names, the first of which people know it by."""

    def added_headers(self, behaviour: "Behaviour") -> Sequence[AddedHeader]:
        """What is added to the answers of a behaviour."""
        policy = behaviour.headers_policy
        return self.header_policies.get(policy) or MANAGED_HEADERS.get(policy, ())

    def behaviour(self, path: str) -> Behaviour:
        """The first whose pattern fits; with or without its leading slash, it is the same."""
        for behaviour in self.behaviours:
            if matches("/" + behaviour.pattern.removeprefix("/"), path):
                return behaviour
        return self.behaviours[-1]


# AWS's managed policies, by id: what they add to a response.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
MANAGED_HEADERS: Mapping[str, Sequence[AddedHeader]] = {
    "67f7725c-6f97-4210-82d7-5512b31e9d03": (  # SecurityHeadersPolicy
        AddedHeader(b"referrer-policy", b"strict-origin-when-cross-origin"),
        AddedHeader(b"strict-transport-security", b"max-age=31536000"),
        AddedHeader(b"x-content-type-options", b"nosniff"),
        AddedHeader(b"x-frame-options", b"SAMEORIGIN"),
        AddedHeader(b"x-xss-protection", b"1; mode=block"),
    ),
}

# AWS's managed policies that pass on everything a viewer sent: AllViewer, and AllViewerExceptHostHeader.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
PASSING_ALL = frozenset({"216adef6-5c7f-47e4-b989-5492eafa07d3", "b689b0a8-53d0-40ab-baf2-38738e2966ac"})


def bucket_allows(policy: str | None, action: str, resource: str, distribution: str) -> bool:
    """Whether a bucket's policy lets a distribution (by its ARN) do `action` on `resource` (an ARN)."""
    if policy is None:
        return False
    statements = _listed(json.loads(policy).get("Statement", []))
    fitting = [statement for statement in statements if _fits(statement, action, resource, distribution)]
    return any(statement["Effect"] == "Allow" for statement in fitting) and not any(
        statement["Effect"] == "Deny" for statement in fitting
    )


def _fits(statement: Mapping[str, Any], action: str, resource: str, distribution: str) -> bool:
    principal = statement.get("Principal", {})
    services = [principal] if isinstance(principal, str) else _listed(principal.get("Service", []))
    return (
        any(service in (SERVICE, "*") for service in services)
        and any(matches(pattern, action, ignore_case=True) for pattern in _listed(statement.get("Action", [])))
        and any(matches(pattern, resource) for pattern in _listed(statement.get("Resource", [])))
        and all(_condition_holds(kind, tests, distribution) for kind, tests in statement.get("Condition", {}).items())
    )


def _condition_holds(kind: str, tests: Mapping[str, Any], distribution: str) -> bool:
    """The keys a CDN request has: its distribution's ARN, and TLS, which CloudFront always uses towards S3."""
    facts = {"aws:sourcearn": distribution, "aws:securetransport": "true"}
    for key, expected in tests.items():
        actual = facts.get(key.lower())
        if actual is None:
            return False
        wanted = [str(value).lower() if kind == "Bool" else str(value) for value in _listed(expected)]
        if not any(matches(value, actual) if kind.endswith("Like") else value == actual for value in wanted):
            return False
    return True


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
