"""The steps of a command, as people see them go by."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from trackstack_infra import lifecycle
from trackstack_infra.local.engine import EngineEvent, Plan
from trackstack_infra.session import Session
from trackstack_infra.settings.load import SettingsFiles
from trackstack_infra.stack import STACKS

CHECKOUT = Path(__file__).resolve().parents[2]


class Steps:
    """Writes down which steps there were, and inside of which others."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, ...]] = []
        self._open: tuple[str, ...] = ()

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        before, self._open = self._open, (*self._open, doing)
        self.seen.append(self._open)
        try:
            yield
        finally:
            self._open = before

    def say(self, text: str) -> None: ...
    def expect(self, stack: str, plan: Plan) -> None: ...
    def on_event(self, event: EngineEvent) -> None: ...


def test_the_local_cloud_starts_in_a_step_of_its_own(tmp_path: Path) -> None:
    """A terminal has one spinner at a time, and the seconds of a step are its own."""
    steps = Steps()
    session = Session(
        stack=STACKS["foundation"],
        files=SettingsFiles(CHECKOUT),
        home=tmp_path,
        port_base=28600,
        progress=steps,
        stop=threading.Event(),
        now=lambda: datetime.now(UTC),
        new_id=lambda: "request",
    )
    try:
        lifecycle.bring_up(session)
    finally:
        session.cloud.stop()
    assert steps.seen == [("starting the local cloud",), ("planning foundation",), ("deploying foundation",)]
