"""One emulated account for all tests of the provider, over real HTTP."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from trackstack_infra.local.cloud import Cloud, InvocationResult
from trackstack_infra.local.provider import HANDLERS, Clients

REGION = "us-east-1"
SHARED = {"Name": "shared"}

# An interrupted one is made again: a revision more does no harm, and what a function answered is lost.
MADE_AGAIN = ("aws:ecs/taskDefinition:TaskDefinition", "aws:lambda/invocation:Invocation")
# There is nothing to delete: it goes with its VPC, or has happened.
STAYS = ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "aws:lambda/invocation:Invocation")


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
    """The emulator's clients, and what cases have in common, made when first asked for."""

    aws: Clients
    made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def have(self, key: str, token: str, **inputs: Any) -> dict[str, Any]:
        """The outputs of the resource KEY."""
        if key not in self.made:
            _, self.made[key] = HANDLERS[token].create(self.aws, inputs)
        return self.made[key]

    def vpc(self) -> str:
        return str(self.have("vpc", "aws:ec2/vpc:Vpc", cidrBlock="10.9.0.0/16", tags=SHARED)["id"])

    def subnet(self, zone: str = "a") -> str:
        third = {"a": 1, "b": 2}[zone]
        made = self.have(
            f"subnet-{zone}",
            "aws:ec2/subnet:Subnet",
            vpcId=self.vpc(),
            cidrBlock=f"10.9.{third}.0/24",
            availabilityZone=f"us-east-1{zone}",
            tags=SHARED,
        )
        return str(made["id"])

    def group(self, name: str = "shared") -> str:
        token = "aws:ec2/securityGroup:SecurityGroup"
        return str(self.have(f"group-{name}", token, name=name, vpcId=self.vpc(), tags=SHARED)["id"])

    def files(self) -> dict[str, Any]:
        return self.have("files", "aws:efs/fileSystem:FileSystem", creationToken="shared", encrypted=True)

    def access_point(self) -> dict[str, Any]:
        token = "aws:efs/accessPoint:AccessPoint"
        return self.have("point", token, fileSystemId=self.files()["id"], tags=SHARED)

    def targets(self) -> str:
        token = "aws:lb/targetGroup:TargetGroup"
        how = {"port": 8000.0, "protocol": "HTTP", "targetType": "ip"}
        return str(self.have("targets", token, name="shared", vpcId=self.vpc(), **how)["arn"])

    def queue(self) -> dict[str, Any]:
        return self.have("queue", "aws:sqs/queue:Queue", name="shared")

    def bucket(self) -> str:
        return str(self.have("bucket", "aws:s3/bucket:Bucket", bucket="shared-bucket", forceDestroy=True)["id"])


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
def world(aws: Clients) -> World:
    return World(aws)


@pytest.fixture
def live(world: World) -> Callable[..., None]:
    """Leads one resource through its life: INPUTS and CHANGES are as the engine passes them, GIVES the outputs that
    programs use."""

    def lead(token: str, inputs: Any, changes: Any, gives: str) -> None:
        handler, aws = HANDLERS[token], world.aws
        old = inputs(world)
        ref, outputs = handler.create(aws, old)
        assert ref == outputs["id"]
        assert {key: outputs[key] for key in old} == old
        assert [key for key in gives.split() if key not in outputs] == []
        shown = handler.read(aws, ref, old)
        assert shown is not None
        assert {**shown, "result": None} == {**outputs, "result": None}
        found = handler.find(aws, old)
        assert (found[0] if found else None) == (None if token in MADE_AGAIN else ref)
        # The engine makes what it found whole: it was killed within the create, nobody knows where.
        assert {**handler.update(aws, ref, {}, old), "result": None} == {**handler.read(aws, ref, old), "result": None}
        if changes is not None:
            new = {**old, **(changes(world) if callable(changes) else changes)}
            assert not (handler.replace_on & {key for key in new if new.get(key) != old.get(key)})
            outputs = handler.update(aws, ref, old, new)
            assert outputs["id"] == ref
            given = {key: value for key, value in new.items() if value is not None}
            assert {key: outputs[key] for key in given} == given
        handler.delete(aws, ref, outputs)
        if token not in STAYS:
            assert handler.read(aws, ref, old) is None
            assert handler.find(aws, old) is None
        handler.delete(aws, ref, outputs)

    return lead
