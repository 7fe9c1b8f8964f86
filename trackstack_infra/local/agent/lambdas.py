"""Runs Lambda functions, each invocation in a process of its own from the checkout."""

import json
import logging
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackstack_infra.local.agent.environment import local_environment
from trackstack_infra.local.agent.orphans import TaskFile, kill_group
from trackstack_infra.local.agent.process import exit_text
from trackstack_infra.local.agent.service_definitions import Aws, Mount, efs_directory
from trackstack_infra.local.agent.volumes import Volumes
from trackstack_infra.local.cloud import InvocationResult

log = logging.getLogger(__name__)

BOOT = Path(__file__).with_name("lambda_boot.py")
DEFAULT_TIMEOUT_S = 3  # Lambda's
DEFAULT_MEMORY_MIB = 128  # same


@dataclass(frozen=True)
class SubprocessLambdas:
    """The emulator's LambdaRunner. Any thread may call it; an invocation takes as long as the function takes."""

    aws: Aws
    endpoint: str
    region: str
    root: Path
    volumes: Volumes
    task_file: TaskFile
    inherited: Mapping[str, str]
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())

    def invoke(self, function: dict[str, Any], payload: bytes) -> InvocationResult:
        """Run the function; an error of it is a result, with AWS's words."""
        request_id = self.new_id()
        handler = _handler(function)
        if handler is None:
            return _failed(
                "InvalidEntrypoint",
                f"{function['FunctionName']} has no image command; locally that names the handler (module.function)",
                request_id,
                "",
            )
        started = time.monotonic()
        # Files, not pipes: whatever the size, nobody has to read while the function runs.
        with tempfile.TemporaryFile() as event, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as result:
            event.write(payload)
            event.seek(0)
            process = subprocess.Popen(
                [sys.executable, str(BOOT), handler, str(result.fileno())],
                cwd=self.root,
                env=self._environment(function, request_id),
                stdin=event,
                stdout=output,
                stderr=output,
                pass_fds=(result.fileno(),),
                start_new_session=True,
            )
            code = self._wait(process, function)
            output.seek(0)
            said = output.read().decode(errors="replace")
            result.seek(0)
            answer = result.read() if code == 0 else b""
        text = _log_text(request_id, said, time.monotonic() - started, function)
        if code is None:
            seconds = _timeout_s(function)
            message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
            return _failed("Sandbox.Timedout", message, request_id, text + message + "\n")
        if not answer:
            message = f"RequestId: {request_id} Error: Runtime exited without providing a reason: {exit_text(code)}"
            return _failed("Runtime.ExitError", message, request_id, text + message + "\n")
        return InvocationResult(answer[1:], None if answer[:1] == b"+" else "Unhandled", text)

    def _wait(self, process: "subprocess.Popen[bytes]", function: Mapping[str, Any]) -> int | None:
        """Return the exit code, None when the function took too long; nothing of its process group is left."""
        self.task_file.add(f"lambda/{function['FunctionName']}", process.pid)
        try:
            return process.wait(_timeout_s(function))
        except subprocess.TimeoutExpired:
            return None
        finally:
            kill_group(process.pid)
            process.wait()
            self.task_file.remove(process.pid)

    def _environment(self, function: Mapping[str, Any], request_id: str) -> dict[str, str]:
        name = function["FunctionName"]
        environment = local_environment(
            function.get("Environment", {}).get("Variables", {}),
            endpoint=self.endpoint,
            region=self.region,
            mounts=self.volumes.directories(self._mounts(function), request_id),
            inherited=self.inherited,
        )
        return environment | {
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.get("MemorySize", DEFAULT_MEMORY_MIB)),
            "AWS_LAMBDA_LOG_GROUP_NAME": function.get("LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{name}"),
            "AWS_LAMBDA_LOG_STREAM_NAME": f"[$LATEST]{request_id}",
            "TRACKSTACK_FUNCTION_ARN": function["FunctionArn"],
            "TRACKSTACK_REQUEST_ID": request_id,
            "TRACKSTACK_TIMEOUT_S": str(_timeout_s(function)),
        }

    def _mounts(self, function: Mapping[str, Any]) -> list[Mount]:
        mounts = []
        for configuration in function.get("FileSystemConfigs") or ():
            access_point = configuration["Arn"].rsplit("/", 1)[-1]
            found = self.aws.client("efs").describe_access_points(AccessPointId=access_point)["AccessPoints"][0]
            token, directory = efs_directory(self.aws, found["FileSystemId"], access_point)
            mounts.append(Mount(configuration["LocalMountPath"], token, directory))
        return mounts


def _handler(function: Mapping[str, Any]) -> str | None:
    """What a function of an image names as its command, and one of files as its handler."""
    command = function.get("ImageConfigResponse", {}).get("ImageConfig", {}).get("Command")
    return command[0] if command else function.get("Handler") or None


def _timeout_s(function: Mapping[str, Any]) -> float:
    return float(function.get("Timeout") or DEFAULT_TIMEOUT_S)


def _failed(kind: str, message: str, request_id: str, text: str) -> InvocationResult:
    payload = {"errorType": kind, "errorMessage": message, "requestId": request_id}
    return InvocationResult(json.dumps(payload).encode(), "Unhandled", text)


def _log_text(request_id: str, said: str, seconds: float, function: Mapping[str, Any]) -> str:
    """The log of one invocation, between the lines that Lambda adds."""
    milliseconds = f"{seconds * 1000:.2f} ms"
    report = (
        f"REPORT RequestId: {request_id}\tDuration: {milliseconds}\tBilled Duration: {seconds * 1000:.0f} ms\t"
        f"Memory Size: {function.get('MemorySize', DEFAULT_MEMORY_MIB)} MB"
    )
    body = said if not said or said.endswith("\n") else said + "\n"
    return f"START RequestId: {request_id} Version: $LATEST\n{body}END RequestId: {request_id}\n{report}\n"
