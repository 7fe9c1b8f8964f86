"""A session: everything that one command on one stack works with, each part loaded once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

from stacks import PROGRAMS
from trackstack_infra.local.engine import EngineEvent, LocalEngine, Plan, StackState, take_state
from trackstack_infra.local.provider import Clients
from trackstack_infra.local.state_dir.operation_lock import operation_lock
from trackstack_infra.local.state_dir.overrides import NO_OVERRIDES, Overrides
from trackstack_infra.local.state_dir.run_file import source_version
from trackstack_infra.local.supervisor.client import Supervisor
from trackstack_infra.names import FOUNDATION, STACKS
from trackstack_infra.settings.load import SettingsFiles
from trackstack_infra.stack import Stack

START_TIMEOUT_S = 60.0


class Progress(Protocol):
    """Where a command says what it is doing."""

    def step(self, doing: str) -> AbstractContextManager[None]: ...
    def say(self, text: str) -> None: ...
    def expect(self, stack: str, plan: Plan) -> None: ...
    def on_event(self, event: EngineEvent) -> None: ...


@dataclass(kw_only=True)
class Session:
    """One command's stack, settings, local cloud and engine. Clock, ids and Ctrl-C come from outside."""

    stack: Stack
    files: SettingsFiles
    """The checkout's settings, by stack; they know its root, too."""
    home: Path
    """State directory of the local target."""
    port_base: int
    progress: Progress
    stop: threading.Event
    """Set by Ctrl-C: nothing new starts, what runs is finished and saved."""
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    overrides: Overrides = field(default=NO_OVERRIDES)
    """Settings that replace those of the stack's file."""

    @cached_property
    def found(self) -> Supervisor | None:
        """The local cloud, if it runs."""
        return Supervisor.find(self.home)

    @cached_property
    def cloud(self) -> Supervisor:
        """The local cloud, started where it does not run."""
        if self.found is None:
            return self._start()
        if self.found.version != source_version(self.files.root):
            self.progress.say(
                "The local cloud runs other code than this checkout: run `trackstack local stop` to renew it."
            )
        return self.found

    @cached_property
    def engine(self) -> LocalEngine:
        """The engine that works in the local cloud, which is started for it."""
        return self._engine(self.cloud)

    @cached_property
    def planner(self) -> LocalEngine:
        """An engine to plan with: in the local cloud where it runs, else without one."""
        return self._engine(self.found)

    @cached_property
    def aws(self) -> Clients:
        """AWS clients of the local cloud."""
        return Clients(self.cloud.endpoint, self.region)

    @cached_property
    def region(self) -> str:
        """Foundation's, which is that of the whole local cloud."""
        return self.files.settings(FOUNDATION).region

    @contextmanager
    def changing(self, verb: str) -> Iterator[None]:
        """Nobody else changes the state directory meanwhile, and every state file in it can be read."""
        with operation_lock(self.home, verb, self.stack.name, self.now()):
            for name in STACKS:
                take_state(self.home, name, self.now())
            yield

    def lives(self, state: StackState | None) -> bool:
        """Whether a state is of the local cloud that runs now, and not of one that is gone."""
        return state is not None and self.found is not None and state.boot_id == self.found.boot_id

    def is_on(self, state: StackState | None) -> bool:
        """Whether services of the state's stack run now."""
        return state is not None and self.lives(state) and bool(state.outputs.get("services"))

    def _start(self) -> Supervisor:
        with self.progress.step("starting the local cloud"), ThreadPoolExecutor(1) as pool:
            starting = pool.submit(
                Supervisor.start, self.home, self.port_base, START_TIMEOUT_S, "--region", self.region
            )
            PROGRAMS[self.stack.name]  # brings Pulumi in, which takes as long as the cloud takes to start
            self.found = starting.result()
            return self.found

    def _engine(self, cloud: Supervisor | None) -> LocalEngine:
        endpoint, boot_id = (cloud.endpoint, cloud.boot_id) if cloud else ("", "")
        return LocalEngine(self.home, endpoint, boot_id, region=self.region, clock=self.now)
