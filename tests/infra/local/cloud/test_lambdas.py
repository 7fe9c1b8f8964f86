"""Functions are run by whoever the supervisor gave, while the emulator answers others."""

import base64
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from trackstack_infra.local.cloud import InvocationResult


@pytest.fixture
def function(bench: Any) -> Iterator[str]:
    bench.lambdas.asked.clear()
    iam = bench.client("iam")
    trust = '{"Version":"2012-10-17","Statement":[]}'
    role = iam.create_role(RoleName="bridge", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    bench.client("lambda").create_function(
        FunctionName="ts-test-bridge",
        Role=role,
        PackageType="Image",
        Code={"ImageUri": "registry.test/ts-bridge@sha256:" + "a" * 64},
        ImageConfig={"Command": ["apps.bridge.handler.handler"]},
        Environment={"Variables": {"DATA_DIR": "/mnt/data"}},
        FileSystemConfigs=[{"Arn": "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-1",
                            "LocalMountPath": "/mnt/data"}],
        Timeout=900,
    )  # fmt: skip
    yield "ts-test-bridge"
    bench.client("lambda").delete_function(FunctionName="ts-test-bridge")
    iam.delete_role(RoleName="bridge")


def invoke(bench: Any, function: str, event: object) -> dict[str, Any]:
    payload = json.dumps(event).encode()
    return dict(bench.client("lambda").invoke(FunctionName=function, Payload=payload, LogType="Tail"))


def test_the_runner_gets_what_it_needs(bench: Any, function: str) -> None:
    """Image, command, environment, mounts and time limit of the function go to the runner, and its answer back."""
    bench.lambdas.work = lambda configuration, payload: InvocationResult(payload, None, "started\nended\n")
    answer = invoke(bench, function, {"backup": "sample"})
    assert json.load(answer["Payload"]) == {"backup": "sample"}
    assert "FunctionError" not in answer
    assert base64.b64decode(answer["LogResult"]) == b"started\nended\n"
    configuration, payload = bench.lambdas.asked[0]
    assert payload == b'{"backup": "sample"}'
    assert configuration["ImageUri"].startswith("registry.test/ts-bridge@sha256:")
    assert configuration["ImageConfigResponse"]["ImageConfig"]["Command"] == ["apps.bridge.handler.handler"]
    assert configuration["Environment"]["Variables"] == {"DATA_DIR": "/mnt/data"}
    assert configuration["FileSystemConfigs"][0]["LocalMountPath"] == "/mnt/data"
    assert (configuration["FunctionName"], configuration["Timeout"]) == ("ts-test-bridge", 900)


def test_what_a_function_prints_is_in_its_log(bench: Any, function: str) -> None:
    """A function's output is read like any other log, each invocation in a stream of its own."""
    bench.lambdas.work = lambda configuration, payload: InvocationResult(b"null", None, "one\ntwo\n")
    before = len(events(bench))
    invoke(bench, function, {})
    assert [event["message"] for event in events(bench)[before:]] == ["one", "two"]


def events(bench: Any) -> list[dict[str, Any]]:
    logs = bench.client("logs")
    try:
        found = logs.filter_log_events(logGroupName="/aws/lambda/ts-test-bridge")["events"]
    except logs.exceptions.ResourceNotFoundException:
        return []
    return sorted(found, key=lambda event: (event["logStreamName"], event["timestamp"]))


def test_an_error_of_a_function_is_an_answer(bench: Any, function: str) -> None:
    """A function that raises answers with its error, as on AWS."""
    error = json.dumps({"errorMessage": "no such backup", "errorType": "BackupMissing"}).encode()
    bench.lambdas.work = lambda configuration, payload: InvocationResult(error, "Unhandled", "")
    answer = invoke(bench, function, {})
    assert answer["FunctionError"] == "Unhandled"
    assert json.load(answer["Payload"])["errorMessage"] == "no such backup"


def test_a_function_can_call_the_emulator(bench: Any, function: str) -> None:
    """While a function runs, it and everybody else is answered."""
    bench.client("sqs").create_queue(QueueName="to-purge")

    def work(configuration: dict[str, Any], payload: bytes) -> InvocationResult:
        done: list[str] = []
        caller = threading.Thread(target=lambda: done.extend(bench.client("sqs").list_queues()["QueueUrls"]))
        caller.start()
        caller.join(60)
        return InvocationResult(json.dumps(len(done)).encode(), None, "")

    bench.lambdas.work = work
    assert json.load(invoke(bench, function, {})["Payload"]) == 1


def test_a_function_that_is_not_there(bench: Any) -> None:
    """Calling what does not exist is AWS's error."""
    with pytest.raises(ClientError, match=r"ResourceNotFoundException.*Function not found"):
        invoke(bench, "nobody", {})


def test_a_function_is_changed_in_place(bench: Any, function: str) -> None:
    """A changed command, mount or log group is what the next call runs with."""
    bench.client("lambda").update_function_configuration(
        FunctionName=function,
        ImageConfig={"Command": ["other.handler"]},
        FileSystemConfigs=[{"Arn": "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-2",
                            "LocalMountPath": "/mnt/data"}],
    )  # fmt: skip
    bench.lambdas.work = lambda configuration, payload: InvocationResult(b"null", None, "")
    invoke(bench, function, {})
    configuration, _ = bench.lambdas.asked[-1]
    assert configuration["ImageConfigResponse"]["ImageConfig"]["Command"] == ["other.handler"]
    assert configuration["FileSystemConfigs"][0]["Arn"].endswith("fsap-2")
