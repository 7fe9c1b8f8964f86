"""Results on stdout and messages on stderr: text for people, or one JSON document."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # rich is imported by the verb that prints, so that `--help` answers at once
    from rich.console import Console
    from rich.table import Table

NARROWEST_COLUMNS = 80  # a pipe has no width; 80 is what people paste into an issue


def stdout() -> "Console":
    """The console for results: plain text in a pipe, colours in a terminal unless NO_COLOR is set."""
    return _console(stderr=False)


def stderr() -> "Console":
    """The console for progress and messages."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> "Console":
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else NARROWEST_COLUMNS
    return Console(stderr=stderr, highlight=False, width=width, soft_wrap=not stream.isatty())


def print_json(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print the one JSON document of a verb that was called with `--json`."""
    print(json.dumps(document, indent=2, ensure_ascii=False, default=str))


def table(*headers: str) -> "Table":
    """A table in the house form: no frame, one space of air, headers in bold."""
    from rich.table import Table

    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for header in headers:
        grid.add_column(header, overflow="fold")
    return grid


def seconds(value: float) -> str:
    """A duration as people read it: `0.4 s`, `12 s`, `3 m 20 s`, `2 h 05 m`."""
    if value < 10:
        return f"{value:.1f} s"
    if value < 60:
        return f"{value:.0f} s"
    minutes, rest = divmod(int(value), 60)
    if minutes < 60:
        return f"{minutes} m {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} m"
