"""How each resource type is billed: a file a kind of service, a function a type; and why the free ones are free.

Why is the catalog's. A type may be in both: then the reason holds where its rule finds nothing to bill.
"""

from collections.abc import Mapping

from trackstack_infra.catalog import CATALOG
from trackstack_infra.costs.rules import (
    balancers,
    compute,
    data,
    dns,
    edge,
    logs_and_alarms,
    messages,
    network,
    people,
    storage,
    tasks,
)
from trackstack_infra.costs.rules.rule import BillingContext, Rule

__all__ = ["FREE", "RULES", "BillingContext", "Rule"]

_FILES = (balancers, compute, data, dns, edge, logs_and_alarms, messages, network, people, storage, tasks)

RULES: Mapping[str, Rule] = {type_: rule for file in _FILES for type_, rule in file.RULES.items()}
FREE: Mapping[str, str] = {token: each.free for token, each in CATALOG.items() if each.free}
