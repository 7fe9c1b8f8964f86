"""`trackstack status`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trackstack_infra.cli.context import home, settings_files
from trackstack_infra.cli.options import DebugOption, JsonOption
from trackstack_infra.cli.views.output import print_json, seconds, stdout, table
from trackstack_infra.cli.views.price_now import NEXT_LINE, price_of_running

if TYPE_CHECKING:
    from trackstack_infra.local.observe.status import StackStatus

COLOURS = {"on": "green", "off": "yellow", "stopped": "yellow", "absent": "dim"}


def status(json: JsonOption = False, debug: DebugOption = False) -> None:
    """Show power, health and endpoints of every stack."""
    from trackstack_infra.local.observe import status as views

    stacks = views.statuses(home())
    cloud = views.local_cloud(home())
    prices = _prices([each.stack for each in stacks if each.power == "on"])
    if json:
        shown = [
            {**asdict(stack), "aws_price": prices.get(stack.stack, "").replace(NEXT_LINE, " ")} for stack in stacks
        ]
        print_json({"local_cloud": cloud, "stacks": shown})
        return
    out = stdout()
    grid = table("STACK", "POWER", "HEALTH", "UPTIME", "ENDPOINTS")
    for stack in stacks:
        grid.add_row(
            stack.stack,
            f"[{COLOURS.get(stack.power, 'white')}]{stack.power}[/]",
            f"{stack.healthy}/{stack.desired}" if stack.desired else "–",
            _age(stack.since),
            "\n".join(f"{edge.kind:<10} {edge.url}" for edge in stack.edges) or "–",
        )
    out.print(grid)
    for stack in stacks:
        _print_trouble(stack)
    for name, price in prices.items():
        out.print(f"{name} on AWS: {price}", markup=False, highlight=False)
    if cloud:
        out.print(f"Local cloud: {cloud['endpoint']} (pid {cloud['pid']}). Stop it: ./trackstack local stop")
    elif all(stack.power == "absent" for stack in stacks):
        out.print("No stack is up. Start one: ./trackstack up STACK.")
    else:
        out.print("The local cloud is not running; data is kept. Start it: ./trackstack up STACK.")


def _prices(running: Sequence[str]) -> dict[str, str]:
    if not running:
        return {}  # without importing what reads settings
    today, files = datetime.now(UTC).date(), settings_files()
    return {stack: price_of_running(home(), files, stack, today) for stack in running}


def _print_trouble(stack: "StackStatus") -> None:
    out = stdout()
    if stack.interrupted:
        out.print(f"{stack.stack}: `up` was interrupted; complete it with ./trackstack up {stack.stack}", markup=False)
    if stack.overrides:
        out.print(
            f"{stack.stack}: --set {', '.join(stack.overrides)} (`up` without --set uses the settings file)",
            markup=False,
        )
    for service in stack.services:
        if service.state == "stub":
            out.print(f"{service.service}: stub, {service.reason}", markup=False)
        elif service.desired and service.state != "healthy":
            out.print(f"{service.service}: {service.state} {service.reason}".rstrip(), markup=False)


def _age(since: str) -> str:
    if not since:
        return "–"
    return seconds((datetime.now(UTC) - datetime.fromisoformat(since)).total_seconds())
