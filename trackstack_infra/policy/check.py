"""Holds the rules against a graph: what breaks one, what is accepted, suppressed, or suppressed for too long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from trackstack_infra.graph import Graph
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import component_of
from trackstack_infra.policy.suppressions import Suppression, Suppressions


@dataclass(frozen=True)
class Violation:
    """A finding in its place."""

    rule: Rule
    urn: str
    component: str
    resource: str
    """Its logical name."""
    message: str


@dataclass(frozen=True)
class Accepted:
    """A rule that is left open on purpose, and the resources it is open for."""

    rule: Rule
    found: tuple[Violation, ...]


@dataclass(frozen=True)
class Suppressed:
    """A violation that policy.yaml suppresses for now."""

    violation: Violation
    suppression: Suppression


@dataclass(frozen=True)
class Report:
    """What a stack's graph says about the rules; each part sorted by component, resource and rule."""

    stack: str
    rules: tuple[Rule, ...]
    violations: tuple[Violation, ...]
    accepted: tuple[Accepted, ...]
    suppressed: tuple[Suppressed, ...]
    expired: tuple[Suppression, ...]
    """Suppressions whose last day is over: they cover nothing, and fail by themselves."""
    unused: tuple[Suppression, ...]
    """Suppressions that cover nothing, as no resource breaks that rule any more."""

    @property
    def passes(self) -> bool:
        """Whether nothing blocks the stack."""
        return not self.violations and not self.expired

    @property
    def violated(self) -> int:
        """How many rules are violated."""
        return len({each.rule.id for each in self.violations})


def check(graph: Graph, rules: Sequence[Rule], suppressions: Suppressions, today: date) -> Report:
    """Hold every rule against the graph, which must be recorded with fabricated outputs."""
    ours = suppressions.of(graph.stack)
    valid = [each for each in ours if not each.expired(today)]
    used: set[Suppression] = set()
    violations: list[Violation] = []
    suppressed: list[Suppressed] = []
    accepted: list[Accepted] = []
    for rule in rules:
        found = _in_place(graph, rule, rule.check(graph))
        if rule.verdict is Verdict.ACCEPT:
            accepted += [Accepted(rule, found)] if found else []
            continue
        for each in found:
            covering = [one for one in valid if one.covers(rule.id, graph.stack, each.resource)]
            used.update(covering)
            if covering:
                suppressed.append(Suppressed(each, covering[0]))
            else:
                violations.append(each)
    return Report(
        stack=graph.stack,
        rules=tuple(rules),
        violations=tuple(sorted(violations, key=_order)),
        accepted=tuple(sorted(accepted, key=lambda each: (each.rule.row, each.rule.id))),
        suppressed=tuple(sorted(suppressed, key=lambda each: _order(each.violation))),
        expired=tuple(each for each in ours if each.expired(today)),
        unused=tuple(each for each in valid if each not in used),
    )


def _in_place(graph: Graph, rule: Rule, findings: Iterable[Finding]) -> tuple[Violation, ...]:
    found = {
        Violation(rule, each.urn, component_of(graph, each.urn), graph[each.urn].name, each.message)
        for each in findings
    }
    return tuple(sorted(found, key=_order))


def _order(violation: Violation) -> tuple[str, str, str, int, str]:
    rule = violation.rule
    return violation.component, violation.resource, violation.urn, rule.row, f"{rule.id} {violation.message}"
