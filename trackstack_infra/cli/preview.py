"""`trackstack preview STACK`."""

from typing import Annotated

import typer

from trackstack_infra.cli.options import DebugOption, JsonOption, StackArgument
from trackstack_infra.cli.plan import print_plan
from trackstack_infra.cli.tools import tools
from trackstack_infra.errors import ChangesPending


def preview(
    stack: StackArgument,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit 3 when there are changes.")
    ] = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show what `up STACK` would change.

    A tree by component. Changes nothing and needs no account.
    """
    from trackstack_infra import lifecycle

    with tools() as at_hand:
        plan = lifecycle.preview(stack, at_hand)
    print_plan(plan, as_json=json)
    if detailed_exitcode and plan.actual:
        raise typer.Exit(ChangesPending.exit_code)
