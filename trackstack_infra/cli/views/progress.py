"""Progress on stderr: one line a component when it is done, and what is being waited for while somebody watches."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trackstack_infra.cli.views.output import seconds
from trackstack_infra.cli.views.plan import OUTSIDE, component_of, summary

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

    from trackstack_infra.local.engine import EngineEvent, Plan


class ConsoleProgress:
    """Tells the story of a run. Quiet about what did not change; a terminal sees a spinner, a pipe sees lines."""

    def __init__(self, console: "Console") -> None:
        self._console = console
        self._status: Status | None = None
        self._expected: Counter[str] = Counter()
        self._done: Counter[str] = Counter()
        self._started: dict[str, float] = {}

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Show `doing` while the block runs; a line of its own only where it took longer than a second."""
        started = time.monotonic()
        if self._console.is_terminal:
            with self._console.status(doing) as self._status:
                yield
            self._status = None
        else:
            yield
        if time.monotonic() - started > 1:
            self._console.print(f"  {doing} … {seconds(time.monotonic() - started)}", markup=False)

    def say(self, text: str) -> None:
        """A line for people, such as what was found or decided."""
        self._console.print(text, markup=False)

    def expect(self, stack: str, plan: "Plan") -> None:
        """Tell the plan, and learn how many operations each component will have: its line comes with the last."""
        self.say(f"Plan for {stack}: {summary(plan)}")
        self._expected = Counter(component_of(change) for change in plan.actual)
        self._done = Counter()
        self._started = {}

    def on_event(self, event: "EngineEvent") -> None:
        """Follow one operation of the engine; what stays as it is is no news."""
        if event.action == "same":
            return
        component = event.component.name if event.component else OUTSIDE
        self._started.setdefault(component, time.monotonic())
        if event.status == "started":
            if self._status is not None:
                self._status.update(f"{event.action} {event.name}")
            return
        self._done[component] += 1
        if event.status == "failed":
            self._console.print(f"✖ {component}: {event.action} {event.name} failed", markup=False)
        elif self._done[component] == self._expected[component]:
            took = seconds(time.monotonic() - self._started[component])
            self._console.print(f"● {component:<18} {self._done[component]:>3} {event.action}d in {took}", markup=False)
