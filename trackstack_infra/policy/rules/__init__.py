"""The rules, by what they are about. Every one is listed in docs/policy.md, which is generated from them."""

from typing import Final

from trackstack_infra.policy.model import Rule
from trackstack_infra.policy.rules import (
    edge,
    files,
    functions,
    gateway,
    identity,
    images,
    keeping,
    layers,
    logs,
    machines,
    messages,
    network,
    services,
    stack,
    storage,
    tasks,
)

RULES: Final[tuple[Rule, ...]] = (
    *storage.RULES,
    *keeping.RULES,
    *edge.RULES,
    *images.RULES,
    *tasks.RULES,
    *services.RULES,
    *files.RULES,
    *messages.RULES,
    *functions.RULES,
    *gateway.RULES,
    *network.RULES,
    *identity.RULES,
    *logs.RULES,
    *stack.RULES,
    *machines.RULES,
    *layers.RULES,
)
