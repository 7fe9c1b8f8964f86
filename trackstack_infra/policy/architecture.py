"""What a stack's own architecture lets rules ask of it."""

from __future__ import annotations

from trackstack_infra.graph import Graph


def is_scheduled(graph: Graph) -> bool:
    """Whether the stack runs some hours a week only, so that what is billed by the hour must be able to go."""
    return graph.stack == "enterprise"


def has_domain(graph: Graph) -> bool:
    """Whether the stack has a name of its own, hence a certificate."""
    return bool(graph.all("aws:acm/certificate:Certificate"))
