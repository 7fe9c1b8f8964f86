"""What the local engine needs from a resource type, and what every way of meeting that has in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, runtime_checkable

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from trackstack_infra.local.provider.clients import Clients
from trackstack_infra.local.provider.errors import ProviderError, code_of, is_gone, message_of
from trackstack_infra.local.provider.shapes import Inputs

Outputs = dict[str, Any]
T = TypeVar("T")

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


@dataclass(frozen=True, kw_only=True)
class DeclaredType(ABC):
    """A resource type that names every input it understands.

    `fixed` and `changes` are blank separated: inputs whose change needs a new resource, and inputs that can be changed.
    An input in neither is refused, so that nothing is left out in silence.
    """

    token: str = field(kw_only=False)
    fixed: str = ""
    changes: str = ""
    name_property: str | None = None
    deletes_first: bool | None = None  # None: when it has a name, since two resources cannot have the same

    @property
    @abstractmethod
    def takes_tags(self) -> bool:
        """Whether it understands `tags`."""

    @property
    def replace_on(self) -> frozenset[str]:
        return frozenset(self.fixed.split())

    @property
    def delete_first(self) -> bool:
        return self.name_property is not None if self.deletes_first is None else self.deletes_first

    @property
    def understood(self) -> frozenset[str]:
        """All inputs it may be given."""
        return self.replace_on | set(self.changes.split()) | EVERYWHERE | ({"tags"} if self.takes_tags else set())

    def refuse_unknown(self, operation: str, asked: Iterable[str]) -> None:
        """Raise a ProviderError for inputs that would have to be left out in silence."""
        names = ", ".join(sorted(set(asked) - self.understood))
        if names:
            raise ProviderError(
                self.token,
                operation,
                "UnknownProperty",
                f"the local provider cannot set {names}; it knows {', '.join(sorted(self.understood))}. "
                f"Leave it out, or teach it the handler in trackstack_infra/local/provider",
            )

    def tags_all(self, inputs: Inputs) -> Outputs:
        """The output by which Terraform says which tags a resource has."""
        return {"tagsAll": dict(inputs.get("tags") or {})} if self.takes_tags else {}

    def gone(self, ref: str) -> ProviderError:
        """What an update meets when somebody deleted the resource."""
        return ProviderError(
            self.token, "update", "NotFound", f"{ref} no longer exists; run `trackstack up` to create it again"
        )


def changed(old: Inputs, new: Inputs) -> set[str]:
    """The inputs that differ."""
    return {key for key in {*old, *new} if old.get(key) != new.get(key)}


def program_inputs(inputs: Inputs) -> Inputs:
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
                f"{error}; the local emulator has stopped: run `trackstack up` again to start it",
            ) from error
        if isinstance(error, BotoCoreError | ValueError):
            raise ProviderError(self._token, self._operation, "InvalidRequest", str(error)) from error
