"""`trackstack destroy STACK`."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from trackstack_infra.cli.context import home, open_session, settings_files
from trackstack_infra.cli.options import DebugOption, JsonOption, StackArgument
from trackstack_infra.cli.views.output import print_json, seconds, stdout
from trackstack_infra.cli.views.price_now import Leaving, leaving
from trackstack_infra.errors import UsageError

ConfirmOption = Annotated[
    str, typer.Option("--confirm", metavar="STACK", help="Give the stack's name here instead of at the prompt.")
]
DataLossOption = Annotated[bool, typer.Option("--accept-data-loss", help="Delete data even if no backup contains it.")]


def destroy(
    stack: StackArgument,
    confirm: ConfirmOption = "",
    accept_data_loss: DataLossOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Delete STACK and all its data.

    Asks for the stack's name to confirm, unless --confirm gives it.
    """
    from trackstack_infra import lifecycle
    from trackstack_infra.local.observe.status import statuses

    if not confirm and sys.stdin.isatty() and not json:
        confirm = typer.prompt(
            f"This deletes {stack} and all its data. Type the stack's name to confirm", err=True, default=""
        )
    if confirm != stack:
        raise UsageError(
            f"`destroy {stack}` was not confirmed", hint=f"run `trackstack destroy {stack} --confirm {stack}`"
        )
    since = next((each.since for each in statuses(home()) if each.stack == stack), "")
    files = settings_files()
    before = leaving(home(), files, stack, since)
    with open_session(stack, files) as session:
        result = lifecycle.destroy(session, accept_data_loss=accept_data_loss)
    record = before.record(datetime.now(UTC)) if isinstance(before, Leaving) else before
    if json:
        print_json({"stack": stack, "changes": result.counts, "seconds": result.seconds, "aws_price": str(record)})
        return
    stdout().print(
        f"[bold]{stack} is destroyed[/] in {seconds(result.seconds)}: {result.count('delete')} resources deleted."
    )
    if record:
        stdout().print(f"On AWS: {record}.", markup=False, highlight=False)
        stdout().print("Run history: ./trackstack cost-report --history.", markup=False)
