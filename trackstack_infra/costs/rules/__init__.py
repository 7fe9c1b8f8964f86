"""How each resource type is billed: a file a kind of service, a function a type; and what is free, with the reason."""

from collections.abc import Mapping

from trackstack_infra.costs.rules import compute, network
from trackstack_infra.costs.rules.rule import Rule, Scene

__all__ = ["FREE", "RULES", "Rule", "Scene"]

_FILES = (compute, network)

RULES: Mapping[str, Rule] = {type_: rule for file in _FILES for type_, rule in file.RULES.items()}
FREE: Mapping[str, str] = {type_: why for file in _FILES for type_, why in file.FREE.items()}
