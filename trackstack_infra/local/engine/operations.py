"""Calls to the provider: retried when it is only busy, published to whoever watches, and explained when they fail."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from trackstack_infra.errors import DataNotVerified, Failed, Interrupted, TrackStackError
from trackstack_infra.graph.model import Resource
from trackstack_infra.graph.urns import name_of, type_of
from trackstack_infra.local.engine.plan import Action, ComponentName, EngineEvent, Status
from trackstack_infra.local.engine.state import ResourceState

if TYPE_CHECKING:
    from trackstack_infra.local.provider import Clients, Handler

RETRY_AFTER_S: Final = (0.2, 0.8, 3.2)
_BUSY = re.compile(r"Throttl|TooManyRequests|RequestLimitExceeded|SlowDown")
T = TypeVar("T")
Created = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Provider:
    """The resource types that can be made, and the emulator to make them in."""

    handlers: Mapping[str, Handler]
    clients: Callable[[], Clients]
    function: Callable[[str, dict[str, Any]], Mapping[str, Any]]

    def handler(self, type_: str) -> Handler:
        """The handler of a type."""
        handler = self.handlers.get(type_)
        if handler is None:
            raise Failed(
                f"the local target cannot create a {type_}: its provider has no handler for this type",
                hint="add one in trackstack_infra/local/provider, or leave the resource out of the stack",
            )
        return handler


class Operations:
    """One run's calls. The first failure, or a wish to stop, keeps every further call from starting."""

    def __init__(
        self,
        provider: Provider,
        *,
        lookup: Callable[[str], ResourceState | None],
        on_event: Callable[[EngineEvent], None],
        stop: threading.Event,
        again: str,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._provider = provider
        self._lookup = lookup
        self._on_event = on_event
        self._stop = stop
        self._again = again
        self._pause = pause
        self._publishing = threading.Lock()
        self.failure: BaseException | None = None

    def check(self) -> None:
        """Raise what keeps this run from going on, if anything does."""
        if self.failure is not None:
            raise self.failure
        if self._stop.is_set():
            raise Interrupted(
                "stopped on request; operations in progress finished and are recorded",
                hint=f"run `{self._again}` to continue",
            )

    @contextmanager
    def stopping_all(self) -> Iterator[None]:
        """Whatever goes wrong inside is the failure of the whole run, if it is the first."""
        try:
            yield
        except BaseException as error:
            self.failure = self.failure or error
            raise

    def wait(self, seconds: float) -> None:
        """Let time pass before the next call."""
        self._pause(seconds)

    def create(self, entry: ResourceState) -> Created:
        """Make it; returns its id and outputs."""
        handler = self._provider.handler(entry.type)
        created = self._call(entry, "create", lambda aws: handler.create(aws, entry.inputs))
        if not created[0]:
            raise self._failed(entry, "create", ValueError("the provider answered with an empty id"))
        return created

    def update(self, entry: ResourceState, old: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change what exists from the `old` inputs to the entry's; returns its outputs."""
        handler = self._provider.handler(entry.type)
        return self._call(entry, "update", lambda aws: handler.update(aws, entry.id, old, entry.inputs))

    def delete(self, entry: ResourceState) -> None:
        """Remove it; that it is gone already is fine."""
        handler = self._provider.handler(entry.type)
        self._call(entry, "delete", lambda aws: handler.delete(aws, entry.id, dict(entry.outputs)))

    def read(self, entry: ResourceState) -> Mapping[str, Any] | None:
        """Its outputs as they are now, None when it is gone."""
        handler = self._provider.handler(entry.type)
        return self._call(entry, "read", lambda aws: handler.read(aws, entry.id, entry.inputs))

    def find(self, entry: ResourceState) -> Created | None:
        """The object that an interrupted create may have left."""
        handler = self._provider.handler(entry.type)
        return self._call(entry, "find", lambda aws: handler.find(aws, entry.inputs))

    def publish(self, resource: Resource | ResourceState, action: Action, status: Status, seconds: float = 0.0) -> None:
        """Report a step; one thread at a time."""
        component = self._component(resource.parent)
        urn, type_, name, parent = resource.urn, resource.type, resource.name, resource.parent
        event = EngineEvent(urn, type_, name, parent, component, action, status, seconds)
        with self._publishing:
            self._on_event(event)

    def step(self, resource: Resource | ResourceState, action: Action, work: Callable[[], T]) -> T:
        """Do the work of one action and report its start and end."""
        self.check()
        self.publish(resource, action, "started")
        began = time.monotonic()
        try:
            result = work()
        except BaseException:
            self.publish(resource, action, "failed", time.monotonic() - began)
            raise
        self.publish(resource, action, "done", time.monotonic() - began)
        return result

    def _component(self, parent: str | None) -> ComponentName | None:
        while parent and (above := self._lookup(parent)) and above.custom:
            parent = above.parent
        return ComponentName(name_of(parent), type_of(parent)) if parent else None

    def _call(self, entry: ResourceState, operation: str, work: Callable[[Clients], T]) -> T:
        for delay in (*RETRY_AFTER_S, None):
            try:
                result = work(self._provider.clients())
                json.dumps(result)  # the state could not keep anything else, and the object would be lost
            except Exception as error:
                if delay is not None and _BUSY.search(str(getattr(error, "code", ""))):
                    self._pause(delay)
                    continue
                raise self._failed(entry, operation, error) from error
            return result
        raise AssertionError("the last try returns or raises")

    def _failed(self, entry: ResourceState, operation: str, error: Exception) -> TrackStackError:
        cause = _masked(_cause(error), entry)
        kind = DataNotVerified if getattr(error, "kind", "failed") == "data" else Failed
        failure = kind(
            f"could not {operation} {entry.name} ({entry.type}): {cause}",
            hint=f"completed operations are recorded: run `{self._again}` to continue",
        )
        self.failure = self.failure or failure
        return failure


def _cause(error: Exception) -> str:
    """What the emulator said; a ProviderError repeats the type and the operation, which the sentence has already."""
    code, message = getattr(error, "code", None), getattr(error, "message", None)
    if isinstance(message, str) and isinstance(code, str) and getattr(error, "kind", "failed") == "failed":
        return f"{code}: {message}"
    return str(error) or type(error).__name__


def _masked(text: str, entry: ResourceState) -> str:
    for name in entry.secrets:
        for secret in _texts(entry.inputs.get(name)):
            text = text.replace(secret, "[secret]")
    return text


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if len(value) > 3 else []  # replacing shorter ones would garble the sentence
    if isinstance(value, Mapping):
        value = list(value.values())
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []
