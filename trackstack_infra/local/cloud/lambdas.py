"""Lambda invocations, run outside the emulator's lock: the function itself calls the emulator."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import LambdaFunction
from moto.awslambda.utils import get_backend
from moto.logs.models import LogsBackend, logs_backends

from trackstack_infra.local.cloud.call import AwsCall
from trackstack_infra.local.cloud.emulator import Emulator
from trackstack_infra.local.cloud.environment import ACCOUNT
from trackstack_infra.local.cloud.reply import Reply, aws_error, reply
from trackstack_infra.local.cloud.runner import LambdaRunner

_INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations/?")
_LOG_TAIL_BYTES = 4096  # what AWS returns of the log with LogType Tail


def invoked_function(call: AwsCall) -> str | None:
    """The name of the function that CALL invokes, or None when it is another call."""
    match = _INVOKE.fullmatch(call.path) if call.service == "lambda" and call.method == "POST" else None
    return unquote(match[1]) if match else None


@dataclass(frozen=True)
class Lambdas:
    """Answers Invoke."""

    emulator: Emulator
    runner: LambdaRunner
    region: str
    clock: Callable[[], float]

    def answer(self, call: AwsCall, name: str, payload: bytes, invocation: str) -> Reply:
        """Run the function and say what it answered; INVOCATION is the invocation's id."""
        region = call.region or self.region
        with self.emulator.lock:
            try:
                function = get_backend(ACCOUNT, region).get_function(name)
            except UnknownFunctionException as error:
                return aws_error(call, 404, "ResourceNotFoundException", str(error.message))
            configuration = describe(function)
        result = self.runner.invoke(configuration, payload or b"{}")
        with self.emulator.lock:
            group = configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{name}"
            _keep_log(logs_backends[ACCOUNT][region], group, invocation, result.log, int(self.clock() * 1000))
        tail = base64.b64encode(result.log.encode()[-_LOG_TAIL_BYTES:]).decode()
        headers = [("X-Amz-Executed-Version", "$LATEST"), ("X-Amz-Log-Result", tail)]
        if result.function_error is not None:
            headers.append(("X-Amz-Function-Error", result.function_error))
        return reply(200, "application/json", result.payload, headers)


def describe(function: LambdaFunction) -> dict[str, Any]:
    """The function's configuration as plain JSON."""
    configuration: dict[str, Any] = json.loads(json.dumps(function.get_configuration(), default=str))
    return {**configuration, "ImageUri": function.code.get("ImageUri")}


def _keep_log(backend: LogsBackend, group: str, invocation: str, text: str, now_ms: int) -> None:
    stream = f"[$LATEST]{invocation}"
    backend.ensure_log_group(group)
    backend.ensure_log_stream(group, stream)
    lines = [{"timestamp": now_ms, "message": line} for line in text.splitlines() if line]
    if lines:
        backend.put_log_events(group, stream, lines)
