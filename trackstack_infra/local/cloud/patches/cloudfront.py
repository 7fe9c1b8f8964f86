"""CloudFront: moto forgets which access control signs what an origin is asked; the router signs by it."""

from collections.abc import Callable
from typing import Any

from moto.cloudfront.models import Origin

from trackstack_infra.local.cloud.patches.patching import around


def apply() -> None:
    around(Origin, "__init__", _make)


def _make(original: Callable[..., None], self: Any, origin: dict[str, Any]) -> None:
    original(self, origin)
    self.origin_access_control_id = origin.get("OriginAccessControlId") or ""
