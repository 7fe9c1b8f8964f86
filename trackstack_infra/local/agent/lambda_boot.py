"""Runs inside the process of a function: python lambda_boot.py HANDLER RESULT_FD, the event on stdin.

Answers as Lambda's own runtime does: the result as JSON, or errorMessage, errorType and stackTrace.
Imports nothing of the toolkit, so that the function sees its own code only.
"""

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Context:
    """What a handler gets as its second argument."""

    def __init__(self, started: float) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.invoked_function_arn = os.environ["TRACKSTACK_FUNCTION_ARN"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.aws_request_id = os.environ["TRACKSTACK_REQUEST_ID"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self._deadline = started + float(os.environ["TRACKSTACK_TIMEOUT_S"])

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still take."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def run(handler: str, event: bytes, started: float) -> tuple[bool, bytes]:
    """Return whether the handler succeeded, and what it or its error looks like as JSON."""
    try:
        return True, json.dumps(_load(handler)(json.loads(event), Context(started))).encode()
    except Exception as error:  # noqa: BLE001 - whatever the handler raises is the answer
        traceback.print_exc()
        answer = {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "requestId": os.environ["TRACKSTACK_REQUEST_ID"],
            "stackTrace": traceback.format_list(traceback.extract_tb(error.__traceback__)[1:]),
        }
        return False, json.dumps(answer).encode()


def _load(handler: str) -> Callable[[Any, Context], Any]:
    module, _, name = handler.rpartition(".")
    function: Callable[[Any, Context], Any] = getattr(importlib.import_module(module), name)
    return function


def main() -> None:
    """The process of one invocation."""
    started = time.monotonic()
    sys.path[0] = str(Path.cwd())  # as `python -m` would: the checkout, not this file's directory
    succeeded, answer = run(sys.argv[1], sys.stdin.buffer.read(), started)
    sys.stdout.flush()
    with os.fdopen(int(sys.argv[2]), "wb") as result:
        result.write((b"+" if succeeded else b"-") + answer)


if __name__ == "__main__":
    main()
