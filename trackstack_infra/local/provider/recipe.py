"""The mechanics that all handlers share: a handler is a table entry and a few functions of its service's client."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, runtime_checkable

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from trackstack_infra.local.provider.clients import Client, Clients
from trackstack_infra.local.provider.errors import ProviderError, code_of, is_gone, is_taken, message_of
from trackstack_infra.local.provider.shapes import Inputs

Outputs = dict[str, Any]
T = TypeVar("T")
Found = dict[str, Any]  # what AWS says about a resource, in AWS's spelling

# Set on every resource by the SDK or by Terraform alone; no service is told about them.
EVERYWHERE = frozenset({"region"})


@runtime_checkable
class Handler(Protocol):
    """What the local engine needs from a resource type. Inputs and outputs are plain JSON under Pulumi's wire names."""

    @property
    def token(self) -> str: ...
    @property
    def replace_on(self) -> frozenset[str]:
        """Inputs whose change needs a new resource."""

    @property
    def delete_first(self) -> bool:
        """Whether a replacement deletes the old resource before it creates the new one."""

    @property
    def name_property(self) -> str | None:
        """The input that the engine fills with an `auto_name` when the program gave none."""

    def create(self, aws: Clients, inputs: Inputs, /) -> tuple[str, Outputs]: ...
    def read(self, aws: Clients, ref: str, inputs: Inputs, /) -> Outputs | None: ...
    def update(self, aws: Clients, ref: str, old: Inputs, new: Inputs, /) -> Outputs: ...
    def delete(self, aws: Clients, ref: str, outputs: Outputs, /) -> None: ...
    def find(self, aws: Clients, inputs: Inputs, /) -> tuple[str, Outputs] | None: ...


class Tagging(Protocol):
    """How a service takes tags after creation."""

    def __call__(
        self, client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str], /
    ) -> None: ...


def _nothing(*_: Any) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One resource type.

    `fixed` and `changes` name, blank separated, every input the type understands: those that need a new resource, and
    those that `change` brings in. An input in neither is refused, so that nothing is left out in silence.
    """

    token: str = field(kw_only=False)
    service: str
    fixed: str = ""
    changes: str = ""
    name_property: str | None = None
    make: Callable[[Client, Inputs], Found]
    look: Callable[[Client, str, Inputs], Found | None]
    identify: str | Callable[[Found, Inputs], str]  # a key of what was found, or how to tell
    shown: Mapping[str, str] | Callable[[Found, Inputs], Outputs]  # ours -> AWS's key, or how to tell
    change: Callable[[Client, str, Inputs, Inputs], object] = _nothing
    remove: Callable[[Client, str, Outputs], object]
    search: Callable[[Client, Inputs], Found | None]
    tagging: Tagging | None = None
    deletes_first: bool | None = None  # None: when it has a name, since two resources cannot have the same

    @property
    def replace_on(self) -> frozenset[str]:
        return frozenset(self.fixed.split())

    @property
    def delete_first(self) -> bool:
        return self.name_property is not None if self.deletes_first is None else self.deletes_first

    @property
    def understood(self) -> frozenset[str]:
        return self.replace_on | set(self.changes.split()) | EVERYWHERE | ({"tags"} if self.tagging else set())

    def create(self, aws: Clients, inputs: Inputs) -> tuple[str, Outputs]:
        inputs = given(inputs)
        refuse_unknown(self, "create", inputs)
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
            found = unless_gone(lambda: self.look(aws.client(self.service), ref, given(inputs)))
            return None if found is None else self._outputs(found, given(inputs))

    def update(self, aws: Clients, ref: str, old: Inputs, new: Inputs) -> Outputs:
        old, new = given(old), given(new)
        changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
        refuse_unknown(self, "update", changed)
        with explained(self.token, "update"):
            client = aws.client(self.service)
            if changed - {"tags"}:
                self.change(client, ref, old, new)
            found = self.look(client, ref, new)
            if found is None:
                raise ProviderError(
                    self.token, "update", "NotFound", f"{ref} is gone; run `trackstack up` to create it again"
                )
            outputs = self._outputs(found, new)
            if "tags" in changed and self.tagging is not None:
                before, after = old.get("tags") or {}, new.get("tags") or {}
                self.tagging(client, ref, outputs, after, [key for key in before if key not in after])
            return outputs

    def delete(self, aws: Clients, ref: str, outputs: Outputs) -> None:
        with explained(self.token, "delete"):
            unless_gone(lambda: self.remove(aws.client(self.service), ref, outputs))

    def find(self, aws: Clients, inputs: Inputs) -> tuple[str, Outputs] | None:
        inputs = given(inputs)
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
        tags = {"tagsAll": dict(inputs.get("tags") or {})} if self.tagging is not None else {}
        return {**inputs, **tags, **self._shown(found, inputs), "id": self.identity(found, inputs)}

    def _shown(self, found: Found, inputs: Inputs) -> Outputs:
        if callable(self.shown):
            return self.shown(found, inputs)
        return {ours: found[aws] for ours, aws in self.shown.items() if aws in found}


class Knowing(Protocol):
    """A handler that says which inputs it understands."""

    @property
    def token(self) -> str: ...
    @property
    def understood(self) -> frozenset[str]: ...


def refuse_unknown(handler: Knowing, operation: str, asked: Iterable[str]) -> None:
    """Raise a ProviderError for inputs that the handler would have to leave out in silence."""
    names = ", ".join(sorted(set(asked) - handler.understood))
    if names:
        raise ProviderError(
            handler.token,
            operation,
            "UnknownProperty",
            f"the local provider cannot set {names}; it knows {', '.join(sorted(handler.understood))}. "
            f"Leave it out, or teach it the handler in trackstack_infra/local/provider",
        )


def given(inputs: Inputs) -> Inputs:
    """What the program set: the SDK sends None for what it left out."""
    return {key: value for key, value in inputs.items() if value is not None}


def unless_gone(ask: Callable[[], T]) -> T | None:
    """What ASK answers, or None when AWS says that what it asks for is not there."""
    try:
        return ask()
    except ClientError as error:
        if is_gone(error):
            return None
        raise


class explained:  # noqa: N801 (reads as a word of the with statement)
    """Turns what boto3 raises into a ProviderError that names the resource type and the operation."""

    def __init__(self, token: str, operation: str) -> None:
        self._token = token
        self._operation = operation

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ClientError):
            raise ProviderError(self._token, self._operation, code_of(error), message_of(error)) from error
        if isinstance(error, EndpointConnectionError):
            raise ProviderError(
                self._token,
                self._operation,
                "NoAnswer",
                f"{error}; the local emulator has ended: run `trackstack up` again, which starts it",
            ) from error
        if isinstance(error, BotoCoreError | ValueError):
            raise ProviderError(self._token, self._operation, "InvalidRequest", str(error)) from error
