"""Resource types that the emulator has: a table entry each, and a few functions of its service's client."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import ClientError

from trackstack_infra.local.provider.clients import Client, Clients
from trackstack_infra.local.provider.errors import is_taken
from trackstack_infra.local.provider.handler import (
    DeclaredType,
    Outputs,
    changed,
    explained,
    program_inputs,
    unless_gone,
)
from trackstack_infra.local.provider.shapes import Inputs

Found = dict[str, Any]  # what AWS says about a resource, in AWS's spelling


class Tagging(Protocol):
    """How a service takes tags after creation."""

    def __call__(
        self, client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str], /
    ) -> None: ...


def _nothing(*_: Any) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Recipe(DeclaredType):
    """A resource type that the emulator has: how it is made, looked up, changed and removed through boto3."""

    service: str
    make: Callable[[Client, Inputs], Found]
    look: Callable[[Client, str, Inputs], Found | None]
    identify: str | Callable[[Found, Inputs], str]  # a key of what was found, or how to tell
    shown: Mapping[str, str] | Callable[[Found, Inputs], Outputs]  # ours -> AWS's key, or how to tell
    change: Callable[[Client, str, Inputs, Inputs], object] = _nothing
    remove: Callable[[Client, str, Outputs], object]
    search: Callable[[Client, Inputs], Found | None]
    tagging: Tagging | None = None

    @property
    def takes_tags(self) -> bool:
        return self.tagging is not None

    def create(self, aws: Clients, inputs: Inputs) -> tuple[str, Outputs]:
        inputs = program_inputs(inputs)
        self.refuse_unknown("create", inputs)
        with explained(self.token, "create"):
            client = aws.client(self.service)
            try:
                found = self.make(client, inputs)
            except ClientError as error:
                existing = self.search(client, inputs) if is_taken(error) else None
                if existing is None:
                    raise
                found = self._adopt(client, existing, inputs)
            return self.identity(found, inputs), self._outputs(found, inputs)

    def read(self, aws: Clients, ref: str, inputs: Inputs) -> Outputs | None:
        with explained(self.token, "read"):
            found = unless_gone(lambda: self.look(aws.client(self.service), ref, program_inputs(inputs)))
            return None if found is None else self._outputs(found, program_inputs(inputs))

    def update(self, aws: Clients, ref: str, old: Inputs, new: Inputs) -> Outputs:
        old, new = program_inputs(old), program_inputs(new)
        differing = changed(old, new)
        self.refuse_unknown("update", differing)
        with explained(self.token, "update"):
            client = aws.client(self.service)
            if differing - {"tags"}:
                self.change(client, ref, old, new)
            found = self.look(client, ref, new)
            if found is None:
                raise self.gone(ref)
            outputs = self._outputs(found, new)
            if "tags" in differing and self.tagging is not None:
                before, after = old.get("tags") or {}, new.get("tags") or {}
                self.tagging(client, ref, outputs, after, [key for key in before if key not in after])
            return outputs

    def delete(self, aws: Clients, ref: str, outputs: Outputs) -> None:
        with explained(self.token, "delete"):
            unless_gone(lambda: self.remove(aws.client(self.service), ref, outputs))

    def find(self, aws: Clients, inputs: Inputs) -> tuple[str, Outputs] | None:
        inputs = program_inputs(inputs)
        with explained(self.token, "find"):
            found = unless_gone(lambda: self.search(aws.client(self.service), inputs))
            return None if found is None else (self.identity(found, inputs), self._outputs(found, inputs))

    def identity(self, found: Found, inputs: Inputs) -> str:
        return str(found[self.identify]) if isinstance(self.identify, str) else self.identify(found, inputs)

    def _adopt(self, client: Client, existing: Found, inputs: Inputs) -> Found:
        """Take over what an interrupted run left, and bring it to INPUTS."""
        ref = self.identity(existing, inputs)
        self.change(client, ref, {}, inputs)
        if self.tagging is not None and inputs.get("tags"):
            self.tagging(client, ref, self._outputs(existing, inputs), inputs["tags"], [])
        return self.look(client, ref, inputs) or existing

    def _outputs(self, found: Found, inputs: Inputs) -> Outputs:
        return {**inputs, **self.tags_all(inputs), **self._shown(found, inputs), "id": self.identity(found, inputs)}

    def _shown(self, found: Found, inputs: Inputs) -> Outputs:
        if callable(self.shown):
            return self.shown(found, inputs)
        return {ours: found[aws] for ours, aws in self.shown.items() if aws in found}
