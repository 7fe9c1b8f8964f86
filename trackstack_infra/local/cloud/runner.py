"""What runs the code of a Lambda function. The supervisor brings one; the emulator only asks it."""

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class InvocationResult:
    """What a function answered. `function_error` is AWS's word: None, "Handled" or "Unhandled"."""

    payload: bytes
    function_error: str | None
    log: str


class LambdaRunner(Protocol):
    """Runs the code of a function."""

    def invoke(self, function: dict[str, Any], payload: bytes) -> InvocationResult:
        """FUNCTION is its configuration as GetFunctionConfiguration answers it, with the `ImageUri` of its code."""
