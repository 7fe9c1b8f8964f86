"""The context of a command: its folders, and the session it works in."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trackstack_infra.errors import UsageError

if TYPE_CHECKING:
    from trackstack_infra.local.state_dir.overrides import Overrides
    from trackstack_infra.session import Session
    from trackstack_infra.settings.load import SettingsFiles

ROOT = Path(__file__).resolve().parents[2]
PORT_BASE = 8600


def home() -> Path:
    """State directory of the local target: TRACKSTACK_HOME, else .trackstack in the checkout."""
    return Path(os.environ.get("TRACKSTACK_HOME") or ROOT / ".trackstack").resolve() / "local"


def port_base() -> int:
    """First port to try: TRACKSTACK_PORT_BASE, else 8600; raises UsageError when it is no port."""
    text = os.environ.get("TRACKSTACK_PORT_BASE") or str(PORT_BASE)
    if not text.isdecimal() or not 1024 <= int(text) <= 65000:
        raise UsageError(
            f"TRACKSTACK_PORT_BASE is {text!r}, not a port from 1024 to 65000",
            hint=f"unset it to use the default, {PORT_BASE}",
        )
    return int(text)


def settings_files() -> "SettingsFiles":
    """The checkout's settings files, for one command: each is read once in it."""
    from trackstack_infra.settings.load import SettingsFiles

    return SettingsFiles(ROOT)


@contextmanager
def open_session(
    stack: str, files: "SettingsFiles | None" = None, overrides: "Overrides | None" = None
) -> Iterator["Session"]:
    """The session of one command on STACK; Ctrl-C is handled as long as the block runs."""
    from trackstack_infra.cli.interrupt import stop_on_interrupt
    from trackstack_infra.cli.views.output import stderr
    from trackstack_infra.cli.views.progress import ConsoleProgress
    from trackstack_infra.local.state_dir.overrides import NO_OVERRIDES
    from trackstack_infra.session import Session
    from trackstack_infra.stack import STACKS

    with stop_on_interrupt() as stop:
        yield Session(
            stack=STACKS[stack],
            files=files or settings_files(),
            home=home(),
            port_base=port_base(),
            progress=ConsoleProgress(stderr()),
            stop=stop,
            now=lambda: datetime.now(UTC),
            new_id=lambda: str(uuid.uuid4()),
            overrides=overrides or NO_OVERRIDES,
        )
