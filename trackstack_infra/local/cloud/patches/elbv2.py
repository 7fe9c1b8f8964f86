"""ELB: moto knows a target by its address alone, and here every task has the same one, each on its own port."""

from collections.abc import Callable, Mapping
from typing import Any

from moto.elbv2.exceptions import InvalidTargetError
from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup

from trackstack_infra.local.cloud.patches.patching import around

Target = Mapping[str, Any]


def apply() -> None:
    around(FakeTargetGroup, "register", _register)
    around(FakeTargetGroup, "deregister", _deregister)
    around(FakeTargetGroup, "health_for", _health)


def _key(group: Any, target: Target) -> str:
    return f"{target['Id']}:{target.get('Port', group.port)}"


def _register(original: Callable[..., None], self: Any, targets: list[Target]) -> None:
    for target in targets:
        self.targets[_key(self, target)] = {"Id": target["Id"], "Port": target.get("Port", self.port)}
        self.deregistered_targets.pop(target["Id"], None)


def _deregister(original: Callable[..., None], self: Any, targets: list[Target]) -> None:
    for target in targets:
        # Without a port AWS takes the address out on all of them.
        keys = [
            key
            for key, known in self.targets.items()
            if known["Id"] == target["Id"] and target.get("Port") in (None, known["Port"])
        ]
        if not keys:
            raise InvalidTargetError()
        for key in keys:
            self.deregistered_targets[target["Id"]] = self.targets.pop(key)


def _health(original: Callable[..., FakeHealthStatus], self: Any, target: Target, backend: Any) -> FakeHealthStatus:
    known = self.targets.get(_key(self, target))
    if known is None:
        return original(self, target, backend)
    return FakeHealthStatus(known["Id"], known["Port"], self.health_check_port, "healthy")
