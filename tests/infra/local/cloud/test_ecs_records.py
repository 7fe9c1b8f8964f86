"""What ECS says about services and tasks is what the agent wrote."""

from datetime import UTC, datetime
from typing import Any

import pytest

TASK = "arn:aws:ecs:us-east-1:123456789012:task/main/0123"


@pytest.fixture(scope="module")
def ecs(bench: Any) -> Any:
    client = bench.client("ecs")
    network = bench.client("ec2")
    vpc = network.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = network.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = network.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    client.create_cluster(clusterName="main")
    for image in ("one", "two"):
        client.register_task_definition(
            family="gym",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "gym", "image": image}],
        )
    client.create_service(
        cluster="main",
        serviceName="gym",
        taskDefinition="gym:1",
        desiredCount=1,
        capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        deploymentConfiguration={"minimumHealthyPercent": 0, "maximumPercent": 100},
        healthCheckGracePeriodSeconds=300,
        enableECSManagedTags=True,
        enableExecuteCommand=False,
        availabilityZoneRebalancing="DISABLED",
        networkConfiguration={"awsvpcConfiguration": {"subnets": [subnet], "securityGroups": [group]}},
    )
    return client


def service(ecs: Any) -> dict[str, Any]:
    return dict(ecs.describe_services(cluster="main", services=["gym"])["services"][0])


def test_a_service_reads_back_as_it_was_created(ecs: Any) -> None:
    """Nothing that a stack sets is forgotten, and no launch type is made up beside a capacity provider."""
    found = service(ecs)
    assert found["capacityProviderStrategy"] == [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    assert found["deploymentConfiguration"] == {"minimumHealthyPercent": 0, "maximumPercent": 100}
    assert found["healthCheckGracePeriodSeconds"] == 300
    assert (found["enableECSManagedTags"], found["enableExecuteCommand"]) == (True, False)
    assert found["availabilityZoneRebalancing"] == "DISABLED"
    assert "launchType" not in found


def test_counts_are_the_agents(ecs: Any, bench: Any) -> None:
    """A service runs what the agent says it runs, however many are desired."""
    ecs.update_service(cluster="main", service="gym", desiredCount=2)
    assert (service(ecs)["desiredCount"], service(ecs)["runningCount"]) == (2, 0)
    bench.cloud.set_service_counts(
        "main", "gym", desired=2, pending=1, running=1, rollout_state="IN_PROGRESS", reason="one of two is ready"
    )
    found = service(ecs)
    assert (found["runningCount"], found["pendingCount"]) == (1, 1)
    deployment = found["deployments"][0]
    assert (deployment["rolloutState"], deployment["rolloutStateReason"]) == ("IN_PROGRESS", "one of two is ready")
    assert (deployment["desiredCount"], deployment["runningCount"]) == (2, 1)
    cluster = ecs.describe_clusters(clusters=["main"])["clusters"][0]
    assert (cluster["runningTasksCount"], cluster["pendingTasksCount"]) == (1, 1)
    bench.cloud.set_service_counts("main", "gone", desired=1, pending=0, running=1, rollout_state="X", reason="")


def test_a_new_task_definition_is_a_new_deployment(ecs: Any) -> None:
    """Only what running tasks were started with makes them be replaced; a number does not."""
    before = service(ecs)["deployments"][0]["id"]
    ecs.update_service(cluster="main", service="gym", desiredCount=1)
    assert service(ecs)["deployments"][0]["id"] == before
    ecs.update_service(cluster="main", service="gym", taskDefinition="gym:1")
    assert service(ecs)["deployments"][0]["id"] == before
    ecs.update_service(cluster="main", service="gym", taskDefinition="gym:2")
    second = service(ecs)["deployments"][0]
    assert second["id"] != before
    assert second["taskDefinition"].endswith("gym:2")
    assert second["rolloutState"] == "IN_PROGRESS"
    ecs.update_service(cluster="main", service="gym", forceNewDeployment=True)
    assert service(ecs)["deployments"][0]["id"] != second["id"]


def test_tasks_are_listed_while_they_run(ecs: Any, bench: Any) -> None:
    """ListTasks and DescribeTasks show the agent's tasks, of the service that was asked for, as they are."""
    started = datetime(2026, 11, 24, 12, tzinfo=UTC)
    record = {
        "taskArn": TASK,
        "taskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/gym:2",
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
        "healthStatus": "HEALTHY",
        "launchType": "FARGATE",
        "startedAt": started,
        "containers": [{"name": "gym", "lastStatus": "RUNNING", "healthStatus": "HEALTHY"}],
    }
    bench.cloud.put_task("main", "gym", record)
    assert ecs.list_tasks(cluster="main", serviceName="gym")["taskArns"] == [TASK]
    assert ecs.list_tasks(cluster="main", serviceName="heating")["taskArns"] == []
    for _ in range(3):
        found = ecs.describe_tasks(cluster="main", tasks=[TASK])["tasks"][0]
        assert {key: found[key] for key in record} == record
    assert found["group"] == "service:gym"
    bench.cloud.put_task("main", "gym", {**record, "lastStatus": "STOPPING", "desiredStatus": "STOPPED"})
    assert ecs.list_tasks(cluster="main", desiredStatus="RUNNING")["taskArns"] == []
    bench.cloud.remove_task("main", TASK)
    bench.cloud.remove_task("main", TASK)
    assert ecs.list_tasks(cluster="main")["taskArns"] == []


def test_a_deleted_service_is_not_listed(ecs: Any) -> None:
    """After its deletion a service is shown as inactive when asked for, and listed no more."""
    ecs.create_service(cluster="main", serviceName="brief", taskDefinition="gym:1", desiredCount=0,
                       networkConfiguration=service(ecs)["networkConfiguration"])  # fmt: skip
    ecs.delete_service(cluster="main", service="brief", force=True)
    assert [arn.rpartition("/")[2] for arn in ecs.list_services(cluster="main")["serviceArns"]] == ["gym"]
    assert ecs.describe_services(cluster="main", services=["brief"])["services"][0]["status"] == "INACTIVE"
