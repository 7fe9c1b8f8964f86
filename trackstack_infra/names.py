"""Physical names and tags: pure functions, because a name that changes replaces what it names.

Logs, dashboards, the orphan sweep and a person in the AWS console rely on them; tests/infra/test_names.py freezes them.
"""

from enum import StrEnum
from typing import Final

PROJECT: Final = "trackstack"
FOUNDATION: Final = "foundation"
PRAGMATIC: Final = "pragmatic"
ENTERPRISE: Final = "enterprise"
STACKS: Final = (FOUNDATION, PRAGMATIC, ENTERPRISE)
DOMAINS: Final = ("expenses", "gym", "heating")
SHARED: Final = "shared"  # the value of the tag `domain` where a resource serves several


class Layer(StrEnum):
    """How long a resource stays: as long as its stack, or only while the stack's power is on."""

    PERSISTENT = "persistent"
    RUNTIME = "runtime"


def physical(stack: str, *parts: str) -> str:
    """`ts-<stack>-<part>…`; without a part it is the name of the stack's one cluster, load balancer or API."""
    return "-".join(("ts", stack, *parts))


def log_group(stack: str, service: str) -> str:
    """The log group of one ECS service."""
    return f"/ts/{stack}/{service}"


def lambda_log_group(function: str) -> str:
    """The log group Lambda writes to, whatever one would rather call it."""
    return f"/aws/lambda/{function}"


def tags(stack: str, *, layer: Layer, component: str, domain: str = SHARED) -> dict[str, str]:
    """The tags of every resource that can have tags; costs are split and orphans are found by them."""
    return {"project": PROJECT, "stack": stack, "layer": layer.value, "component": component, "domain": domain}
