"""A rule: what is required of every stack, whether breaking it blocks, and what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from trackstack_infra.graph import Graph


class Verdict(StrEnum):
    """What follows when a resource does not hold a rule."""

    BLOCK = "block"
    ACCEPT = "accept"


@dataclass(frozen=True)
class Finding:
    """A resource that does not hold a rule, and what is wrong with it, in a sentence."""

    urn: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One requirement. `check` reads a graph recorded with fabricated outputs, and finds what breaks the rule."""

    id: str
    """Kebab case, such as `s3-tls-only`; stable for ever, because suppressions name it."""
    row: int
    """Its place in the table of docs/policy.md, which is generated from the rules."""
    title: str
    """What is required, in one sentence."""
    verdict: Verdict
    fsbp: tuple[str, ...] = ()
    """Controls of AWS Foundational Security Best Practices that ask for the same."""
    checkov: tuple[str, ...] = ()
    trivy: tuple[str, ...] = ()
    reason: str = ""
    """Accepted only: why it is left open."""
    price: str = ""
    """Accepted only: what closing it would cost a month, such as `$1.00 a key`."""
    check: Callable[[Graph], Iterable[Finding]]
