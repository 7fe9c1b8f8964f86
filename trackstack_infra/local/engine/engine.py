"""The local engine: makes the emulator hold what a program describes, and remembers it in a state file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from trackstack_infra.errors import Failed
from trackstack_infra.graph.values import revealed
from trackstack_infra.local.engine.live import LiveState
from trackstack_infra.local.engine.plan import Change, EngineEvent, Plan, Result, change
from trackstack_infra.local.engine.state import StackState, is_object, read_state, state_path, take_state

if TYPE_CHECKING:
    from trackstack_infra.local.engine.operations import Operations, Provider
    from trackstack_infra.local.provider import Clients, Handler

THREADS: Final = 16  # creates that run at once; they wait for the emulator, not for a core
Program = Callable[[], None]
OnEvent = Callable[[EngineEvent], None]


class LocalEngine:
    """Runs programs against one emulator. The caller sees to it that one run at a time changes a stack."""

    def __init__(
        self,
        home: Path,
        endpoint: str,
        boot_id: str,
        *,
        region: str,
        clock: Callable[[], datetime],
        handlers: Mapping[str, Handler] | None = None,
        clients: Callable[[], Clients] | None = None,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._home = home
        self._endpoint = endpoint
        self._boot_id = boot_id
        self._region = region
        self._clock = clock
        self._handlers = handlers
        self._clients = clients
        self._pause = pause
        self._connecting = threading.Lock()

    def state(self, stack: str) -> StackState | None:
        """The stack as the last run left it."""
        return read_state(self._home, stack)

    def preview(self, stack: str, program: Program) -> Plan:
        """What `up` would do. Nothing changes, and the emulator is not asked."""
        from trackstack_infra.graph.program import run_program
        from trackstack_infra.local.engine.preview import Preview

        live = self._live(stack, read_state(self._home, stack))
        operations = self._operations(live, lambda _event: None, threading.Event(), f"trackstack preview {stack}")
        preview = Preview(live, self._provider, operations, stack=stack, other_stack=self._other_stack)
        run_program(program, preview, config=self._config, dry_run=True)
        return preview.plan()

    def up(
        self, stack: str, program: Program, *, on_event: OnEvent, stop: threading.Event, again: str | None = None
    ) -> Result:
        """Make the emulator hold what the program describes.

        A failure, or `stop`, lets running operations finish and keeps new ones from starting; all that happened is in
        the state. `again` is the command that goes on from there.
        """
        from trackstack_infra.graph.program import run_program
        from trackstack_infra.local.engine.deploy import Deploy

        began = time.monotonic()
        live = self._live(stack, take_state(self._home, stack, self._clock()))
        operations = self._operations(live, on_event, stop, again or f"trackstack up {stack}")
        deploy = Deploy(live, self._provider, operations, stack=stack, other_stack=self._other_stack)
        with _explained(live, operations):
            deploy.recover()
            run_program(program, deploy, config=self._config, dry_run=False, threads=THREADS)
            deploy.delete_leftovers()
        state = live.seal(revealed(deploy.outputs), deploy.secret_outputs())
        changes = Plan.of(deploy.changes.values()).changes
        return Result(changes, state.outputs, state.secret_outputs, time.monotonic() - began)

    def preview_destroy(self, stack: str) -> Plan:
        """What `destroy` would delete."""
        return Plan(_deletions(self._current(read_state(self._home, stack))))

    def destroy(
        self, stack: str, *, on_event: OnEvent, stop: threading.Event, data: bool = False, again: str | None = None
    ) -> Result:
        """Delete the stack and its state. With protected resources it refuses before the first deletion, unless `data`
        says that they are to go too."""
        from trackstack_infra.local.engine.delete import Deletion
        from trackstack_infra.local.engine.recover import recover

        began = time.monotonic()
        state = self._current(take_state(self._home, stack, self._clock()))
        if state is not None:
            if state.protected and not data:
                raise _protected(state)
            live = self._live(stack, state)
            operations = self._operations(live, on_event, stop, again or f"trackstack destroy {stack}")
            deletion = Deletion(live, operations)
            with _explained(live, operations):
                unsure = recover(live, operations)
                deletion.delete(live.snapshot().resources, unsure)
        state_path(self._home, stack).unlink(missing_ok=True)
        return Result(_deletions(state), {}, (), time.monotonic() - began)

    @cached_property
    def _provider(self) -> Provider:
        from trackstack_infra.local import provider
        from trackstack_infra.local.engine.operations import Provider

        clients = self._clients or self._connected
        handlers = provider.HANDLERS if self._handlers is None else self._handlers
        if not self._endpoint and self._clients is None:
            return Provider(handlers, clients, self._function_without_emulator)
        return Provider(handlers, clients, lambda token, arguments: provider.invoke(clients(), token, arguments))

    def _function_without_emulator(self, token: str, _arguments: dict[str, Any]) -> Mapping[str, Any]:
        """A preview on a machine where nothing runs: account and region are made up, as in a recorded graph."""
        from trackstack_infra.graph.fabricated import Fabricator

        made_up = Fabricator(region=self._region, references={}).function(token)
        if made_up is None:
            raise Failed(f"only the emulator can answer {token}", hint="run `trackstack up foundation` first")
        return made_up

    @cached_property
    def _made_clients(self) -> Clients:
        from trackstack_infra.local.provider import Clients

        return Clients(self._endpoint, self._region)

    def _connected(self) -> Clients:
        with self._connecting:
            return self._made_clients

    @property
    def _config(self) -> dict[str, str]:
        return {"aws:region": self._region}

    def _current(self, state: StackState | None) -> StackState | None:
        """The state, unless the emulator that it describes is gone, and everything in it."""
        return state if state is not None and state.boot_id == self._boot_id else None

    def _live(self, stack: str, state: StackState | None) -> LiveState:
        empty = StackState(stack, self._boot_id, self._clock())
        return LiveState(state_path(self._home, stack), self._current(state) or empty, self._clock)

    def _operations(self, live: LiveState, on_event: OnEvent, stop: threading.Event, again: str) -> Operations:
        from trackstack_infra.local.engine.operations import Operations

        return Operations(
            self._provider, lookup=live.__getitem__, on_event=on_event, stop=stop, again=again, pause=self._pause
        )

    def _other_stack(self, stack: str) -> StackState | None:
        return self._current(read_state(self._home, stack))


@contextmanager
def _explained(live: LiveState, operations: Operations) -> Iterator[None]:
    """However a run ends, what is known is on disk, and its first failure is what comes out."""
    try:
        yield
    except BaseException:
        live.save()
        if operations.failure is not None:
            raise operations.failure from operations.failure.__cause__
        raise


def _deletions(state: StackState | None) -> tuple[Change, ...]:
    entries = filter(is_object, state.resources) if state else ()
    return Plan.of(change(entry, "delete", reason="the stack is destroyed") for entry in entries).changes


def _protected(state: StackState) -> Failed:
    names = ", ".join(entry.name for entry in state.protected)
    return Failed(
        f"{state.stack} holds data: {names} are protected, so nothing was deleted",
        hint="back up the data, then confirm its destruction",
    )
