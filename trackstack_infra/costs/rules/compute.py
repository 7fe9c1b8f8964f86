"""Tasks, functions and instances."""

from trackstack_infra.costs.rules.rule import Rule

RULES: dict[str, Rule] = {}
FREE: dict[str, str] = {}
