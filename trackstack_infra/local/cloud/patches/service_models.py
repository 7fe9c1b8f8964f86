"""botocore's descriptions of AWS's services: megabytes of JSON each, of which EC2's alone takes 0.3 s to read.

moto keeps one reading of each for its own use, and reads it again, EC2's three times, for the regions a service is in:
an eighth of all CPU seconds of the local cloud while a first `up` runs.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.session import Session
from moto.core import utils

from trackstack_infra.local.cloud.patches.patching import around


def apply_first() -> None:
    utils._load_service_model = cache(utils._load_service_model)
    around(Session, "get_service_data", _data_that_moto_has)


def _data_that_moto_has(original: Callable[..., Any], self: Session, service_name: str, *versions: Any) -> Any:
    return original(self, service_name, *versions) if versions else utils._load_service_model(service_name, "service-2")
