"""Lambda: one call of a function as a resource, whose output is what the function answered."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from trackstack_infra.local.provider.clients import Clients
from trackstack_infra.local.provider.errors import ProviderError
from trackstack_infra.local.provider.handler import Outputs, explained
from trackstack_infra.local.provider.shapes import Inputs


@dataclass(frozen=True)
class Invocation:
    """Calls when it is created, and again when its input or its triggers change. There is nothing to delete."""

    token: str = "aws:lambda/invocation:Invocation"  # noqa: S105 (a type's name)
    replace_on: frozenset[str] = frozenset({"functionName", "qualifier"})
    delete_first: bool = False
    name_property: str | None = None

    def create(self, aws: Clients, inputs: Inputs) -> tuple[str, Outputs]:
        ref = _identity(inputs)
        return ref, self._call(aws, "create", ref, inputs)

    def read(self, aws: Clients, ref: str, inputs: Inputs) -> Outputs | None:
        """Nothing keeps what a function answered: a read can only say that it was asked."""
        return {**inputs, "id": ref}

    def update(self, aws: Clients, ref: str, old: Inputs, new: Inputs) -> Outputs:
        return self._call(aws, "update", ref, new)

    def delete(self, aws: Clients, ref: str, outputs: Outputs) -> None:
        return None

    def find(self, aws: Clients, inputs: Inputs) -> tuple[str, Outputs] | None:
        """An interrupted call is made again: what it would have answered is lost."""
        return None

    def _call(self, aws: Clients, operation: str, ref: str, inputs: Inputs) -> Outputs:
        with explained(self.token, operation):
            answer = aws.client("lambda").invoke(
                FunctionName=inputs["functionName"],
                InvocationType="RequestResponse",
                Payload=str(inputs["input"]).encode(),
            )
            payload = answer["Payload"].read().decode()
        if answer.get("FunctionError"):
            raise ProviderError(self.token, operation, str(answer["FunctionError"]), _sentence(payload), kind="data")
        return {**inputs, "result": payload, "id": ref}


def _identity(inputs: Inputs) -> str:
    asked = hashlib.sha256(str(inputs["input"]).encode()).hexdigest()[:32]
    return f"{inputs['functionName']}_{inputs.get('qualifier') or '$LATEST'}_{asked}"


def _sentence(payload: str) -> str:
    """What the function says went wrong."""
    try:
        said: Any = json.loads(payload)
    except ValueError:
        return payload
    return str(said.get("errorMessage") or payload) if isinstance(said, dict) else payload
