"""RDS: moto loses a subnet group when it is modified."""

from collections.abc import Callable
from typing import Any

from moto.rds.models import DBSubnetGroup, RDSBackend

from trackstack_infra.local.cloud.patches.patching import around


def apply() -> None:
    around(RDSBackend, "modify_db_subnet_group", _modify)


def _modify(original: Callable[..., DBSubnetGroup], self: Any, subnet_name: str, *rest: Any) -> DBSubnetGroup:
    self.subnet_groups[subnet_name] = modified = original(self, subnet_name, *rest)
    return modified
