"""Lambda functions, each call a process of its own."""

import json
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from trackstack_infra.local.agent import SubprocessLambdas, TaskFile
from trackstack_infra.local.agent.volumes import Volumes
from trackstack_infra.local.provider import Clients

HANDLERS = """
import os, subprocess, sys, time

def greet(event, context):
    print("greeting", event["name"])
    print("a warning", file=sys.stderr)
    return {"hello": event["name"], "request": context.aws_request_id, "left": context.get_remaining_time_in_millis()}

def fail(event, context):
    raise ValueError("the backup does not verify")

def environment(event, context):
    return dict(os.environ)

def leave(event, context):
    sys.exit(3)

def linger(event, context):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print(child.pid, flush=True)
    time.sleep(60)

def large(event, context):
    return "x" * 3_000_000

def odd(event, context):
    return object()
"""


@pytest.fixture
def lambdas(tmp_path: Path, aws: Clients) -> SubprocessLambdas:
    """A runner whose checkout holds the handlers above."""
    (tmp_path / "handlers.py").write_text(HANDLERS)
    return SubprocessLambdas(
        aws=aws,
        endpoint=aws.endpoint,
        region="us-east-1",
        root=tmp_path,
        volumes=Volumes(tmp_path),
        task_file=TaskFile(tmp_path / "tasks.json"),
        inherited={},
        new_id=lambda: "request-1",
    )


def function(handler: str, **more: Any) -> dict[str, Any]:
    """Return a function's configuration as GetFunctionConfiguration has it."""
    return {
        "FunctionName": "ts-enterprise-bridge",
        "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:ts-enterprise-bridge",
        "Timeout": 10,
        "MemorySize": 512,
        "ImageConfigResponse": {"ImageConfig": {"Command": [f"handlers.{handler}"]}},
        **more,
    }


def test_a_function_answers_and_its_output_is_its_log(lambdas: SubprocessLambdas) -> None:
    """The answer is what the handler returns; what it prints stands between Lambda's own lines."""
    result = lambdas.invoke(function("greet"), b'{"name": "Ada"}')
    assert result.function_error is None
    answer = json.loads(result.payload)
    assert (answer["hello"], answer["request"]) == ("Ada", "request-1")
    assert 0 < answer["left"] <= 10_000
    lines = result.log.splitlines()
    assert lines[0] == "START RequestId: request-1 Version: $LATEST"
    assert set(lines[1:3]) == {"greeting Ada", "a warning"}
    assert lines[3] == "END RequestId: request-1"
    assert lines[4].startswith("REPORT RequestId: request-1\tDuration: ")


def test_an_exception_is_answered_as_lambda_answers_it(lambdas: SubprocessLambdas) -> None:
    """Message, type and trace as JSON, and the error said to be unhandled."""
    result = lambdas.invoke(function("fail"), b"{}")
    assert result.function_error == "Unhandled"
    answer = json.loads(result.payload)
    assert answer["errorMessage"] == "the backup does not verify"
    assert answer["errorType"] == "ValueError"
    assert any("handlers.py" in line for line in answer["stackTrace"])
    assert "Traceback" in result.log


def runs(pid: int) -> bool:
    """Whether a process is there and more than a zombie."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_function_that_takes_too_long_is_ended_with_its_children(lambdas: SubprocessLambdas) -> None:
    """The timeout holds, and nothing of the call is left."""
    began = time.monotonic()
    result = lambdas.invoke(function("linger", Timeout=1), b"{}")
    assert time.monotonic() - began < 60  # which it would sleep
    assert json.loads(result.payload)["errorType"] == "Sandbox.Timedout"
    assert "Task timed out after 1.00 seconds" in json.loads(result.payload)["errorMessage"]
    child = int(result.log.splitlines()[1])
    while runs(child):  # it was killed, and the kernel may still be at it
        time.sleep(0.01)
    assert json.loads((lambdas.root / "tasks.json").read_text()) == []


@pytest.mark.parametrize(
    ("handler", "kind"),
    [("leave", "Runtime.ExitError"), ("missing", "AttributeError"), ("odd", "TypeError")],
)
def test_a_function_that_does_not_answer_says_why(lambdas: SubprocessLambdas, handler: str, kind: str) -> None:
    """It left, it does not exist, or its answer is no JSON."""
    result = lambdas.invoke(function(handler), b"{}")
    assert result.function_error == "Unhandled"
    assert json.loads(result.payload)["errorType"] == kind


def test_a_large_answer_arrives_whole(lambdas: SubprocessLambdas) -> None:
    """More than a pipe holds."""
    assert len(json.loads(lambdas.invoke(function("large"), b"{}").payload)) == 3_000_000


def test_a_function_sees_its_mounts_and_the_emulator(lambdas: SubprocessLambdas, aws: Clients) -> None:
    """/mnt/data is the directory of the access point; AWS calls go to the emulator, with made-up credentials."""
    efs = aws.client("efs")
    system = efs.create_file_system(CreationToken="ts-lambda-data")["FileSystemId"]
    point = efs.create_access_point(ClientToken="root", FileSystemId=system, RootDirectory={"Path": "/"})
    configuration = function(
        "environment",
        Environment={"Variables": {"DATA_DIR": "/mnt/data/expenses"}},
        FileSystemConfigs=[{"Arn": point["AccessPointArn"], "LocalMountPath": "/mnt/data"}],
    )
    environment = json.loads(lambdas.invoke(configuration, b"{}").payload)
    assert environment["DATA_DIR"] == str(lambdas.root / "efs" / "ts-lambda-data" / "expenses")
    assert (lambdas.root / "efs" / "ts-lambda-data").is_dir()
    assert environment["AWS_ENDPOINT_URL"] == aws.endpoint
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "ts-enterprise-bridge"
    assert "PORT" not in environment


def test_a_function_without_a_command_says_what_is_missing(lambdas: SubprocessLambdas) -> None:
    """Locally the image's command names the handler."""
    result = lambdas.invoke(function("greet") | {"ImageConfigResponse": {}}, b"{}")
    assert "has no image command" in json.loads(result.payload)["errorMessage"]


def test_a_function_is_invoked_through_the_emulator(world: Any) -> None:
    """`aws lambda invoke` runs the code, and what it says is in its log group."""
    client = world.aws.client("lambda")
    role = world.aws.client("iam").create_role(RoleName=world.name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    client.create_function(
        FunctionName=world.name,
        PackageType="Image",
        Role=role,
        Code={"ImageUri": "registry.example/ts-bridge@sha256:" + "0" * 64},
        ImageConfig={"Command": ["platform.python_version_tuple_of_nothing"]},
        Timeout=5,
    )
    answer = client.invoke(FunctionName=world.name, Payload=b"{}")
    assert answer["FunctionError"] == "Unhandled"
    assert json.load(answer["Payload"])["errorType"] == "AttributeError"
    logs = world.aws.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{world.name}")["events"]
    assert any("AttributeError" in event["message"] for event in logs)
