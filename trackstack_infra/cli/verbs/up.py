"""`trackstack up STACK`."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trackstack_infra.cli.context import home, open_session, settings_files
from trackstack_infra.cli.options import DebugOption, DryRunOption, JsonOption, SetOption, StackArgument
from trackstack_infra.cli.overrides import read_overrides
from trackstack_infra.cli.views import plan as plan_view
from trackstack_infra.cli.views.output import print_json, seconds, stdout, table
from trackstack_infra.cli.views.price_now import NEXT_LINE, price_of_running

if TYPE_CHECKING:
    from trackstack_infra.lifecycle import UpReport


PURPOSES = {
    "cloudfront": "website",
    "http-api": "API for clients",
    "alb": "services, from inside the VPC",
}


def up(
    stack: StackArgument,
    set_: SetOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Deploy STACK with power on and wait until it is healthy.

    Overrides (--set) stay in effect until the next `up`. `down` uses them, too.
    """
    from trackstack_infra import lifecycle
    from trackstack_infra.local.state_dir.overrides import Overrides

    files = settings_files()
    overrides = Overrides(read_overrides(stack, set_, files), tuple(set_ or ()))
    with open_session(stack, files, overrides) as session:
        if dry_run:
            plan_view.print_plan(lifecycle.rehearse(session), as_json=json)
            return
        report = lifecycle.bring_up(session)
    price = price_of_running(home(), files, stack, datetime.now(UTC).date())
    if json:
        print_json({**asdict(report), "aws_price": price.replace(NEXT_LINE, " ")})
    else:
        print_report(report, price)


def print_report(report: "UpReport", price: str) -> None:
    """Tell what runs, where it answers, how to get in, and how faithful that is."""
    out = stdout()
    changed = ", ".join(f"{count} {action}d" for action, count in report.changes.items() if action != "same" and count)
    out.print(
        f"\n[bold]{report.stack} is up[/] in {seconds(report.seconds)}: {changed or 'no changes'}"
        f" ({report.changes.get('same', 0)} unchanged)"
    )
    if report.services:
        grid = table("SERVICE", "STATE", "TASKS", "SINCE")
        for service in report.services:
            grid.add_row(
                service.service, service.state, f"{service.running}/{service.desired}", service.since[11:19] + "Z"
            )
        out.print(grid)
    if report.edges:
        out.print()
        grid = table("ENDPOINT", "LOCAL URL", "FOR")
        for edge in report.edges:
            grid.add_row(edge.kind, edge.url, PURPOSES.get(edge.kind, ""))
        out.print(grid)
    _print_data(report)
    if price:
        out.print(f"\nOn AWS: {price}.", markup=False, highlight=False)
    if report.services:
        _print_endpoints(report)
    out.print("\n[bold]Fidelity of the local target[/] (success here does not guarantee success on AWS)")
    grid = table("FEATURE", "FIDELITY", "PROVIDED BY")
    for row in report.fidelity:
        grid.add_row(row.kind, row.fidelity.value, row.by)
    out.print(grid)


def _print_data(report: "UpReport") -> None:
    out = stdout()
    if report.sample:
        out.print(f"\n[black on yellow] SAMPLE DATA [/] fictional, from backup {report.backup}.")
        out.print("To use your own data: ./trackstack up pragmatic, import, bridge backup,")
        out.print("then down enterprise and up enterprise.")
    elif report.backup:
        out.print(f"\nData: pragmatic's backup {report.backup}, a database per service.")
    if report.backup:
        out.print("The next bridge run discards changes made here. None reach pragmatic.")


def _print_endpoints(report: "UpReport") -> None:
    out = stdout()
    found = {edge.kind: edge.url for edge in report.edges}
    api = found.get("http-api") or found.get("cloudfront")
    out.print("\nTry it (a call without a token returns 401):", markup=False)
    out.print(f'  curl -H "Authorization: Bearer $(./trackstack token {report.stack})" \\', markup=False)
    out.print(f'    "{api}/api/v1/expenses/expenses?limit=2"', markup=False)
