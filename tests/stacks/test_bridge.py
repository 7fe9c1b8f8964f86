"""The data bridge in enterprise: it runs before the services, on the data, with the backup that was named."""

import json
from typing import Any

from trackstack_infra.graph import Graph

INVOCATION = "aws:lambda/invocation:Invocation"
FUNCTION = "aws:lambda/function:Function"
SERVICE = "aws:ecs/service:Service"
MOUNT = "aws:efs/mountTarget:MountTarget"
ACCESS_POINT = "aws:efs/accessPoint:AccessPoint"
ROUTE = "aws:ec2/route:Route"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
BACKUP = "20261128T020000Z-0123456789ab"


def test_the_bridge_runs_before_any_service(enterprise: Graph) -> None:
    """No service starts before the bridge has put its database in place."""
    run = enterprise.one(INVOCATION, "bridge-run-invocation")
    assert len(enterprise.all(SERVICE)) == 3
    assert all(enterprise.path(service, run) for service in enterprise.all(SERVICE))
    assert not any(enterprise.path(run, service) for service in enterprise.all(SERVICE))


def test_the_bridge_can_reach_the_files_before_it_runs(enterprise: Graph) -> None:
    """Mount targets, and the rule that lets the bridge mount, come before the run."""
    run = enterprise.one(INVOCATION, "bridge-run-invocation")
    assert all(enterprise.path(run, target) for target in enterprise.all(MOUNT))
    assert enterprise.path(run, enterprise.one(RULE, "bridge-to-files-in"))


def test_the_bridge_can_reach_the_queues_before_it_runs(enterprise: Graph) -> None:
    """The way through the NAT gateway is open before the run, as the bridge purges the queues through it."""
    run = enterprise.one(INVOCATION, "bridge-run-invocation")
    assert enterprise.path(run, enterprise.one(ROUTE, "nat-route"))


def test_the_backup_is_a_setting(enterprise: Graph, recorded: Any) -> None:
    """The run gets sample data by default, or the backup that was named, and the outputs say which."""
    named = recorded("enterprise", backup=BACKUP)
    assert json.loads(enterprise.one(INVOCATION, "bridge-run-invocation").inputs["input"]) == {"backup": "sample"}
    assert json.loads(named.one(INVOCATION, "bridge-run-invocation").inputs["input"]) == {"backup": BACKUP}
    assert (enterprise.outputs["backup"], named.outputs["backup"]) == ("sample", BACKUP)


def test_the_bridge_mounts_the_parent_of_the_services_directories(enterprise: Graph) -> None:
    """The bridge sees the services' directories side by side; each service sees its own as its root."""
    paths = {each.name: each.inputs["rootDirectory"]["path"] for each in enterprise.all(ACCESS_POINT)}
    assert paths == {
        "bridge-directory": "/services",
        "expenses-directory": "/services/expenses",
        "gym-directory": "/services/gym",
        "heating-directory": "/services/heating",
    }


def test_bridge_and_services_write_as_the_same_user(enterprise: Graph) -> None:
    """What the bridge writes, the services may open: all act as user 1000, who owns the directories."""
    for each in enterprise.all(ACCESS_POINT):
        assert each.inputs["posixUser"] == {"uid": 1000, "gid": 1000}
        creation = each.inputs["rootDirectory"]["creationInfo"]
        assert (creation["ownerUid"], creation["ownerGid"], creation["permissions"]) == (1000, 1000, "0750")


def test_the_function_gets_what_the_app_reads(enterprise: Graph) -> None:
    """The bridge's function runs its image on the mount, with the bucket and all three queues."""
    function = enterprise.one(FUNCTION, "bridge-function").inputs
    queues = "https://sqs.us-east-1.amazonaws.com/123456789012/ts-enterprise-"
    assert function["packageType"] == "Image"
    assert function["imageUri"].startswith("localhost/ts-bridge@sha256:")
    assert function["imageConfig"] == {"commands": ["apps.bridge.handler.handler"]}
    assert function["fileSystemConfig"]["localMountPath"] == "/mnt/data"
    variables = function["environment"]["variables"]
    assert variables["DATA_DIR"] == "/mnt/data"
    assert variables["BACKUP_BUCKET"] == "backups-0a1b2c3"
    assert variables["QUEUE_URLS"] == f"{queues}expenses,{queues}gym,{queues}heating"


def test_the_bridge_has_time_memory_and_disk(enterprise: Graph, recorded: Any) -> None:
    """A quarter of an hour, one whole vCPU by default, and room on its own disk to build the databases."""
    function = enterprise.one(FUNCTION, "bridge-function").inputs
    assert (function["timeout"], function["memorySize"], function["ephemeralStorage"]) == (900, 1769, {"size": 4096})
    smaller = recorded("enterprise", bridge={"memory_mib": 1024, "architecture": "x86_64"})
    function = smaller.one(FUNCTION, "bridge-function").inputs
    assert (function["memorySize"], function["architectures"]) == (1024, ["x86_64"])


def test_pragmatic_has_no_bridge(pragmatic: Graph) -> None:
    """Pragmatic's data is its own: its one function moves tasks away from Spot, and mounts nothing."""
    (function,) = pragmatic.all(FUNCTION)
    assert function.name == "fallback-function"
    assert "fileSystemConfig" not in function.inputs
    assert pragmatic.all(INVOCATION) == ()
