"""What every command that works on the local stacks goes by: its tools, the lock, the cloud and its engine."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from stacks import PROGRAMS
from trackstack_infra.local.engine import EngineEvent, LocalEngine, Plan, StackState, take_state
from trackstack_infra.local.operation.operation_lock import operation_lock
from trackstack_infra.local.provider import Clients
from trackstack_infra.local.supervisor.client import Supervisor
from trackstack_infra.local.supervisor.run_file import source_version
from trackstack_infra.settings.load import load_settings

FOUNDATION, PRAGMATIC, ENTERPRISE = "foundation", "pragmatic", "enterprise"
START_TIMEOUT_S = 60.0


class Progress(Protocol):
    """Where the story is told while it happens."""

    def step(self, doing: str) -> AbstractContextManager[None]: ...
    def say(self, text: str) -> None: ...
    def expect(self, stack: str, plan: Plan) -> None: ...
    def on_event(self, event: EngineEvent) -> None: ...


@dataclass(frozen=True)
class Tools:
    """What every step works with."""

    root: Path
    """The checkout: settings files, programs, the app."""
    home: Path
    """State directory of the local target."""
    port_base: int
    progress: Progress
    stop: threading.Event
    """Set by Ctrl-C: nothing new starts, what runs is finished and saved."""
    now: Callable[[], datetime]
    new_id: Callable[[], str]


@contextmanager
def changing(verb: str, stack: str, tools: Tools) -> Iterator[None]:
    """Nobody else changes the state directory meanwhile, and every state file in it can be read."""
    with operation_lock(tools.home, verb, stack, tools.now()):
        for name in PROGRAMS:
            take_state(tools.home, name, tools.now())
        yield


def start(stack: str, tools: Tools) -> tuple[Supervisor, LocalEngine]:
    """The local cloud, started where it does not run, and an engine that works in it."""
    supervisor = Supervisor.find(tools.home)
    if supervisor is None:
        region = load_settings(FOUNDATION, tools.root).region
        with tools.progress.step("starting the local cloud"), ThreadPoolExecutor(1) as pool:
            starting = pool.submit(Supervisor.start, tools.home, tools.port_base, START_TIMEOUT_S, "--region", region)
            PROGRAMS[stack]  # brings Pulumi in, which takes as long as the cloud takes to start
            supervisor = starting.result()
    elif supervisor.version != source_version(tools.root):
        tools.progress.say("The local cloud runs other code than this checkout: `trackstack local stop` renews it.")
    return supervisor, engine_of(supervisor, tools)


def engine_of(supervisor: Supervisor | None, tools: Tools) -> LocalEngine:
    """An engine; without a supervisor one that can only plan."""
    region = load_settings(FOUNDATION, tools.root).region
    endpoint, boot_id = (supervisor.endpoint, supervisor.boot_id) if supervisor else ("", "")
    return LocalEngine(tools.home, endpoint, boot_id, region=region, clock=tools.now)


def clients(supervisor: Supervisor, tools: Tools) -> Clients:
    """AWS clients of the local cloud."""
    return Clients(supervisor.endpoint, load_settings(FOUNDATION, tools.root).region)


def is_on(state: StackState | None, supervisor: Supervisor) -> bool:
    """Whether services of the stack run in this cloud."""
    return state is not None and state.boot_id == supervisor.boot_id and bool(state.outputs.get("services"))
