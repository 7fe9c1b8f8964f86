"""What moto 5.2.5 lacks or forgets and the stacks need: one file per AWS service, each saying why.

They reach into private names, hence moto's exact pin, and a canary test per patch that fails when moto has caught up.
"""

import importlib
from threading import Lock

_SERVICES = ("apigatewayv2", "awslambda", "cloudfront", "cognitoidp", "ecs", "efs", "s3", "sqs")
_lock = Lock()
_applied: list[str] = []


def apply() -> None:
    """Patch moto, once a process."""
    with _lock:
        for service in _SERVICES:
            if service not in _applied:
                importlib.import_module(f"{__name__}.{service}").apply()
                _applied.append(service)
