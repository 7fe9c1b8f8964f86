"""What moto 5.2.5 lacks or forgets and the stacks need: one file per AWS service, each saying why.

They reach into private names, hence moto's exact pin, and a canary test per patch that fails when moto has caught up.
"""

import importlib
from collections.abc import Callable
from threading import Lock

from trackstack_infra.local.cloud.patches import ec2, service_models

# boto3's name -> our file, which is moto's name. A service is patched, and imported, when it is first called.
_FILES = {
    "apigatewayv2": "apigatewayv2",
    "cloudfront": "cloudfront",
    "cognito-idp": "cognitoidp",
    "ec2": "ec2",
    "ecs": "ecs",
    "efs": "efs",
    "elbv2": "elbv2",
    "lambda": "awslambda",
    "rds": "rds",
    "s3": "s3",
    "sqs": "sqs",
}
_lock = Lock()
_applied: set[str] = set()


def apply_first() -> None:
    """Patch what has to be patched before moto's services are imported, once a process."""
    _once("service models", service_models.apply_first)
    _once("ec2 first", ec2.apply_first)


def apply(service: str) -> None:
    """Patch what moto has of SERVICE, once a process."""
    file = _FILES.get(service)
    if file is not None and file not in _applied:
        _once(file, importlib.import_module(f"{__name__}.{file}").apply)


def _once(file: str, apply_it: Callable[[], None]) -> None:
    with _lock:
        if file not in _applied:
            apply_it()
            _applied.add(file)
