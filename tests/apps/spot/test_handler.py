"""A service leaves Spot when ECS finds no room there, and comes back only when there is room again."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from apps.spot.handler import handler

CLUSTER = "spot-test"
SERVICE = "ts-pragmatic-monolith"
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "ENABLED"}}
CLOCK: dict[str, Any] = {}


def failed(service: str = SERVICE) -> dict[str, Any]:
    """ECS's event, shortened."""
    return {
        "source": "aws.ecs",
        "detail-type": "ECS Service Action",
        "resources": [f"arn:aws:ecs:eu-central-1:123456789012:service/{CLUSTER}/{service}"],
        "detail": {"eventType": "ERROR", "eventName": "SERVICE_TASK_PLACEMENT_FAILURE", "reason": "RESOURCE:FARGATE"},
    }


class Ecs:
    """The emulator's ECS as the function sees it. `no_room` decides how Spot says that it has none.

    The emulator forgets a service's capacity provider and places every task, so both are kept here.
    """

    def __init__(self, client: Any) -> None:
        self.client = client
        self.provider = "FARGATE_SPOT"
        self.deployments = 0
        self.probes: list[dict[str, Any]] = []
        self.no_room: str | None = None

    def describe_services(self, **asked: Any) -> Any:
        answer = self.client.describe_services(**asked)
        for service in answer["services"]:
            service["capacityProviderStrategy"] = [{"capacityProvider": self.provider, "weight": 1}]
            service["networkConfiguration"] = NETWORK
        return answer

    def update_service(self, **asked: Any) -> None:
        self.client.update_service(**asked)
        self.deployments += asked["forceNewDeployment"]
        self.provider = asked["capacityProviderStrategy"][0]["capacityProvider"]

    def run_task(self, **asked: Any) -> Any:
        self.probes.append(asked)
        if self.no_room == "error":
            raise ClientError(
                {"Error": {"Code": "ClientException", "Message": "Capacity is unavailable at this time."}}, "RunTask"
            )
        if self.no_room == "failure":
            return {"tasks": [], "failures": [{"reason": "RESOURCE:FARGATE"}]}
        return self.client.run_task(**asked)


@pytest.fixture
def ecs(emulator: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ecs]:
    client = emulator.client("ecs")
    client.create_cluster(clusterName=CLUSTER)
    container = {"name": "monolith", "image": "ts-monolith@sha256:0", "memory": 512}
    definition = client.register_task_definition(family=SERVICE, containerDefinitions=[container])
    client.create_service(
        cluster=CLUSTER,
        serviceName=SERVICE,
        taskDefinition=definition["taskDefinition"]["taskDefinitionArn"],
        desiredCount=1,
    )
    wrapped = Ecs(client)
    monkeypatch.setattr(boto3, "client", lambda name: wrapped)
    monkeypatch.setenv("CLUSTER", CLUSTER)
    monkeypatch.setenv("CONTAINERS", json.dumps({SERVICE: "monolith"}))
    yield wrapped
    client.delete_service(cluster=CLUSTER, service=SERVICE, force=True)


def test_a_service_that_spot_has_no_room_for_goes_on_demand(ecs: Ecs) -> None:
    """ECS's event moves the service, with a new deployment."""
    assert handler(failed(), None) == {SERVICE: "moved on demand"}
    assert (ecs.provider, ecs.deployments) == ("FARGATE", 1)


def test_the_same_event_again_changes_nothing(ecs: Ecs) -> None:
    """ECS tells of each failed placement; only the first one deploys."""
    handler(failed(), None)
    assert handler(failed(), None) == {SERVICE: "on demand already"}
    assert ecs.deployments == 1


def test_the_event_of_another_service_moves_nothing(ecs: Ecs) -> None:
    """Only the services named are touched, and of them only ours."""
    assert handler(failed("somebody-elses"), None) == {}
    assert ecs.deployments == 0


def test_nothing_is_tried_while_on_spot(ecs: Ecs) -> None:
    """The clock alone starts no task."""
    assert handler(CLOCK, None) == {SERVICE: "on Spot already"}
    assert ecs.probes == []


@pytest.mark.parametrize("how", ["failure", "error"])
def test_the_service_stays_on_demand_while_spot_has_no_room(ecs: Ecs, how: str) -> None:
    """However Spot says no, the running task is left alone."""
    ecs.provider, ecs.no_room = "FARGATE", how
    assert handler(CLOCK, None) == {SERVICE: "stays on demand: Spot has no room"}
    assert (ecs.provider, ecs.deployments) == ("FARGATE", 0)


def test_the_service_goes_back_when_spot_has_room(ecs: Ecs) -> None:
    """A task on Spot that ends at once was placed; then the service follows."""
    ecs.provider = "FARGATE"
    assert handler(CLOCK, None) == {SERVICE: "moved to Spot"}
    assert (ecs.provider, ecs.deployments) == ("FARGATE_SPOT", 1)


def test_the_task_that_tries_never_opens_the_database(ecs: Ecs) -> None:
    """It is of the service's own definition and network, with another command."""
    ecs.provider = "FARGATE"
    handler(CLOCK, None)
    (probe,) = ecs.probes
    assert probe["overrides"] == {"containerOverrides": [{"name": "monolith", "command": ["python", "-c", "pass"]}]}
    assert probe["capacityProviderStrategy"] == [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    assert probe["networkConfiguration"] == NETWORK


def test_another_error_is_loud(ecs: Ecs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A denied call is no lack of room: it fails, so that the event is kept as a dead letter."""
    ecs.provider = "FARGATE"

    def denied(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}, "RunTask")

    monkeypatch.setattr(ecs, "run_task", denied)
    with pytest.raises(ClientError, match="not authorized"):
        handler(CLOCK, None)


def test_a_service_at_rest_is_left_alone(ecs: Ecs) -> None:
    """With the power off, or deleted, there is nothing to move."""
    ecs.client.update_service(cluster=CLUSTER, service=SERVICE, desiredCount=0)
    assert handler(failed(), None) == {SERVICE: "gone"}
    assert handler(CLOCK, None) == {SERVICE: "gone"}
