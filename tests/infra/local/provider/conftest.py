"""One emulated account for all tests of the provider, over real HTTP."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from trackstack_infra.local.cloud import Cloud, InvocationResult
from trackstack_infra.local.provider import HANDLERS, Clients

REGION = "us-east-1"


class Echo:
    """A function that answers what it was asked, or raises when asked to fail; it counts its calls."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def invoke(self, function: dict[str, Any], payload: bytes) -> InvocationResult:
        asked = json.loads(payload)
        self.calls.append({"function": function, "asked": asked})
        if asked.get("fail"):
            error = {"errorMessage": "backup 20260101T000000Z-abc does not verify", "errorType": "Refused"}
            return InvocationResult(json.dumps(error).encode(), "Unhandled", "refused")
        return InvocationResult(json.dumps({"seen": asked}).encode(), None, "two\nlines")


@dataclass
class World:
    """The emulator, its clients, and what cases have in common, made when first asked for."""

    aws: Clients
    echo: Echo
    made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def have(self, key: str, token: str, **inputs: Any) -> dict[str, Any]:
        """The outputs of the resource KEY."""
        if key not in self.made:
            _, self.made[key] = HANDLERS[token].create(self.aws, inputs)
        return self.made[key]


@pytest.fixture(scope="module")
def echo() -> Echo:
    return Echo()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory, echo: Echo) -> Iterator[Cloud]:
    cloud = Cloud(
        port=0,
        region=REGION,
        boot_id="test",
        s3_export=tmp_path_factory.mktemp("s3"),
        lambda_runner=echo,
        control=lambda environ, start_response: [],
    )
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture(scope="module")
def aws(cloud: Cloud) -> Clients:
    return Clients(cloud.endpoint, REGION)


@pytest.fixture(scope="module")
def world(aws: Clients, echo: Echo) -> World:
    return World(aws, echo)
