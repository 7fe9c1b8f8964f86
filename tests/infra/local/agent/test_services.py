"""ECS services that really run: a supervisor, its emulator, and tasks as processes of this computer."""

import json
import os
import signal
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import psutil
import pytest

if TYPE_CHECKING:
    from tests.infra.local.agent.conftest import World


def ask(port: int, path: str = "/") -> dict[str, Any]:
    """Ask the tiny app."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def test_a_service_comes_up_and_ecs_says_so(world: "World") -> None:
    """`aws ecs describe-services` and list-tasks tell the truth about the processes of this computer."""
    world.service(world.revision())
    shown = world.until_state("healthy")
    assert (shown["service"], shown["container"], shown["running"], shown["pending"]) == (
        f"{world.name}-tiny",
        "tiny",
        1,
        0,
    )
    (task,) = shown["tasks"]
    assert ask(task["port"])["pid"] == task["pid"]
    assert task["healthy"]
    assert task["restarts"] == 0

    described = world.described()
    assert (described["runningCount"], described["pendingCount"]) == (1, 0)
    assert described["deployments"][0]["rolloutState"] == "COMPLETED"
    (arn,) = world.aws.client("ecs").list_tasks(cluster=world.name)["taskArns"]
    assert arn.endswith(f":task/{world.name}/{task['id']}")


def test_a_task_runs_on_loopback_with_the_emulator_and_its_directory(world: "World") -> None:
    """What a container would find at /data, the process finds in the directory that is kept for it."""
    world.service(world.revision(data=True, FILE="/data/app.db", HOST="0.0.0.0"))
    environment = ask(world.until_state("healthy")["tasks"][0]["port"])["environment"]
    assert environment["HOST"] == "127.0.0.1"
    assert environment["AWS_ENDPOINT_URL"] == world.supervisor.endpoint
    assert environment["FILE"] == str(world.data_directory() / "app.db")
    assert (world.data_directory() / "notes").read_text() == "starts \n"


def test_what_a_task_writes_is_in_cloudwatch_logs(world: "World") -> None:
    """Both outputs, in order, under prefix/container/task; the last words of a task included."""
    world.service(world.revision())
    task = world.until_state("healthy")["tasks"][0]["id"]
    assert world.lines("hello from the tiny app") == ["hello from the tiny app", "a warning of it"]
    streams = world.aws.client("logs").describe_log_streams(logGroupName=f"/ts/{world.name}")["logStreams"]
    assert [stream["logStreamName"] for stream in streams] == [f"task/tiny/{task}"]
    world.update(desiredCount=0)
    assert world.lines("good bye")[-1] == "good bye"


def test_a_killed_task_is_replaced(world: "World") -> None:
    """`kill -9` of a task: a new one is healthy soon after, and the load balancer knows only that."""
    group = world.target_group()
    world.service(
        world.revision(), loadBalancers=[{"targetGroupArn": group, "containerName": "tiny", "containerPort": 8000}]
    )
    (before,) = world.until_state("healthy")["tasks"]
    assert world.targets(group) == [before["port"]]

    os.kill(before["pid"], signal.SIGKILL)
    world.until(lambda shown: shown["state"] != "healthy")
    shown = world.until_state("healthy")
    (after,) = shown["tasks"]
    assert after["pid"] != before["pid"]
    assert after["restarts"] == 1
    assert world.targets(group) == [after["port"]]
    assert shown["reason"] == ""


def test_a_deployment_that_cannot_start_fails_with_its_last_words(world: "World") -> None:
    """After three starts the deployment is FAILED, and says what the app said; nothing is tried any more."""
    world.service(world.revision(BEHAVIOUR="broken"))
    shown = world.until_state("failed")
    assert shown["reason"].startswith("3 starts failed, the last one: exit code 1; its last lines:\n")
    assert shown["reason"].endswith("cannot open the database: no such file")
    assert shown["tasks"] == []
    deployment = world.described()["deployments"][0]
    assert deployment["rolloutState"] == "FAILED"
    assert "cannot open the database" in deployment["rolloutStateReason"]
    starts = world.lines("hello from the tiny app").count("hello from the tiny app")
    assert starts == 3


def test_a_failed_deployment_is_mended_by_a_new_one(world: "World") -> None:
    """A task definition that works, or a forced new deployment, starts anew."""
    world.service(world.revision(BEHAVIOUR="broken"))
    world.until_state("failed")
    world.update(taskDefinition=world.revision())
    shown = world.until_state("healthy")
    assert shown["reason"] == ""
    assert world.described()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_an_image_that_there_is_no_command_for_fails_in_words(world: "World") -> None:
    """An image of this project that the checkout does not hold is a mistake."""
    world.service(world.revision(image="ts-timy"))
    assert "ts-timy@sha256:" in world.until_state("failed")["reason"]
    assert "is not one of ts-tiny" in world.until_state("failed")["reason"]


def test_an_image_of_others_is_written_down_and_does_not_run(world: "World") -> None:
    """Nothing is pulled from anywhere: the service stays at one wanted and none running, which is no failure."""
    world.service(world.revision(image="nginx"))
    shown = world.until_state("stub")
    assert (shown["desired"], shown["running"], shown["tasks"]) == (1, 0, [])
    assert shown["reason"] == "written down only, as images of others do not run on this computer: nginx"
    described = world.described()
    assert (described["desiredCount"], described["runningCount"]) == (1, 0)
    assert described["deployments"][0]["rolloutState"] == "IN_PROGRESS"


def test_the_old_task_ends_before_the_new_one_starts(world: "World") -> None:
    """SQLite has one writer: a new revision stops the old task first, as minimum 0 and maximum 100 percent ask."""
    world.service(world.revision(data=True, VERSION="1"))
    world.until_state("healthy")
    world.update(taskDefinition=world.revision(data=True, VERSION="2"))
    world.until(lambda shown: shown["state"] != "healthy")
    world.until_state("healthy")
    assert (world.data_directory() / "notes").read_text() == "starts 1\nends 1\nstarts 2\n"


def test_a_task_that_ignores_sigterm_is_killed_when_its_time_is_over(world: "World") -> None:
    """stopTimeout is how long an app may drain."""
    world.service(world.revision(data=True, stop_timeout_s=1, BEHAVIOUR="stubborn"))
    (task,) = world.until_state("healthy")["tasks"]
    began = time.monotonic()
    world.update(desiredCount=0)
    world.until_state("off")
    assert 1.0 <= time.monotonic() - began < 30.0  # ECS's stopTimeout where none is given
    assert not psutil.pid_exists(task["pid"])
    assert (world.data_directory() / "notes").read_text() == "starts \n"


def test_scaling_to_nothing_ends_the_task_in_order(world: "World") -> None:
    """Desired 0: out of the target group, drained, ended, and shown as off."""
    group = world.target_group()
    balancers = [{"targetGroupArn": group, "containerName": "tiny", "containerPort": 8000}]
    world.service(world.revision(data=True), loadBalancers=balancers)
    world.until_state("healthy")
    world.update(desiredCount=0)
    shown = world.until_state("off")
    assert (shown["running"], shown["tasks"]) == (0, [])
    assert world.targets(group) == []
    assert (world.data_directory() / "notes").read_text() == "starts \nends \n"
    assert world.described()["runningCount"] == 0
    assert world.aws.client("ecs").list_tasks(cluster=world.name)["taskArns"] == []


def test_a_task_is_an_instance_of_its_cloud_map_service(world: "World") -> None:
    """Pragmatic's API finds its one task there."""
    id_, arn = world.registry()
    world.service(
        world.revision(), serviceRegistries=[{"registryArn": arn, "containerName": "tiny", "containerPort": 8000}]
    )
    (task,) = world.until_state("healthy")["tasks"]
    cloud_map = world.aws.client("servicediscovery")
    (instance,) = cloud_map.list_instances(ServiceId=id_)["Instances"]
    assert instance["Attributes"] == {"AWS_INSTANCE_IPV4": "127.0.0.1", "AWS_INSTANCE_PORT": str(task["port"])}
    world.update(desiredCount=0)
    world.until_state("off")
    assert cloud_map.list_instances(ServiceId=id_)["Instances"] == []


def test_a_task_with_a_public_name_has_an_ipv6_address(world: "World") -> None:
    """CloudFront's origin is such a name; the address leads to the same task, whose port is told as well."""
    id_, arn = world.public_registry()
    world.service(world.revision(), serviceRegistries=[{"registryArn": arn}])
    (task,) = world.until_state("healthy")["tasks"]
    (instance,) = world.aws.client("servicediscovery").list_instances(ServiceId=id_)["Instances"]
    assert instance["Attributes"] == {
        "AWS_INSTANCE_IPV4": "127.0.0.1",
        "AWS_INSTANCE_IPV6": "::ffff:127.0.0.1",
        "AWS_INSTANCE_PORT": str(task["port"]),
    }
    with urllib.request.urlopen(f"http://[::ffff:127.0.0.1]:{task['port']}/", timeout=60) as answer:
        assert answer.status == 200


def test_a_secret_is_read_when_the_task_starts(world: "World") -> None:
    """The definition names a parameter; its value is in the task's environment and in no record of the task."""
    ssm = world.aws.client("ssm")
    ssm.put_parameter(Name=f"/ts/{world.name}/header", Value="a-made-up-word", Type="SecureString")
    arn = f"arn:aws:ssm:us-east-1:123456789012:parameter/ts/{world.name}/header"
    revision = world.revision(secrets=[{"name": "ORIGIN_SECRET", "valueFrom": arn}])
    world.service(revision)
    shown = world.until_state("healthy")
    (task,) = shown["tasks"]
    assert ask(task["port"])["environment"]["ORIGIN_SECRET"] == "a-made-up-word"
    assert "a-made-up-word" not in json.dumps(shown)


def test_a_task_without_its_secret_does_not_start(world: "World") -> None:
    """As on AWS: the service says which call failed, and tries again."""
    arn = f"arn:aws:ssm:us-east-1:123456789012:parameter/ts/{world.name}/nothing"
    world.service(world.revision(secrets=[{"name": "ORIGIN_SECRET", "valueFrom": arn}]))
    shown = world.until(lambda shown: "cannot start" in json.dumps(shown))
    assert "GetParameter" in json.dumps(shown)


def test_a_secret_of_another_kind_is_refused_by_name(world: "World") -> None:
    """Secrets Manager is not read locally: the service says so, instead of starting without the value."""
    arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:made-up"
    world.service(world.revision(secrets=[{"name": "PASSWORD", "valueFrom": arn}]))
    shown = world.until(lambda shown: "PASSWORD" in json.dumps(shown))
    assert "SSM parameters" in json.dumps(shown)


def test_a_service_has_as_many_tasks_as_it_wants(world: "World") -> None:
    """Two are two processes on two ports, both of them targets; back to one, one of them ends."""
    group = world.target_group()
    balancers = [{"targetGroupArn": group, "containerName": "tiny", "containerPort": 8000}]
    world.service(world.revision(), desired=2, loadBalancers=balancers)
    shown = world.until_state("healthy")
    assert len({task["port"] for task in shown["tasks"]}) == 2
    assert set(world.targets(group)) == {task["port"] for task in shown["tasks"]}
    world.update(desiredCount=1)
    shown = world.until(lambda shown: shown["state"] == "healthy" and len(shown["tasks"]) == 1)
    assert shown["running"] == 1
    assert world.targets(group) == [shown["tasks"][0]["port"]]


def test_a_deleted_service_leaves_nothing_behind(world: "World") -> None:
    """Its task ends, and it is shown no more."""
    world.service(world.revision())
    (task,) = world.until_state("healthy")["tasks"]
    world.delete()
    world.until(lambda shown: not shown)
    assert not psutil.pid_exists(task["pid"])


@pytest.mark.slow
def test_a_task_that_answers_no_more_is_replaced(world: "World") -> None:
    """It still runs but does not answer: after three failed health checks, some 15 s, it is ended and replaced."""
    world.service(world.revision(stop_timeout_s=1))
    (before,) = world.until_state("healthy")["tasks"]
    os.kill(before["pid"], signal.SIGSTOP)
    world.until(lambda shown: "health check failed 1 of 3 times" in shown["reason"], timeout_s=20)
    shown = world.until(lambda shown: shown["state"] == "draining", timeout_s=30)
    after = world.until_state("healthy")
    assert after["tasks"][0]["pid"] != before["pid"]
    assert not psutil.pid_exists(before["pid"])
    assert shown["service"] == after["service"]
