"""EC2: moto reads which instance types each zone of each region offers, which takes 0.4 s and 36 MB; no stack asks.

It does so while it is imported, so this comes before that.
"""

from collections.abc import Callable
from typing import Any

from moto.utilities import utils

from trackstack_infra.local.cloud.patches.patching import around


def apply() -> None:
    around(utils, "load_resource", _load)


def _load(original: Callable[..., Any], path: Any) -> Any:
    return [] if "instance_type_offerings" in str(path) else original(path)
