"""Lambda: a service that Spot has no room for goes on demand, and back when Spot has room again.

ECS never does that by itself: a service whose capacity provider is FARGATE_SPOT waits for Spot, however long. Two
things call this function. ECS's event that it could not place a task: the services it names go on demand. The clock,
every few hours: each service that is on demand tries Spot with a task of its own definition that ends at once, without
opening anything. Only when that one was placed does the service follow, so trying never costs the running task.

It imports nothing but boto3, which Lambda's runtime brings.
"""

import json
import logging
import os
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.exceptions import ClientError

SPOT = "FARGATE_SPOT"
ON_DEMAND = "FARGATE"
PLACEMENT_FAILED = "ECS Service Action"
PROBE = "spot-probe"  # what the task that tries says about who started it, 36 characters at most
DO_NOTHING = ["python", "-c", "pass"]
# Said as an error by some of Fargate's capacity checks, where others name it among an answer's failures.
NO_CAPACITY = "Capacity is unavailable"

_log = logging.getLogger()
_log.setLevel(logging.INFO)


def handler(event: Mapping[str, Any], context: object) -> dict[str, str]:
    """Move the services that have to move; answers what was done with each."""
    ecs = boto3.client("ecs")
    cluster = os.environ["CLUSTER"]
    containers: Mapping[str, str] = json.loads(os.environ["CONTAINERS"])  # service -> the name of its container
    if event.get("detail-type") == PLACEMENT_FAILED:
        named = {arn.rpartition("/")[2] for arn in event["resources"]}
        done = {name: _leave_spot(ecs, cluster, name) for name in containers if name in named}
    else:
        done = {name: _try_spot(ecs, cluster, name, container) for name, container in containers.items()}
    _log.info("%s", json.dumps(done))
    return done


def _leave_spot(ecs: Any, cluster: str, name: str) -> str:
    service = _service(ecs, cluster, name)
    if service is None:
        return "gone"
    if _provider(service) == ON_DEMAND:
        return "on demand already"
    _move(ecs, cluster, name, ON_DEMAND)
    return "moved on demand"


def _try_spot(ecs: Any, cluster: str, name: str, container: str) -> str:
    service = _service(ecs, cluster, name)
    if service is None:
        return "gone"
    if _provider(service) == SPOT:
        return "on Spot already"
    if not _has_room(ecs, cluster, service, container):
        return "stays on demand: Spot has no room"
    _move(ecs, cluster, name, SPOT)
    return "moved to Spot"


def _service(ecs: Any, cluster: str, name: str) -> Mapping[str, Any] | None:
    """None where there is nothing to move: deleted, or at rest."""
    found: Sequence[Mapping[str, Any]] = ecs.describe_services(cluster=cluster, services=[name])["services"]
    return next((each for each in found if each["status"] == "ACTIVE" and each["desiredCount"]), None)


def _provider(service: Mapping[str, Any]) -> str:
    strategy: Sequence[Mapping[str, str]] = service.get("capacityProviderStrategy") or [{}]
    return strategy[0].get("capacityProvider", ON_DEMAND)


def _has_room(ecs: Any, cluster: str, service: Mapping[str, Any], container: str) -> bool:
    try:
        answer = ecs.run_task(
            cluster=cluster,
            taskDefinition=service["taskDefinition"],
            count=1,
            capacityProviderStrategy=[{"capacityProvider": SPOT, "weight": 1}],
            networkConfiguration=service["networkConfiguration"],
            overrides={"containerOverrides": [{"name": container, "command": DO_NOTHING}]},
            startedBy=PROBE,
        )
    except ClientError as error:
        if NO_CAPACITY in error.response["Error"].get("Message", ""):
            return False
        raise
    for failure in answer["failures"]:
        _log.info("no room on Spot: %s", failure.get("reason"))
    return bool(answer["tasks"]) and not answer["failures"]


def _move(ecs: Any, cluster: str, name: str, provider: str) -> None:
    ecs.update_service(
        cluster=cluster,
        service=name,
        capacityProviderStrategy=[{"capacityProvider": provider, "weight": 1}],
        forceNewDeployment=True,  # ECS takes another strategy only together with a new deployment
    )
