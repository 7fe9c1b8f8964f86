"""The rules, by what they are about. Every one is listed in docs/policy.md, which is generated from them."""

from typing import Final

from trackstack_infra.policy.model import Rule
from trackstack_infra.policy.rules import keeping, storage

RULES: Final[tuple[Rule, ...]] = (
    *storage.RULES,
    *keeping.RULES,
)
