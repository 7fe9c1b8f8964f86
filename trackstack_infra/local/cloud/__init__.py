"""The stand-in for AWS on this computer (docs/local.md).

Importing this is cheap; moto comes with `Cloud`, after its settings are in the environment.
"""

import os
from typing import TYPE_CHECKING, Any

from trackstack_infra.local.cloud.environment import ACCOUNT, prepare
from trackstack_infra.local.cloud.runner import InvocationResult, LambdaRunner

if TYPE_CHECKING:
    from trackstack_infra.local.cloud.cloud import Cloud

__all__ = ["ACCOUNT", "Cloud", "InvocationResult", "LambdaRunner"]


def __getattr__(name: str) -> Any:
    if name != "Cloud":
        raise AttributeError(name)
    prepare(os.environ)
    from trackstack_infra.local.cloud.cloud import Cloud

    return Cloud
