"""`trackstack logs STACK [SERVICE]`."""

import json as json_text
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from trackstack_infra.cli.context import home, settings_files
from trackstack_infra.cli.interrupt import stop_on_interrupt
from trackstack_infra.cli.options import DebugOption, JsonOption, StackArgument
from trackstack_infra.cli.views.output import print_json, stdout
from trackstack_infra.names import FOUNDATION

if TYPE_CHECKING:
    from trackstack_infra.local.observe.log_lines import LogLine

FOLLOW_PAUSE_S = 1.0  # CloudWatch Logs is asked again each second: it has no push that works on AWS and here alike
COLOURS = ("cyan", "magenta", "green", "yellow", "blue")


def logs(
    stack: StackArgument,
    service: Annotated[
        str, typer.Argument(metavar="SERVICE", help="Service to show (default: all services of the stack).")
    ] = "",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep printing new lines until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="Number of lines to print.")] = 100,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Print the newest log lines of STACK.

    Reads CloudWatch Logs and prints the oldest line first. With --json and -f, prints one JSON object per line.
    """
    from trackstack_infra.local.observe.log_lines import LogReader

    reader = LogReader.of(stack, service, home(), settings_files().settings(FOUNDATION).region)
    if follow:
        with stop_on_interrupt() as stop:
            _print(reader.newest(lines), as_json=json)
            while not stop.wait(FOLLOW_PAUSE_S):
                _print(reader.since_last(), as_json=json)
    elif json:
        print_json([asdict(line) for line in reader.newest(lines)])
    else:
        _print(reader.newest(lines), as_json=False)


def _print(lines: "Sequence[LogLine]", *, as_json: bool) -> None:
    out = stdout()
    for line in lines:
        if as_json:
            print(json_text.dumps(asdict(line), ensure_ascii=False), flush=True)
            continue
        colour = COLOURS[sum(line.service.encode()) % len(COLOURS)]
        at = datetime.fromtimestamp(line.timestamp_ms / 1000, UTC).strftime("%H:%M:%S")
        out.print(f"[{colour}]{at} {line.service:<9}[/] ", end="")
        out.print(line.message, markup=False, soft_wrap=True)
